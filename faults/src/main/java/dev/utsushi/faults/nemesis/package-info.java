/**
 * Injects faults: a seeded {@link dev.utsushi.faults.nemesis.FaultSchedule} says which {@link
 * dev.utsushi.faults.nemesis.Fault} comes when, the {@link dev.utsushi.faults.nemesis.Nemesis}
 * injects it, directly or at one of the {@link dev.utsushi.faults.nemesis.FaultPoints} between the
 * parts of the pipeline.
 */
@NullMarked
package dev.utsushi.faults.nemesis;

import org.jspecify.annotations.NullMarked;
