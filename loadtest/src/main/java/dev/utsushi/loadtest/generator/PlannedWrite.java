package dev.utsushi.loadtest.generator;

/**
 * One write that is to be.
 *
 * @param number its place in the plan, from 0 on
 * @param scheduledNanos when it is due, from the start of the run
 * @param item the number of the item it goes to
 * @param bytes the least size of the item; 0 for as it comes
 */
public record PlannedWrite(
    int number, long scheduledNanos, int item, Operation operation, int bytes) {}
