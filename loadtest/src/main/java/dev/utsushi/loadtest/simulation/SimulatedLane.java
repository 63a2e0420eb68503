package dev.utsushi.loadtest.simulation;

import java.util.Arrays;

/**
 * One of a shard's concurrent batches: the writes that wait, in order, of which the first {@link
 * #inFlight} are being taken to their end.
 */
final class SimulatedLane {
  final int shard;
  int inFlight;
  int retries;
  int throttles;

  /** When the lane took the batch that it is at, in nanoseconds. */
  long takenAt;

  /** The end of a window that an event is waiting for, in nanoseconds. */
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
    // What had wrapped around to the front goes behind what had not.
    System.arraycopy(writes, 0, larger, size, head);
    writes = larger;
  }

  /** The oldest write that is not settled. */
  int first() {
    return writes[head];
  }

  int remove() {
    int write = writes[head];
    head = (head + 1) & (writes.length - 1);
    size--;
    return write;
  }

  /** How many writes are not settled, those in flight included. */
  int size() {
    return size;
  }
}
