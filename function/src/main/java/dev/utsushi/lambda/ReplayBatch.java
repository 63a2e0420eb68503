package dev.utsushi.lambda;

import static dev.utsushi.stream.RangeReader.State.EXPIRED;
import static dev.utsushi.stream.RangeReader.State.PARTLY_EXPIRED;

import dev.utsushi.core.change.Change;
import dev.utsushi.core.deadletter.DeadLetter;
import dev.utsushi.core.deadletter.DeadLetter.Captured;
import dev.utsushi.core.deadletter.DeadLetter.Form;
import dev.utsushi.core.deadletter.DeadLetterQueue;
import dev.utsushi.core.deadletter.ReplayReply.InIndex;
import dev.utsushi.core.deadletter.ReplayReply.Replayed;
import dev.utsushi.core.deadletter.StreamRange;
import dev.utsushi.core.index.Deadline;
import dev.utsushi.core.index.IndexReader;
import dev.utsushi.core.index.IndexReader.Found;
import dev.utsushi.core.index.IndexWriter.DocumentWrite;
import dev.utsushi.core.index.IndexedVersion;
import dev.utsushi.core.index.Outcome;
import dev.utsushi.core.projection.Target;
import dev.utsushi.core.record.StreamRecord;
import dev.utsushi.core.replication.RecordResult;
import dev.utsushi.core.replication.Replication;
import dev.utsushi.stream.RangeReader;
import dev.utsushi.stream.RangeReader.Records;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.sqs.model.Message;

/** Dead letters that are written together: all of their records at once, or in a dry run none. */
final class ReplayBatch {
  private static final String WRITE_AGAIN =
      "The stream keeps records for 24 hours, and which items these changed is unknown now. Write"
          + " the items that changed about then again (any change to an item brings all of it), or"
          + " all items; then purge this message.";

  /** Older ones were sent to the queue again, which started its 14 days anew. */
  private static final String MAYBE_DELETED =
      "failed more than 14 days ago, and the index has nothing of its item, which may be deleted,"
          + " and its tombstone purged: run 'utsushi verify --repair', then purge this message";

  private final List<Opened> letters = new ArrayList<>();
  private long bytes;

  /** The flow of a replay, of a dry run, and the reader of each index. */
  record Flow(Replication replication, Replication dryRun, List<IndexReader> indexed) {
    /** Returns the names of the indexes if there are several. */
    List<String> names() {
      List<Target> targets = replication.targets().list();
      return targets.size() < 2
          ? List.of()
          : targets.stream().map(target -> target.index().reader()).toList();
    }
  }

  /** A dead letter and its duplicates, as they were received together. */
  record Received(List<Message> copies, DeadLetter letter) {

    /** Brings duplicates together, in the order of their first. */
    static Collection<Received> group(List<Message> messages, Set<String> sources) {
      return messages.stream()
          .map(each -> new Received(List.of(each), DeadLetter.parse(each.body(), sources)))
          .collect(
              Collectors.toMap(
                  Received::identity, each -> each, Received::with, LinkedHashMap::new))
          .values();
    }

    Object identity() {
      return letter.identity(copies.getFirst().messageId());
    }

    private Received with(Received duplicate) {
      return new Received(
          Stream.concat(copies.stream(), duplicate.copies.stream()).toList(),
          letter instanceof Captured first && duplicate.letter instanceof Captured second
              ? first.with(second)
              : letter);
    }

    Opened open(RangeReader ranges, Deadline deadline) {
      return new Opened(this, ranges.read(letter, deadline));
    }
  }

  /** A dead letter with its records. */
  record Opened(Received received, Records read) {

    /** Returns why it can't be processed, and what to do; null if nothing prevents it. */
    @Nullable String problem() {
      return switch (read.state()) {
        case CAPTURED, IN_STREAM -> null;
        case PARTLY_EXPIRED, EXPIRED -> WRITE_AGAIN;
        case TOO_LARGE -> "Its range holds too many records.";
        case NONE ->
            "Not replayed%s: %s."
                .formatted(
                    received.letter.form() == Form.MALFORMED ? ", since it can't be read" : "",
                    read.cause());
        case UNAVAILABLE ->
            ("Its records can't be read from the stream now (%s): replay again. May the function's"
                    + " role read the stream?")
                .formatted(read.cause());
      };
    }

    private boolean failedBefore(Instant time) {
      var failure = received.letter.failure();
      return failure != null && failure.failedAt().isBefore(time);
    }

    /** Returns which records are lost; null if none are. */
    private @Nullable String missing() {
      var failure = received.letter.failure();
      if (failure == null || (read.state() != PARTLY_EXPIRED && read.state() != EXPIRED)) {
        return null;
      }
      StreamRange range = failure.range();
      return "%s of %s %s to %s is no longer in the stream"
          .formatted(
              read.state() == EXPIRED ? "all" : "part",
              range.shardId(),
              range.startSequenceNumber(),
              range.endSequenceNumber());
    }
  }

  /** A dead letter with the outcome of each record. */
  record Written(Opened opened, List<Replayed> records) {

    /**
     * Only a message all of whose changes, or newer ones, are in the index may be deleted; and one
     * that has none but what the mapping filters out.
     */
    boolean isProcessed() {
      return opened.problem() == null && failed() == 0;
    }

    long failed() {
      return records.stream().filter(each -> !each.outcome().isProcessed()).count();
    }
  }

  void add(Opened letter) {
    letters.add(letter);
    bytes += RangeReader.bytes(letter.read().records());
  }

  long bytes() {
    return bytes;
  }

  /** Writes the records; in a dry run, asks the engine what it would do. */
  List<Written> write(Flow flow, boolean dryRun, Deadline deadline) {
    List<RecordResult> results = results(flow, dryRun, deadline);
    List<Found> indexed =
        dryRun
            ? indexed(flow.indexed(), results, deadline)
            : Collections.nCopies(flow.indexed().size(), new Found.Documents(Map.of()));
    List<String> names = flow.names();
    Iterator<RecordResult> next = results.iterator();
    List<Written> written = new ArrayList<>();
    for (Opened letter : letters) {
      List<Replayed> outcomes = new ArrayList<>();
      letter.read().records().forEach(_ -> outcomes.add(replayed(next.next(), indexed, names)));
      Stream.ofNullable(letter.missing()).map(Replayed::expired).forEach(outcomes::add);
      written.add(new Written(letter, outcomes));
    }
    return written;
  }

  private List<RecordResult> results(Flow flow, boolean dryRun, Deadline deadline) {
    IdentityHashMap<StreamRecord, RecordResult> withheld = withheld(flow, deadline);
    List<StreamRecord> records = records(letters.stream()).toList();
    List<StreamRecord> rest = records.stream().filter(it -> !withheld.containsKey(it)).toList();
    Iterator<RecordResult> results =
        rest.isEmpty()
            ? Collections.emptyIterator()
            : (dryRun ? flow.dryRun() : flow.replication()).replicate(rest, deadline).iterator();
    return records.stream()
        .map(each -> Objects.requireNonNullElseGet(withheld.get(each), results::next))
        .toList();
  }

  /**
   * Finds the changes that could bring back a deleted item: those of old letters whose item has no
   * document, not even a tombstone.
   */
  private IdentityHashMap<StreamRecord, RecordResult> withheld(Flow flow, Deadline deadline) {
    Instant oldest = deadline.clock().instant().minus(DeadLetterQueue.LONGEST_RETENTION);
    List<StreamRecord> old =
        records(letters.stream().filter(each -> each.failedBefore(oldest))).toList();
    IdentityHashMap<StreamRecord, RecordResult> withheld = new IdentityHashMap<>();
    if (old.isEmpty()) {
      return withheld;
    }
    List<RecordResult> rehearsed = flow.dryRun().replicate(old, deadline);
    List<Found> indexed = indexed(flow.indexed(), rehearsed, deadline);
    for (RecordResult each : rehearsed) {
      each.writes().stream()
          .map(RecordResult.Written::write)
          .filter(write -> !(write.change() instanceof Change.Removal))
          .flatMap(write -> withheld(each.streamRecord(), write, indexed).stream())
          .findFirst()
          .ifPresent(result -> withheld.put(each.streamRecord(), result));
    }
    return withheld;
  }

  private static Optional<RecordResult> withheld(
      StreamRecord streamRecord, DocumentWrite write, List<Found> indexed) {
    return whyWithheld(write, indexed).map(why -> new RecordResult(streamRecord, write, why));
  }

  private static Optional<Outcome> whyWithheld(DocumentWrite write, List<Found> indexed) {
    return switch (indexed.get(write.target())) {
      case Found.Unknown(String cause) -> Optional.of(new Outcome.Deferred(cause));
      case Found.Documents(var byId) when byId.containsKey(write.id()) -> Optional.empty();
      case Found.Documents _ -> Optional.of(new Outcome.Rejected(MAYBE_DELETED));
    };
  }

  private static Stream<StreamRecord> records(Stream<Opened> letters) {
    return letters.flatMap(letter -> letter.read().records().stream());
  }

  private static List<Found> indexed(
      List<IndexReader> indexes, List<RecordResult> results, Deadline deadline) {
    List<Found> found = new ArrayList<>();
    for (int i = 0; i < indexes.size(); i++) {
      int target = i;
      List<String> ids =
          results.stream()
              .flatMap(result -> result.writes().stream())
              .map(RecordResult.Written::write)
              .filter(write -> write.target() == target)
              .map(DocumentWrite::id)
              .distinct()
              .toList();
      found.add(indexes.get(i).find(ids, deadline));
    }
    return found;
  }

  private static Replayed replayed(RecordResult result, List<Found> all, List<String> names) {
    DocumentWrite write = result.write();
    StreamRecord streamRecord = result.streamRecord();
    return new Replayed(
        write == null ? null : write.id(),
        streamRecord.sequenceNumber(),
        write == null ? null : write.version().text(),
        streamRecord.eventName(),
        streamRecord.changedAt(),
        result.outcome().kind(),
        reason(result.outcome()),
        write == null ? null : standing(write, all),
        all.get(write == null ? 0 : write.target()) instanceof Found.Unknown,
        names.isEmpty()
            ? List.of()
            : result.writes().stream().map(each -> inIndex(each, all, names)).toList());
  }

  private static InIndex inIndex(
      RecordResult.Written written, List<Found> all, List<String> names) {
    DocumentWrite write = written.write();
    return new InIndex(
        names.get(write.target()),
        write.change() instanceof Change.Removal,
        written.outcome().kind(),
        reason(written.outcome()),
        standing(write, all),
        all.get(write.target()) instanceof Found.Unknown);
  }

  private static @Nullable String reason(Outcome outcome) {
    return outcome instanceof Outcome.Failed failed ? failed.reason() : null;
  }

  private static @Nullable IndexedVersion standing(DocumentWrite write, List<Found> all) {
    return all.get(write.target()) instanceof Found.Documents(var byId)
        ? byId.get(write.id())
        : null;
  }
}
