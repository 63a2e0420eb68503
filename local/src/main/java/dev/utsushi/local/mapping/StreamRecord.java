package dev.utsushi.local.mapping;

import java.nio.charset.StandardCharsets;
import java.time.Instant;

/**
 * One record of the stream, ready to be sent.
 *
 * @param arrival its approximate creation time
 * @param itemHash the same for all changes of an item
 * @param json the record as a Lambda event holds it
 * @param bytes the size of the JSON in UTF-8
 */
record StreamRecord(String sequenceNumber, Instant arrival, int itemHash, String json, int bytes) {

  StreamRecord(String sequenceNumber, Instant arrival, int itemHash, String json) {
    this(sequenceNumber, arrival, itemHash, json, json.getBytes(StandardCharsets.UTF_8).length);
  }

  SequenceNumber number() {
    return new SequenceNumber(sequenceNumber);
  }

  /** The lane that all changes of this record's item go down. */
  int laneOf(int parallelizationFactor) {
    // Multiplied by the golden ratio, since hashes of like keys differ in few bits.
    return Math.floorMod((itemHash * 0x9E3779B9) >>> 8, parallelizationFactor);
  }
}
