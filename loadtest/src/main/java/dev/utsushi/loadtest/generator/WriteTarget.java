package dev.utsushi.loadtest.generator;

import dev.utsushi.loadtest.traffic.PlannedWrite;

/** What is written to. Used by many threads, but for an item by one at a time, in order. */
@FunctionalInterface
public interface WriteTarget {

  /**
   * Writes, and returns when the write is acknowledged.
   *
   * @throws RuntimeException if it is not
   */
  void write(PlannedWrite write);
}
