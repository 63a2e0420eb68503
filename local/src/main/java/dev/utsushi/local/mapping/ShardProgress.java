package dev.utsushi.local.mapping;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Which records of a shard are settled. Lanes settle out of order; the checkpoint may only pass a
 * record when all before it are settled too.
 */
final class ShardProgress {

  private static final class Entry {
    private final String sequenceNumber;
    private boolean settled;

    private Entry(String sequenceNumber) {
      this.sequenceNumber = sequenceNumber;
    }
  }

  private final Deque<Entry> unsettled = new ArrayDeque<>();
  private final Map<String, Entry> bySequenceNumber = new HashMap<>();

  /** A record was read; called in the order of the shard. */
  synchronized void read(String sequenceNumber) {
    var entry = new Entry(sequenceNumber);
    unsettled.addLast(entry);
    bySequenceNumber.put(sequenceNumber, entry);
  }

  /** Gives the sequence number that the checkpoint moves to, if it moves. */
  synchronized Optional<String> settle(List<StreamRecord> records) {
    for (StreamRecord each : records) {
      Entry entry = bySequenceNumber.remove(each.sequenceNumber());
      if (entry == null) {
        throw new IllegalStateException("Settled twice or never read: " + each.sequenceNumber());
      }
      entry.settled = true;
    }
    Optional<String> checkpoint = Optional.empty();
    for (Entry head = unsettled.peekFirst();
        head != null && head.settled;
        head = unsettled.peekFirst()) {
      checkpoint = Optional.of(head.sequenceNumber);
      unsettled.removeFirst();
    }
    return checkpoint;
  }

  /** How many records are read and not settled. */
  synchronized int open() {
    return bySequenceNumber.size();
  }
}
