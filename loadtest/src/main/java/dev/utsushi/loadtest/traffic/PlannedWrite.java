package dev.utsushi.loadtest.traffic;

/**
 * A write of a load test.
 *
 * @param number its position in the plan, from 0
 * @param scheduledNanos when it is due, from the start of the run
 * @param item the number of the item it goes to
 * @param bytes the least size of the item; 0 for no padding
 */
public record PlannedWrite(
    int number, long scheduledNanos, int item, Operation operation, int bytes) {

  /** What a write does to its item. */
  public enum Operation {
    /** Creates the item, or replaces all of it. */
    INSERT,
    UPDATE,
    DELETE
  }
}
