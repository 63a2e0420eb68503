package dev.utsushi.core.record;

import dev.utsushi.core.change.Value;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One change of a table as a stream recorded it, whoever delivered it. A component is null where
 * the record lacks it.
 *
 * @param streamArn the stream of the table, or the Kinesis stream that the table's changes go to
 * @param tableName the table; null from DynamoDB Streams, whose ARN names it
 * @param sequenceNumber the record's place in its shard; from DynamoDB Streams also the order of
 *     the table's changes
 * @param changedAt when the table was written: in whole seconds from DynamoDB Streams, in
 *     microseconds from Kinesis
 * @param problem why the record cannot be read; null in the usual case
 * @param oldImage the item before the change; read only where it matters
 */
public record StreamRecord(
    @Nullable String eventId,
    @Nullable String eventName,
    @Nullable String eventVersion,
    @Nullable String region,
    @Nullable String streamArn,
    @Nullable String tableName,
    @Nullable Identity identity,
    @Nullable String sequenceNumber,
    @Nullable Instant changedAt,
    @Nullable Map<String, Value> keys,
    @Nullable Map<String, Value> newImage,
    @Nullable Long sizeBytes,
    @Nullable String viewType,
    @Nullable String problem,
    @Nullable Map<String, Value> oldImage) {
  /** The problem of a record that comes from another kind of stream. */
  public static final String NO_CHANGE = "The record has no 'dynamodb' part.";

  /** The problem of a record with a value that {@link Value} cannot hold. */
  public static final String UNKNOWN_TYPE = "A value has none of DynamoDB's data types.";

  /**
   * The problem of a record of Kinesis with another precision: two changes of an item in one
   * millisecond would have no order.
   */
  public static final String COARSE_TIME =
      "The record's time is not in microseconds: set the precision of the table's Kinesis"
          + " streaming destination to MICROSECOND.";

  /** Returns this record with other images of the item. */
  public StreamRecord with(@Nullable Map<String, Value> newer, @Nullable Map<String, Value> older) {
    return new StreamRecord(
        eventId,
        eventName,
        eventVersion,
        region,
        streamArn,
        tableName,
        identity,
        sequenceNumber,
        changedAt,
        keys,
        newer,
        sizeBytes,
        viewType,
        problem,
        older);
  }

  /** The service that made a change, if no user did. */
  public record Identity(@Nullable String type, @Nullable String principalId) {}

  /** Returns the record of an insertion of this item, of which no stream knows. */
  public static StreamRecord insertion(Map<String, Value> keys, Map<String, Value> item) {
    return new StreamRecord(
        null, "INSERT", null, null, null, null, null, null, null, keys, item, null, null, null,
        null);
  }

  /**
   * Returns a record of which only this much is known.
   *
   * @param problem why the rest cannot be read; holds no item content
   */
  public static StreamRecord unreadable(
      @Nullable String streamArn,
      @Nullable String sequenceNumber,
      @Nullable Map<String, Value> keys,
      String problem) {
    return new StreamRecord(
        null,
        null,
        null,
        null,
        streamArn,
        null,
        null,
        sequenceNumber,
        null,
        keys,
        null,
        null,
        null,
        problem,
        null);
  }
}
