package dev.utsushi.lambda;

import dev.utsushi.core.deadletter.ReplayedRecord;
import dev.utsushi.core.deadletter.ReplayedRecord.Standing;
import dev.utsushi.core.index.Deadline;
import dev.utsushi.core.index.IndexReader;
import dev.utsushi.core.index.IndexReader.Found;
import dev.utsushi.core.index.IndexWriter.DocumentWrite;
import dev.utsushi.core.index.IndexedVersion;
import dev.utsushi.core.index.Outcome;
import dev.utsushi.core.record.StreamRecord;
import dev.utsushi.core.replication.RecordResult;
import dev.utsushi.core.replication.Replication;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Takes the records of letters down the flow: all of them at once, or in a dry run none. */
final class LetterWriter {
  private final Replication replication;
  private final Replication rehearsal;
  private final IndexReader standing;

  LetterWriter(Replication replication, Replication rehearsal, IndexReader standing) {
    this.replication = replication;
    this.rehearsal = rehearsal;
    this.standing = standing;
  }

  /** What became of the records of each letter, in the order of the letters. */
  List<List<ReplayedRecord>> write(List<Letter> letters, boolean dryRun, Deadline deadline) {
    List<StreamRecord> records =
        letters.stream().flatMap(letter -> letter.records().stream()).toList();
    if (records.isEmpty()) {
      return letters.stream().map(letter -> told(letter, List.of())).toList();
    }
    Replication flow = dryRun ? rehearsal : replication;
    List<RecordResult> results = flow.replicate(records, deadline);
    Map<String, IndexedVersion> stand = dryRun ? standing(results, deadline) : Map.of();
    List<ReplayedRecord> all = new ArrayList<>();
    results.forEach(result -> all.add(replayed(result, stand)));
    List<List<ReplayedRecord>> told = new ArrayList<>();
    int from = 0;
    for (Letter letter : letters) {
      int to = from + letter.records().size();
      told.add(told(letter, all.subList(from, to)));
      from = to;
    }
    return told;
  }

  private static List<ReplayedRecord> told(Letter letter, List<ReplayedRecord> records) {
    List<ReplayedRecord> told = new ArrayList<>(records);
    if (letter.hole() != null) {
      told.add(ReplayedRecord.expired(letter.hole()));
    }
    return told;
  }

  private Map<String, IndexedVersion> standing(List<RecordResult> results, Deadline deadline) {
    List<String> ids =
        results.stream()
            .map(RecordResult::write)
            .filter(Objects::nonNull)
            .map(DocumentWrite::id)
            .distinct()
            .toList();
    return standing.find(ids, deadline) instanceof Found.Documents(var byId) ? byId : Map.of();
  }

  private static ReplayedRecord replayed(RecordResult result, Map<String, IndexedVersion> stand) {
    DocumentWrite write = result.write();
    return new ReplayedRecord(
        write == null ? null : write.id(),
        result.streamRecord().sequenceNumber(),
        write == null ? null : write.version().text(),
        result.streamRecord().eventName(),
        result.streamRecord().changedAt(),
        ReplayedRecord.Outcome.valueOf(result.outcome().kind().name()),
        result.outcome() instanceof Outcome.Failed failed ? failed.reason() : null,
        write == null ? null : standing(stand.get(write.id())));
  }

  private static @Nullable Standing standing(@Nullable IndexedVersion document) {
    return document == null
        ? null
        : new Standing(
            document.version(), document.deleted(), document.changedAt(), document.indexedAt());
  }
}
