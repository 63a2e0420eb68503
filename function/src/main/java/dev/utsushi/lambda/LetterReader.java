package dev.utsushi.lambda;

import dev.utsushi.core.deadletter.DeadLetter;
import dev.utsushi.core.deadletter.Failure;
import dev.utsushi.core.deadletter.QueuedMessage;
import dev.utsushi.core.deadletter.StreamRange;
import dev.utsushi.core.index.Deadline;
import dev.utsushi.core.record.RecordJson;
import dev.utsushi.core.record.StreamRecord;
import dev.utsushi.stream.RangeRead;
import dev.utsushi.stream.RangeReader;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Opens messages: what they are, which are copies of one, and what their records say. */
final class LetterReader {
  private final String tableArn;
  private final RangeReader ranges;

  LetterReader(String tableArn, RangeReader ranges) {
    this.tableArn = tableArn;
    this.ranges = ranges;
  }

  /** Messages that say the same, unopened. */
  record Sealed(List<QueuedMessage> copies, List<DeadLetter> letters) {
    DeadLetter letter() {
      return letters.getFirst();
    }

    /** Null for a message that is not ours. */
    @Nullable Failure failure() {
      return letter() instanceof DeadLetter.Failed failed ? failed.failure() : null;
    }
  }

  /** Brings copies together, in the order of their first. */
  Collection<Sealed> sort(List<QueuedMessage> messages) {
    Map<Object, Sealed> byIdentity = new LinkedHashMap<>();
    for (QueuedMessage message : messages) {
      DeadLetter letter = DeadLetter.parse(message.body()).ofTable(tableArn);
      Object identity =
          letter instanceof DeadLetter.Failed failed ? failed.identity() : message.id();
      Sealed sealed =
          byIdentity.computeIfAbsent(
              identity, _ -> new Sealed(new ArrayList<>(), new ArrayList<>()));
      sealed.copies().add(message);
      sealed.letters().add(letter);
    }
    return byIdentity.values();
  }

  /** Opens one, and reads its records from the stream where it does not hold them. */
  Letter open(Sealed sealed, Deadline deadline) {
    return switch (sealed.letter()) {
      case DeadLetter.Captured captured -> letter(sealed, captured, captured(sealed), null, null);
      case DeadLetter.Reference reference ->
          open(sealed, reference, ranges.read(reference.failure().range(), deadline));
      case DeadLetter.Foreign foreign ->
          letter(sealed, foreign, List.of(), null, "Left alone: " + foreign.problem() + '.');
      case DeadLetter.Malformed malformed ->
          letter(
              sealed,
              malformed,
              List.of(),
              null,
              "Left alone, since it can't be read: " + malformed.problem() + '.');
    };
  }

  /** Of copies each may hold what another has not: a second capture leaves out what was settled. */
  private static List<String> captured(Sealed sealed) {
    Set<String> records = new LinkedHashSet<>();
    for (DeadLetter letter : sealed.letters()) {
      if (letter instanceof DeadLetter.Captured captured) {
        records.addAll(captured.records());
      }
    }
    return List.copyOf(records);
  }

  private static Letter open(Sealed sealed, DeadLetter.Reference reference, RangeRead read) {
    StreamRange range = reference.failure().range();
    return switch (read) {
      case RangeRead.Whole(List<String> records) -> letter(sealed, reference, records, null, null);
      case RangeRead.PartlyExpired(List<String> records) ->
          letter(sealed, reference, records, "some of " + forgotten(range), WHAT_TO_DO);
      case RangeRead.Expired _ ->
          letter(sealed, reference, List.of(), "all of " + forgotten(range), WHAT_TO_DO);
      case RangeRead.TooLarge _ ->
          letter(sealed, reference, List.of(), null, "Its range holds too many records.");
      case RangeRead.Unavailable(String cause) ->
          letter(
              sealed,
              reference,
              List.of(),
              null,
              ("Its records can't be read from the stream now (%s): replay again. May the"
                      + " function's role read the stream?")
                  .formatted(cause));
    };
  }

  private static final String WHAT_TO_DO =
      "The stream keeps records for 24 hours, and nobody can tell any more which items these were."
          + " Write the items again that changed about then (any change to an item brings it"
          + " whole), or all; then purge this message.";

  private static String forgotten(StreamRange range) {
    return "%s %s to %s is no longer in the stream"
        .formatted(range.shardId(), range.startSequenceNumber(), range.endSequenceNumber());
  }

  private static Letter letter(
      Sealed sealed,
      DeadLetter letter,
      List<String> records,
      @Nullable String hole,
      @Nullable String problem) {
    List<StreamRecord> read = records.stream().map(RecordJson::read).toList();
    long chars = records.stream().mapToLong(String::length).sum();
    return new Letter(sealed.copies(), letter, read, chars, hole, problem);
  }
}
