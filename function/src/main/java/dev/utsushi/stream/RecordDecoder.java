package dev.utsushi.stream;

import com.amazonaws.services.lambda.runtime.events.DynamodbEvent.DynamodbStreamRecord;
import com.amazonaws.services.lambda.runtime.events.models.dynamodb.AttributeValue;
import com.amazonaws.services.lambda.runtime.events.models.dynamodb.Identity;
import com.amazonaws.services.lambda.runtime.events.models.dynamodb.StreamRecord;
import dev.utsushi.core.change.Change;
import dev.utsushi.core.change.ItemKey;
import dev.utsushi.core.change.Value;
import dev.utsushi.core.change.Version;
import dev.utsushi.core.record.KeySchema;
import dev.utsushi.core.record.TtlDeletes;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads stream records. What it can't read it says, with what to change; it never guesses. */
public final class RecordDecoder {
  private static final String TTL_PRINCIPAL = "dynamodb.amazonaws.com";

  private final KeySchema keySchema;
  private final TtlDeletes ttlDeletes;

  /** A decoder for the stream of the table with these keys. */
  public RecordDecoder(KeySchema keySchema, TtlDeletes ttlDeletes) {
    this.keySchema = keySchema;
    this.ttlDeletes = ttlDeletes;
  }

  /** Reads one record. */
  public Decoded decode(DynamodbStreamRecord streamRecord) {
    try {
      return decodeKnown(streamRecord);
    } catch (IllegalArgumentException e) {
      return new Decoded.Unreadable(String.valueOf(e.getMessage()));
    }
  }

  /** Reads one record from the JSON that Lambda's event has it in. */
  public Decoded decode(String json) {
    return decode(RecordReader.read(json));
  }

  private Decoded decodeKnown(DynamodbStreamRecord streamRecord) {
    StreamRecord change = require(streamRecord.getDynamodb(), "The record has no 'dynamodb' part.");
    Version version = version(streamRecord, change);
    ItemKey key = key(change);
    Instant changedAt = changedAt(change);
    String eventName = require(streamRecord.getEventName(), "The record has no event name.");
    return switch (eventName) {
      case "INSERT", "MODIFY" ->
          new Decoded.Changed(new Change.Upsert(key, version, changedAt, item(change)));
      case "REMOVE" ->
          ttlDeletes == TtlDeletes.KEEP && isExpiry(streamRecord.getUserIdentity())
              ? new Decoded.ExpiryKept()
              : new Decoded.Changed(new Change.Removal(key, version, changedAt));
      default ->
          throw new IllegalArgumentException(
              "Unknown event name (known are INSERT, MODIFY, REMOVE): update Utsushi.");
    };
  }

  private static Version version(DynamodbStreamRecord streamRecord, StreamRecord change) {
    String arn = require(streamRecord.getEventSourceARN(), "The record has no event source ARN.");
    int label = arn.lastIndexOf("/stream/");
    if (label < 0) {
      throw new IllegalArgumentException(
          "The event source is not a DynamoDB stream: map this function to a table's stream.");
    }
    String sequenceNumber =
        require(change.getSequenceNumber(), "The record has no sequence number.");
    return Version.of(arn.substring(label + "/stream/".length()), sequenceNumber);
  }

  private ItemKey key(StreamRecord change) {
    Map<String, AttributeValue> keys =
        require(change.getKeys(), "The record has no Keys: is this a DynamoDB stream?");
    String sortKey = keySchema.sortKey();
    return new ItemKey(
        keyValue(keys, keySchema.partitionKey()), sortKey == null ? null : keyValue(keys, sortKey));
  }

  private static Value keyValue(Map<String, AttributeValue> keys, String name) {
    AttributeValue value =
        require(
            keys.get(name),
            "The record's Keys have no '"
                + name
                + "': UTSUSHI_PARTITION_KEY and UTSUSHI_SORT_KEY must name the table's keys.");
    return ValueDecoder.decode(value);
  }

  private static Instant changedAt(StreamRecord change) {
    return require(
            change.getApproximateCreationDateTime(),
            "The record has no ApproximateCreationDateTime.")
        .toInstant();
  }

  private static Map<String, Value> item(StreamRecord change) {
    return ValueDecoder.decode(
        require(
            change.getNewImage(),
            "The record has no NewImage: the stream's view type must be NEW_IMAGE or"
                + " NEW_AND_OLD_IMAGES."));
  }

  private static boolean isExpiry(@Nullable Identity identity) {
    return identity != null && TTL_PRINCIPAL.equals(identity.getPrincipalId());
  }

  private static <T> T require(@Nullable T value, String problem) {
    if (value == null) {
      throw new IllegalArgumentException(problem);
    }
    return value;
  }
}
