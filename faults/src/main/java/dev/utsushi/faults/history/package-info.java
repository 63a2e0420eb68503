/**
 * What was observed during a run.
 *
 * <p>Five observers watch the pipeline where they can see it without trusting it: the proxy before
 * the engine, the deliveries to the function, the failure queue, and the table's streams. They
 * append {@link dev.utsushi.faults.history.Operation}s to one {@link
 * dev.utsushi.faults.history.History}, and judge nothing.
 */
@NullMarked
package dev.utsushi.faults.history;

import org.jspecify.annotations.NullMarked;
