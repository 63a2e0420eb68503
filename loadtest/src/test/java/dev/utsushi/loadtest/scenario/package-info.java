@NullMarked
package dev.utsushi.loadtest.scenario;

import org.jspecify.annotations.NullMarked;
