@NullMarked
package dev.utsushi.loadtest.simulation;

import org.jspecify.annotations.NullMarked;
