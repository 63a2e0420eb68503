/**
 * Injects faults into the embedded pipeline while it works, and checks that the index still equals
 * the table.
 *
 * <pre>
 * seed -> ChaosWorkload -> table -> stream -> mapping -> FaultPoints -> function -> FaultPoints -> engine
 *      -> FaultSchedule -> Nemesis injects           observers append to one History
 * History and FinalState -> Checker -> Violations -> ChaosReport
 * </pre>
 */
@NullMarked
package dev.utsushi.faults;

import org.jspecify.annotations.NullMarked;
