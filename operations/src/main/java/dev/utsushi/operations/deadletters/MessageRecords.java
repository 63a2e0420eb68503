package dev.utsushi.operations.deadletters;

import dev.utsushi.core.change.ItemKey;
import dev.utsushi.core.change.Value;
import dev.utsushi.core.deadletter.DeadLetter;
import dev.utsushi.core.document.DocumentId;
import dev.utsushi.core.index.Deadline;
import dev.utsushi.core.record.KeySchema;
import dev.utsushi.core.record.StreamRecord;
import dev.utsushi.stream.RangeReader;
import dev.utsushi.stream.RangeReader.RangeRead;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The records of a message, wherever they are.
 *
 * @param problem why some are missing; null if none are
 */
public record MessageRecords(State state, List<StreamRecord> records, @Nullable String problem) {

  /** Where the records of a message are. */
  public enum State {
    /** In the message. */
    CAPTURED,
    /** In the stream. */
    IN_STREAM,
    /** Partly in the stream; the others have expired. */
    PARTLY_EXPIRED,
    /** The stream holds none of them any more. */
    EXPIRED,
    /** In the stream, but it can't be read now. */
    UNAVAILABLE,
    /** There are none: the message is not about this table's stream. */
    NONE
  }

  private static final Duration LONGEST_READ = Duration.ofSeconds(30);
  private static final String WRITE_AGAIN =
      "which items they changed is unknown now: write the items that changed about then again (or"
          + " all items), then purge the message";

  static MessageRecords of(DeadLetter letter, RangeReader reader) {
    return switch (letter) {
      case DeadLetter.Captured captured ->
          new MessageRecords(State.CAPTURED, captured.records(), null);
      case DeadLetter.Reference(var failure) ->
          of(reader.read(failure.range(), Deadline.in(LONGEST_READ, InstantSource.system())));
      case DeadLetter.Foreign(String problem) -> new MessageRecords(State.NONE, List.of(), problem);
      case DeadLetter.Malformed(String problem) ->
          new MessageRecords(State.NONE, List.of(), problem);
    };
  }

  private static MessageRecords of(RangeRead read) {
    return switch (read) {
      case RangeRead.Whole(var records) -> new MessageRecords(State.IN_STREAM, records, null);
      case RangeRead.PartlyExpired(var records) ->
          new MessageRecords(
              State.PARTLY_EXPIRED,
              records,
              "the others have expired from the stream; " + WRITE_AGAIN);
      case RangeRead.Expired() ->
          unreadable(State.EXPIRED, "they have expired from the stream (24 hours); " + WRITE_AGAIN);
      case RangeRead.Unavailable(String cause) ->
          unreadable(
              State.UNAVAILABLE,
              "the stream can't be read now: %s. This needs dynamodb:GetShardIterator and"
                      .formatted(cause)
                  + " dynamodb:GetRecords on it");
      case RangeRead.TooLarge() ->
          unreadable(State.UNAVAILABLE, "there are too many to show; replay them");
    };
  }

  private static MessageRecords unreadable(State state, String problem) {
    return new MessageRecords(state, List.of(), problem);
  }

  /** Returns the id of a record's document; null if its keys are not the table's. */
  public static @Nullable String documentId(StreamRecord streamRecord, KeySchema keySchema) {
    Map<String, Value> keys = streamRecord.keys() == null ? Map.of() : streamRecord.keys();
    String sortKey = keySchema.sortKey();
    Value partition = keys.get(keySchema.partitionKey());
    Value sort = sortKey == null ? null : keys.get(sortKey);
    if (partition == null || (sort == null && sortKey != null)) {
      return null;
    }
    try {
      return DocumentId.of(new ItemKey(partition, sort));
    } catch (IllegalArgumentException _) {
      return null;
    }
  }
}
