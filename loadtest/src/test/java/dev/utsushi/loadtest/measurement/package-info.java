@NullMarked
package dev.utsushi.loadtest.measurement;

import org.jspecify.annotations.NullMarked;
