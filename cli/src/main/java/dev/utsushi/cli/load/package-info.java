/** Prints load tests: their progress, their figures, and several of them beside each other. */
@NullMarked
package dev.utsushi.cli.load;

import org.jspecify.annotations.NullMarked;
