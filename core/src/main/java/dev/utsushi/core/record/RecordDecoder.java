package dev.utsushi.core.record;

import static java.time.Instant.EPOCH;

import dev.utsushi.core.change.Change;
import dev.utsushi.core.change.ItemKey;
import dev.utsushi.core.change.Value;
import dev.utsushi.core.change.Version;
import dev.utsushi.core.index.Outcome;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Turns stream records into changes. It reports what it cannot read; it never guesses. */
public final class RecordDecoder {
  private static final String STREAM = "/stream/";

  /** Behind it the engines' dates have another form, and no table was written then. */
  private static final Instant LAST_DATE = Instant.parse("9999-12-31T23:59:59Z");

  private static final String TTL_PRINCIPAL = "dynamodb.amazonaws.com";

  private final KeySchema keySchema;
  private final TtlDeletes ttlDeletes;
  private final @Nullable KinesisSource kinesis;
  private @Nullable String tableArn;

  /**
   * Creates a decoder for the stream of the table with these keys.
   *
   * @param tableArn the table; null for that of the first record
   * @param kinesis the Kinesis stream that may deliver the table's changes; null for none
   */
  public RecordDecoder(
      KeySchema keySchema,
      TtlDeletes ttlDeletes,
      @Nullable String tableArn,
      @Nullable KinesisSource kinesis) {
    this.kinesis = kinesis;
    this.keySchema = keySchema;
    this.ttlDeletes = ttlDeletes;
    this.tableArn = tableArn;
  }

  /**
   * What happens to the document of an item that <a
   * href="https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/time-to-live-ttl-streams.html">DynamoDB's
   * time to live</a> deletes.
   */
  public enum TtlDeletes {
    /** It is deleted, as by any other delete. */
    DELETE,
    /** It stays searchable as it was. */
    KEEP
  }

  /** What a record says. */
  public sealed interface Decoded {

    /** A change to write. */
    record Changed(Change change) implements Decoded {}

    /** Nothing to write: the outcome is known already. */
    record Skipped(Outcome outcome) implements Decoded {}
  }

  /** Decodes one record. */
  public Decoded decode(StreamRecord streamRecord) {
    try {
      if (streamRecord.problem() != null) {
        throw new IllegalArgumentException(streamRecord.problem());
      }
      return decodeReadable(streamRecord);
    } catch (IllegalArgumentException e) {
      return new Decoded.Skipped(new Outcome.Unreadable(String.valueOf(e.getMessage())));
    }
  }

  private Decoded decodeReadable(StreamRecord streamRecord) {
    Version version = version(streamRecord);
    ItemKey key = key(streamRecord);
    @Nullable Instant time = streamRecord.changedAt();
    @Nullable Instant changedAt = time == null || time.isAfter(LAST_DATE) ? null : time;
    String eventName = require(streamRecord.eventName(), "The record has no event name.");
    return switch (eventName) {
      case "INSERT", "MODIFY" ->
          new Decoded.Changed(new Change.Upsert(key, version, changedAt, item(streamRecord)));
      case "REMOVE" ->
          ttlDeletes == TtlDeletes.KEEP && isExpiry(streamRecord.identity())
              ? new Decoded.Skipped(new Outcome.ExpiryKept())
              : new Decoded.Changed(new Change.Removal(key, version, changedAt));
      default ->
          throw new IllegalArgumentException(
              "Unknown event name (known are INSERT, MODIFY, REMOVE): update Utsushi.");
    };
  }

  private Version version(StreamRecord streamRecord) {
    String arn = require(streamRecord.streamArn(), "The record has no event source ARN.");
    if (KinesisSource.isKinesis(arn)) {
      return kinesisVersion(streamRecord, arn);
    }
    int label = arn.lastIndexOf(STREAM);
    if (label < 0) {
      throw new IllegalArgumentException(
          "The event source is not a DynamoDB stream: map this function to a table's stream.");
    }
    checkTable(arn.substring(0, label));
    return Version.of(
        arn.substring(label + STREAM.length()),
        require(streamRecord.sequenceNumber(), "The record has no sequence number."));
  }

  /**
   * Kinesis may deliver a change twice and out of order, and the change has no sequence number of
   * the table: only its time orders it.
   */
  private Version kinesisVersion(StreamRecord streamRecord, String streamArn) {
    if (kinesis == null || !kinesis.streamArn().equals(streamArn)) {
      throw new IllegalArgumentException(
          "The record is of %s: UTSUSHI_KINESIS_STREAM_ARN must name it.".formatted(streamArn));
    }
    String table = require(streamRecord.tableName(), "The record has no table name.");
    // The stream is in the account and region of the table, so that the name is enough.
    if (tableArn == null || !tableArn.endsWith(":table/" + table)) {
      checkTable(KinesisSource.tableArn(streamArn, table));
    }
    Instant time = require(streamRecord.changedAt(), "The record has no time.");
    return Version.of(kinesis.since(), Long.toString(ChronoUnit.MICROS.between(EPOCH, time)));
  }

  /** Items of two tables could share a document. */
  private void checkTable(String ofRecord) {
    if (tableArn == null) {
      tableArn = ofRecord;
    } else if (!tableArn.equals(ofRecord)) {
      throw new IllegalArgumentException(
          "The record is of %s, but this function replicates %s: one index holds one table."
              .formatted(ofRecord, tableArn));
    }
  }

  private ItemKey key(StreamRecord streamRecord) {
    Map<String, Value> keys =
        require(streamRecord.keys(), "The record has no Keys: is this a DynamoDB stream?");
    String sortKey = keySchema.sortKey();
    if (keys.size() > (sortKey == null ? 1 : 2) && !isExpiry(streamRecord.identity())) {
      throw new IllegalArgumentException(
          "The record has the keys "
              + keys.keySet()
              + ": UTSUSHI_PARTITION_KEY and UTSUSHI_SORT_KEY must name all of them, or different"
              + " items share a document.");
    }
    return new ItemKey(
        keyValue(keys, keySchema.partitionKey()), sortKey == null ? null : keyValue(keys, sortKey));
  }

  private static Value keyValue(Map<String, Value> keys, String name) {
    Value value =
        require(
            keys.get(name),
            "The record's Keys have no '"
                + name
                + "': UTSUSHI_PARTITION_KEY and UTSUSHI_SORT_KEY must name the table's keys.");
    return switch (value) {
      case Value.Text _, Value.Decimal _, Value.Binary _ -> value;
      default ->
          throw new IllegalArgumentException("The key '" + name + "' is not of type S, N or B.");
    };
  }

  private static Map<String, Value> item(StreamRecord streamRecord) {
    return require(
        streamRecord.newImage(),
        "The record has no NewImage: the stream's view type must be NEW_IMAGE or"
            + " NEW_AND_OLD_IMAGES.");
  }

  private static boolean isExpiry(StreamRecord.@Nullable Identity identity) {
    return identity != null && TTL_PRINCIPAL.equals(identity.principalId());
  }

  private static <T> T require(@Nullable T value, String problem) {
    if (value == null) {
      throw new IllegalArgumentException(problem);
    }
    return value;
  }
}
