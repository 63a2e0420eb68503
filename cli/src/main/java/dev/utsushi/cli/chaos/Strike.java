package dev.utsushi.cli.chaos;

import java.time.Duration;

/**
 * One fault that is to come.
 *
 * @param at not before, counted from the storm's start; later if the one before it takes longer
 * @param length how long it lasts, where it lasts
 * @param seed for what else is to be decided about it
 */
record Strike(FaultKind kind, Duration at, Duration length, long seed) {}
