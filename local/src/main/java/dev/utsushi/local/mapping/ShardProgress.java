package dev.utsushi.local.mapping;

import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Which records of a shard are settled. Lanes settle independently of each other, so each has a
 * mark of its own; a mark may only pass a record of its lane that is settled.
 */
final class ShardProgress {

  /** A record that is read, and the place before it. */
  private static final class Entry {
    private final SequenceNumber before;
    private final int bytes;
    private boolean settled;

    private Entry(SequenceNumber before, int bytes) {
      this.before = before;
      this.bytes = bytes;
    }
  }

  /** One lane's records in the order of the shard, the settled ones dropped from its head. */
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
      // A lane that was ahead before a restart stays so while the shard is read again.
      return Collections.max(List.of(start, head == null ? lastRead : head.before));
    }
  }

  private final Map<String, Entry> open = new HashMap<>();
  private final List<LaneEntries> lanes;
  private SequenceNumber lastRead;
  private long openBytes;

  ShardProgress(Checkpoint.After start, int lanes) {
    lastRead = new SequenceNumber(start.sequenceNumber());
    var marks = LaneMarks.of(start);
    this.lanes =
        IntStream.range(0, lanes)
            .mapToObj(lane -> new LaneEntries(marks.start(lane, lanes)))
            .toList();
  }

  /** A record was read and waits for its lane; called in the order of the shard. */
  synchronized void read(StreamRecord record) {
    var entry = new Entry(lastRead, record.bytes());
    lanes.get(record.laneOf(lanes.size())).entries.addLast(entry);
    open.put(record.sequenceNumber(), entry);
    openBytes += record.bytes();
    lastRead = record.number();
  }

  /** A record was read that nothing has to be done with; called in the order of the shard. */
  synchronized void passOver(StreamRecord record) {
    lastRead = record.number();
  }

  synchronized void settle(List<StreamRecord> records) {
    for (StreamRecord each : records) {
      @Nullable Entry entry = open.remove(each.sequenceNumber());
      if (entry == null) {
        throw new IllegalStateException("Settled twice or never read: " + each.sequenceNumber());
      }
      entry.settled = true;
      openBytes -= entry.bytes;
    }
  }

  synchronized Checkpoint.After checkpoint() {
    List<SequenceNumber> marks = lanes.stream().map(lane -> lane.mark(lastRead)).toList();
    return new Checkpoint.After(
        Collections.min(marks).digits(), marks.stream().map(SequenceNumber::digits).toList());
  }

  /** How many records are read and not settled. */
  synchronized int openRecords() {
    return open.size();
  }

  /** The size of the records that are read and not settled, as JSON. */
  synchronized long openBytes() {
    return openBytes;
  }
}
