/**
 * Judges a run: {@link dev.utsushi.faults.checker.Checker} reads the history and the {@link
 * dev.utsushi.faults.checker.FinalState} and reports every {@link
 * dev.utsushi.faults.checker.Violation}. It shares no code with the function, and it is tested with
 * histories that contain each violation.
 */
@NullMarked
package dev.utsushi.faults.checker;

import org.jspecify.annotations.NullMarked;
