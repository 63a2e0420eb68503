/** How durations and choices are written by people, on a command line or in a file. */
@NullMarked
package dev.utsushi.loadtest.units;

import org.jspecify.annotations.NullMarked;
