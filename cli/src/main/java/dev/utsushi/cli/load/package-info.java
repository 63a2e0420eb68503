/** Prints the progress and the results of load tests. */
@NullMarked
package dev.utsushi.cli.load;

import org.jspecify.annotations.NullMarked;
