package dev.utsushi.loadtest.simulation;

/** A shard: its writes in order, those before {@link #next} polled. */
final class SimulatedShard {
  private final int[] writes;
  int next;

  /** The number of writes that are polled and not yet processed. */
  int unprocessed;

  SimulatedShard(int[] writes) {
    this.writes = writes;
  }

  boolean isAtEnd() {
    return next == writes.length;
  }

  int peek() {
    return writes[next];
  }
}
