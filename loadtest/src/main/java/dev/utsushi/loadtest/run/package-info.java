/**
 * Runs load tests: sends the planned writes to a {@link dev.utsushi.loadtest.run.LoadTarget},
 * observes what becomes of them, and compares table and index in the end.
 *
 * <p>{@code EmbeddedTarget} is a pipeline on this machine, {@code StackTarget} a deployed one.
 */
@NullMarked
package dev.utsushi.loadtest.run;

import org.jspecify.annotations.NullMarked;
