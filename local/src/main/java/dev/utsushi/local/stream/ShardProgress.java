package dev.utsushi.local.stream;

import java.util.Collections;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Tracks which records of a shard are settled. Lanes settle independently of each other, so each
 * has its own mark; a mark only passes records of its lane that are settled.
 */
public final class ShardProgress {

  /**
   * The records of a lane that were read and are not settled.
   *
   * @param start the mark of the lane that the last checkpoint had
   * @param open the place before each record
   */
  private record LaneProgress(
      SequenceNumber start, NavigableMap<SequenceNumber, SequenceNumber> open) {

    SequenceNumber mark(SequenceNumber lastRead) {
      // A lane that was ahead before a restart stays ahead while the shard is read again.
      return Collections.max(
          List.of(start, open.isEmpty() ? lastRead : open.firstEntry().getValue()));
    }
  }

  private final List<LaneProgress> lanes;
  private SequenceNumber lastRead;
  private long openBytes;

  public ShardProgress(Checkpoint.After start, int lanes) {
    lastRead = start.number();
    this.lanes =
        IntStream.range(0, lanes)
            .mapToObj(lane -> new LaneProgress(start.start(lane, lanes), new TreeMap<>()))
            .toList();
  }

  private LaneProgress laneOf(PolledRecord record) {
    return lanes.get(record.laneOf(lanes.size()));
  }

  /** Notes a record that waits for its lane; called in the order of the shard. */
  public synchronized void read(PolledRecord record) {
    laneOf(record).open().put(record.number(), lastRead);
    openBytes += record.bytes();
    lastRead = record.number();
  }

  /** Notes a record that needs no processing; called in the order of the shard. */
  public synchronized void passOver(PolledRecord record) {
    lastRead = record.number();
  }

  public synchronized void settle(List<PolledRecord> records) {
    for (PolledRecord each : records) {
      @Nullable SequenceNumber before = laneOf(each).open().remove(each.number());
      if (before == null) {
        throw new IllegalStateException("Settled twice or never read: " + each.sequenceNumber());
      }
      openBytes -= each.bytes();
    }
  }

  public synchronized Checkpoint.After checkpoint() {
    List<SequenceNumber> marks = lanes.stream().map(lane -> lane.mark(lastRead)).toList();
    return new Checkpoint.After(Collections.min(marks), marks);
  }

  /** Returns the number of records that were read and are not settled. */
  public synchronized int openRecords() {
    return lanes.stream().mapToInt(lane -> lane.open().size()).sum();
  }

  /** Returns the size of these records as JSON. */
  public synchronized long openBytes() {
    return openBytes;
  }
}
