package dev.utsushi.cli.dlq;

import dev.utsushi.core.deadletter.DeadLetter;
import dev.utsushi.core.index.Deadline;
import dev.utsushi.core.record.KeySchema;
import dev.utsushi.stream.RangeRead;
import dev.utsushi.stream.RangeReader;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A message's records, wherever they are.
 *
 * @param state how they were come by
 * @param problem what is to be said of them; null if nothing
 */
record ShownRecords(State state, List<ShownRecord> records, @Nullable String problem) {

  /** Where a message's records are. */
  enum State {
    /** In the message. */
    CAPTURED,
    /** In the stream, still. */
    IN_STREAM,
    /** Some are in the stream, the others forgotten. */
    PARTLY_EXPIRED,
    /** Nowhere. */
    EXPIRED,
    /** In the stream, but it can't be read just now. */
    UNAVAILABLE,
    /** There are none: the message is not of this table's stream. */
    NONE
  }

  private static final Duration LONGEST_READ = Duration.ofSeconds(30);
  private static final String WRITE_AGAIN =
      "which items they changed can't be told any more: write the items again that were changed"
          + " about that time (or all), then purge the message";

  /** Reads them, from the stream where the message only refers to it. */
  static ShownRecords of(DeadLetter content, RangeReader reader, KeySchema keySchema) {
    return switch (content) {
      case DeadLetter.Captured captured ->
          new ShownRecords(State.CAPTURED, shown(captured.records(), keySchema), null);
      case DeadLetter.Reference reference ->
          of(
              reader.read(
                  reference.failure().range(), Deadline.in(LONGEST_READ, InstantSource.system())),
              keySchema);
      case DeadLetter.Foreign foreign -> none(foreign.problem());
      case DeadLetter.Malformed malformed -> none(malformed.problem());
    };
  }

  private static ShownRecords of(RangeRead read, KeySchema keySchema) {
    return switch (read) {
      case RangeRead.Whole(var records) ->
          new ShownRecords(State.IN_STREAM, shown(records, keySchema), null);
      case RangeRead.PartlyExpired(var records) ->
          new ShownRecords(
              State.PARTLY_EXPIRED,
              shown(records, keySchema),
              "the stream has forgotten the others; " + WRITE_AGAIN);
      case RangeRead.Expired() ->
          new ShownRecords(
              State.EXPIRED, List.of(), "the stream has forgotten them (24 hours); " + WRITE_AGAIN);
      case RangeRead.Unavailable(var cause) ->
          new ShownRecords(
              State.UNAVAILABLE,
              List.of(),
              "the stream can't be read just now: %s. This needs dynamodb:GetShardIterator and"
                      .formatted(cause)
                  + " dynamodb:GetRecords on it");
      case RangeRead.TooLarge() ->
          new ShownRecords(
              State.UNAVAILABLE, List.of(), "they are too many to be shown; replay them");
    };
  }

  private static ShownRecords none(String problem) {
    return new ShownRecords(State.NONE, List.of(), problem);
  }

  private static List<ShownRecord> shown(List<String> records, KeySchema keySchema) {
    return records.stream().map(text -> ShownRecord.of(text, keySchema)).toList();
  }
}
