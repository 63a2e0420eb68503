/**
 * Which setting is the cheapest that is quick enough: the same traffic through every setting of a
 * grid, and the four published runs.
 */
@NullMarked
package dev.utsushi.loadtest.plan;

import org.jspecify.annotations.NullMarked;
