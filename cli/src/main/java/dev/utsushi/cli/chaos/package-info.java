/**
 * A seeded storm against the whole pipeline, and a verdict on what is left.
 *
 * <pre>
 * seed -> Storm (faults and their times) ---------------+
 *      -> Workload (writes) -> table -> stream -> mapping -> Deliveries -> function
 *                                                    -> fault proxy -> engine
 * Journal: what happened to each item;  Accounts, EngineWrites, StreamTruth: what must add up
 *      -> Evidence (all at rest) -> Verdict (table == index, closed accounts) -> report
 * </pre>
 */
@NullMarked
package dev.utsushi.cli.chaos;

import org.jspecify.annotations.NullMarked;
