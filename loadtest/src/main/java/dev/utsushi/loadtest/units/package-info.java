/** Durations: as people write them, and many of them counted. */
@NullMarked
package dev.utsushi.loadtest.units;

import org.jspecify.annotations.NullMarked;
