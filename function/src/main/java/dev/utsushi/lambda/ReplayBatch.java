package dev.utsushi.lambda;

import dev.utsushi.core.deadletter.DeadLetter;
import dev.utsushi.core.deadletter.ReplayReply.Replayed;
import dev.utsushi.core.deadletter.StreamRange;
import dev.utsushi.core.index.Deadline;
import dev.utsushi.core.index.IndexReader;
import dev.utsushi.core.index.IndexReader.Found;
import dev.utsushi.core.index.IndexWriter.DocumentWrite;
import dev.utsushi.core.index.IndexedVersion;
import dev.utsushi.core.index.Outcome;
import dev.utsushi.core.record.StreamRecord;
import dev.utsushi.core.replication.RecordResult;
import dev.utsushi.core.replication.Replication;
import dev.utsushi.stream.RangeReader;
import dev.utsushi.stream.RangeReader.RangeRead;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.sqs.model.Message;

/** Dead letters that are written together: all of their records at once, or in a dry run none. */
final class ReplayBatch {
  private static final String WHAT_TO_DO =
      "The stream keeps records for 24 hours, and which items these changed is unknown now. Write"
          + " the items that changed about then again (any change to an item brings all of it), or"
          + " all items; then purge this message.";

  private final List<Opened> letters = new ArrayList<>();
  private long bytes;

  /** The parts of a replay's writing. */
  record Flow(Replication replication, Replication dryRun, IndexReader indexed) {}

  /** A dead letter and its duplicates, as they were received together. */
  record Received(List<Message> copies, List<DeadLetter> letters) {
    DeadLetter letter() {
      return letters.getFirst();
    }

    /**
     * Each duplicate may hold records that another lacks: a second capture omits processed ones.
     */
    private List<StreamRecord> captured() {
      Set<StreamRecord> records = new LinkedHashSet<>();
      for (DeadLetter letter : letters) {
        if (letter instanceof DeadLetter.Captured captured) {
          records.addAll(captured.records());
        }
      }
      return List.copyOf(records);
    }

    /** Reads the records, from the stream if the dead letter does not hold them. */
    Opened open(RangeReader ranges, Deadline deadline) {
      return switch (letter()) {
        case DeadLetter.Captured _ -> new Opened(this, captured(), null, null);
        case DeadLetter.Reference(var failure) ->
            open(failure.range(), ranges.read(failure.range(), deadline));
        case DeadLetter.Foreign(String problem) ->
            new Opened(this, List.of(), null, "Not replayed: " + problem + '.');
        case DeadLetter.Malformed(String problem) ->
            new Opened(
                this, List.of(), null, "Not replayed, since it can't be read: " + problem + '.');
      };
    }

    private Opened open(StreamRange range, RangeRead read) {
      return switch (read) {
        case RangeRead.Whole(var records) -> new Opened(this, records, null, null);
        case RangeRead.PartlyExpired(var records) ->
            new Opened(this, records, "part of " + expired(range), WHAT_TO_DO);
        case RangeRead.Expired _ ->
            new Opened(this, List.of(), "all of " + expired(range), WHAT_TO_DO);
        case RangeRead.TooLarge _ ->
            new Opened(this, List.of(), null, "Its range holds too many records.");
        case RangeRead.Unavailable(String cause) ->
            new Opened(
                this,
                List.of(),
                null,
                ("Its records can't be read from the stream now (%s): replay again. May the"
                        + " function's role read the stream?")
                    .formatted(cause));
      };
    }

    private static String expired(StreamRange range) {
      return "%s %s to %s is no longer in the stream"
          .formatted(range.shardId(), range.startSequenceNumber(), range.endSequenceNumber());
    }
  }

  /**
   * A dead letter with its records.
   *
   * @param missing which records are lost; null if none are
   * @param problem why it can't be processed, and what to do; null if nothing prevents it
   */
  record Opened(
      Received received,
      List<StreamRecord> records,
      @Nullable String missing,
      @Nullable String problem) {}

  /** A dead letter with the outcome of each record. */
  record Written(Opened letter, List<Replayed> records) {

    /** Only a message all of whose changes, or newer ones, are in the index may be deleted. */
    boolean isProcessed() {
      return letter.problem() == null
          && !records.isEmpty()
          && records.stream().allMatch(Written::isProcessed);
    }

    static boolean isProcessed(Replayed replayed) {
      return replayed.outcome().isProcessed();
    }
  }

  /** Brings duplicates together, in the order of their first. */
  static Collection<Received> group(List<Message> messages, String tableArn) {
    Map<Object, Received> groups = new LinkedHashMap<>();
    for (Message message : messages) {
      DeadLetter letter = DeadLetter.parse(message.body(), tableArn);
      Object identity =
          letter instanceof DeadLetter.OfBatch batch ? batch.identity() : message.messageId();
      Received group =
          groups.computeIfAbsent(identity, _ -> new Received(new ArrayList<>(), new ArrayList<>()));
      group.copies().add(message);
      group.letters().add(letter);
    }
    return groups.values();
  }

  void add(Opened letter) {
    letters.add(letter);
    bytes += RangeReader.bytes(letter.records());
  }

  long bytes() {
    return bytes;
  }

  /** Writes the records, or in a dry run only asks what would become of them. */
  List<Written> write(Flow flow, boolean dryRun, Deadline deadline) {
    List<StreamRecord> records =
        letters.stream().flatMap(letter -> letter.records().stream()).toList();
    List<RecordResult> results =
        records.isEmpty()
            ? List.of()
            : (dryRun ? flow.dryRun() : flow.replication()).replicate(records, deadline);
    Map<String, IndexedVersion> indexed =
        dryRun ? indexed(flow.indexed(), results, deadline) : Map.of();
    Iterator<RecordResult> next = results.iterator();
    List<Written> written = new ArrayList<>();
    for (Opened letter : letters) {
      List<Replayed> outcomes = new ArrayList<>();
      letter.records().forEach(_ -> outcomes.add(replayed(next.next(), indexed)));
      if (letter.missing() != null) {
        outcomes.add(Replayed.expired(letter.missing()));
      }
      written.add(new Written(letter, outcomes));
    }
    return written;
  }

  private static Map<String, IndexedVersion> indexed(
      IndexReader index, List<RecordResult> results, Deadline deadline) {
    List<String> ids =
        results.stream()
            .map(RecordResult::write)
            .flatMap(Stream::ofNullable)
            .map(DocumentWrite::id)
            .distinct()
            .toList();
    return !ids.isEmpty() && index.find(ids, deadline) instanceof Found.Documents(var byId)
        ? byId
        : Map.of();
  }

  private static Replayed replayed(RecordResult result, Map<String, IndexedVersion> indexed) {
    DocumentWrite write = result.write();
    StreamRecord streamRecord = result.streamRecord();
    return new Replayed(
        write == null ? null : write.id(),
        streamRecord.sequenceNumber(),
        write == null ? null : write.version().text(),
        streamRecord.eventName(),
        streamRecord.changedAt(),
        result.outcome().kind(),
        result.outcome() instanceof Outcome.Failed failed ? failed.reason() : null,
        write == null ? null : indexed.get(write.id()));
  }
}
