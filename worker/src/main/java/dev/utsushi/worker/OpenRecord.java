package dev.utsushi.worker;

import dev.utsushi.core.change.Value;
import dev.utsushi.core.record.StreamRecord;
import java.time.Instant;
import java.util.Map;

/** A record of a shard from its delivery until nothing is left to do for it. */
final class OpenRecord {
  private final StreamRecord streamRecord;
  private final String sequenceNumber;
  private final Instant arrivedAt;
  private final long bytes;
  private boolean settled;

  /**
   * @param arrivedAt when the stream got it
   * @param bytes about what it takes in memory
   */
  OpenRecord(StreamRecord streamRecord, String sequenceNumber, Instant arrivedAt, long bytes) {
    this.streamRecord = streamRecord;
    this.sequenceNumber = sequenceNumber;
    this.arrivedAt = arrivedAt;
    this.bytes = bytes;
  }

  StreamRecord streamRecord() {
    return streamRecord;
  }

  String sequenceNumber() {
    return sequenceNumber;
  }

  Instant arrivedAt() {
    return arrivedAt;
  }

  long bytes() {
    return bytes;
  }

  /** Returns the same lane for every change of an item, so that they stay in order. */
  int laneOf(int lanes) {
    Map<String, Value> keys = streamRecord.keys();
    return Math.floorMod(keys == null ? sequenceNumber.hashCode() : keys.hashCode(), lanes);
  }

  /** Only {@link OpenRecords} calls this. */
  void settle() {
    settled = true;
  }

  boolean isSettled() {
    return settled;
  }
}
