package dev.utsushi.loadtest.simulation;

import java.util.Arrays;

/**
 * A lane: the writes that wait, in order, of which the first {@link #inFlight} are the current
 * batch.
 */
final class SimulatedLane {
  final int shard;
  int inFlight;
  int retries;
  int throttles;

  /** When the lane took its current batch, in nanoseconds. */
  long takenAt;

  /** The end of the window that is scheduled, in nanoseconds. */
  long windowEnd = -1;

  private int[] writes = new int[16];
  private int head;
  private int size;

  SimulatedLane(int shard) {
    this.shard = shard;
  }

  void add(int write) {
    if (size == writes.length) {
      grow();
    }
    writes[(head + size) & (writes.length - 1)] = write;
    size++;
  }

  private void grow() {
    int[] larger = Arrays.copyOf(writes, size * 2);
    // The part that had wrapped around to the front moves behind the rest.
    System.arraycopy(writes, 0, larger, size, head);
    writes = larger;
  }

  int first() {
    return writes[head];
  }

  int remove() {
    int write = writes[head];
    head = (head + 1) & (writes.length - 1);
    size--;
    return write;
  }

  /** Returns the number of writes that are not processed, those in flight included. */
  int size() {
    return size;
  }
}
