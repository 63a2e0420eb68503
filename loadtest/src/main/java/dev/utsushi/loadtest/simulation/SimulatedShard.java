package dev.utsushi.loadtest.simulation;

/** A shard: its writes in order, those before {@link #next} polled. */
final class SimulatedShard {
  private final int[] writes;
  int next;

  /** Polled, and neither indexed nor given up. */
  int unsettled;

  SimulatedShard(int[] writes) {
    this.writes = writes;
  }

  boolean isReadUp() {
    return next == writes.length;
  }

  int peek() {
    return writes[next];
  }
}
