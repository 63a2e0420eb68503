package dev.utsushi.local.stream;

import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Tracks which records of a shard are settled. Lanes settle independently of each other, so each
 * has its own mark; a mark only passes records of its lane that are settled.
 */
public final class ShardProgress {

  /** A record that was read, and the place before it. */
  private static final class Entry {
    private final SequenceNumber before;
    private final int bytes;
    private boolean settled;

    private Entry(SequenceNumber before, int bytes) {
      this.before = before;
      this.bytes = bytes;
    }
  }

  /** One lane's records in the order of the shard; settled ones are dropped from its head. */
  private static final class LaneEntries {
    private final Deque<Entry> entries = new ArrayDeque<>();
    private final SequenceNumber start;

    private LaneEntries(SequenceNumber start) {
      this.start = start;
    }

    private SequenceNumber mark(SequenceNumber lastRead) {
      Entry head = entries.peekFirst();
      while (head != null && head.settled) {
        entries.removeFirst();
        head = entries.peekFirst();
      }
      // A lane that was ahead before a restart stays ahead while the shard is read again.
      return Collections.max(List.of(start, head == null ? lastRead : head.before));
    }
  }

  private final Map<String, Entry> open = new HashMap<>();
  private final List<LaneEntries> lanes;
  private SequenceNumber lastRead;
  private long openBytes;

  public ShardProgress(Checkpoint.After start, int lanes) {
    lastRead = start.number();
    this.lanes =
        IntStream.range(0, lanes)
            .mapToObj(lane -> new LaneEntries(start.start(lane, lanes)))
            .toList();
  }

  /** Notes a record that waits for its lane; called in the order of the shard. */
  public synchronized void read(PolledRecord record) {
    var entry = new Entry(lastRead, record.bytes());
    lanes.get(record.laneOf(lanes.size())).entries.addLast(entry);
    open.put(record.sequenceNumber(), entry);
    openBytes += record.bytes();
    lastRead = record.number();
  }

  /** Notes a record that needs no processing; called in the order of the shard. */
  public synchronized void passOver(PolledRecord record) {
    lastRead = record.number();
  }

  public synchronized void settle(List<PolledRecord> records) {
    for (PolledRecord each : records) {
      @Nullable Entry entry = open.remove(each.sequenceNumber());
      if (entry == null) {
        throw new IllegalStateException("Settled twice or never read: " + each.sequenceNumber());
      }
      entry.settled = true;
      openBytes -= entry.bytes;
    }
  }

  public synchronized Checkpoint.After checkpoint() {
    List<SequenceNumber> marks = lanes.stream().map(lane -> lane.mark(lastRead)).toList();
    return new Checkpoint.After(Collections.min(marks), marks);
  }

  /** Returns the number of records that were read and are not settled. */
  public synchronized int openRecords() {
    return open.size();
  }

  /** Returns the size of these records as JSON. */
  public synchronized long openBytes() {
    return openBytes;
  }
}
