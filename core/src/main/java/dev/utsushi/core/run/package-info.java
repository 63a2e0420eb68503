/**
 * Runs over a whole table, and the DynamoDB table that keeps their progress: started and watched by
 * operators, carried out by the functions that the queue of segments invokes.
 */
@NullMarked
package dev.utsushi.core.run;

import org.jspecify.annotations.NullMarked;
