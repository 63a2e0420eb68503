package dev.utsushi.cli.chaos;

import java.util.Map;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.OperationType;
import software.amazon.awssdk.services.dynamodb.model.Record;

/**
 * A record of the stream, read by an independent reader: what really happened to the table.
 *
 * @param version its place in the item's history, as the README defines it
 * @param image the item after the change; empty after a removal
 */
record Change(
    String streamArn,
    String shardId,
    String sequenceNumber,
    String version,
    ItemName item,
    boolean removal,
    Map<String, AttributeValue> image) {

  static Change of(String streamArn, String shardId, Record record) {
    String sequenceNumber = record.dynamodb().sequenceNumber();
    boolean removal = record.eventName() == OperationType.REMOVE;
    return new Change(
        streamArn,
        shardId,
        sequenceNumber,
        version(streamArn, sequenceNumber),
        ItemName.of(record.dynamodb().keys()),
        removal,
        removal ? Map.of() : record.dynamodb().newImage());
  }

  /** {@code <stream label>/<sequence number, padded to 40 digits>}. */
  static String version(String streamArn, String sequenceNumber) {
    String label = streamArn.substring(streamArn.lastIndexOf('/') + 1);
    return label + "/" + padded(sequenceNumber);
  }

  static String padded(String sequenceNumber) {
    return "0".repeat(Math.max(0, 40 - sequenceNumber.length())) + sequenceNumber;
  }

  /** Whether no engine of this run takes it. */
  boolean poison() {
    return image.containsKey(ChaosTable.POISON);
  }

  String line() {
    return (removal ? "removal " : poison() ? "poison " : "item ") + version;
  }
}
