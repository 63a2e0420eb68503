package dev.utsushi.lambda;

import com.amazonaws.services.lambda.runtime.events.DynamodbEvent.DynamodbStreamRecord;
import dev.utsushi.core.deadletter.ReplayedRecord;
import dev.utsushi.core.deadletter.ReplayedRecord.Standing;
import dev.utsushi.core.document.DocumentWrite;
import dev.utsushi.core.index.Deadline;
import dev.utsushi.core.index.StandingDocument;
import dev.utsushi.core.index.StandingDocuments;
import dev.utsushi.core.index.StandingDocuments.Found;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Takes the records of letters down the flow: all of them at once, or in a dry run none. */
final class LetterWriter {
  private final Replication replication;
  private final Replication rehearsal;
  private final StandingDocuments standing;

  LetterWriter(Replication replication, Replication rehearsal, StandingDocuments standing) {
    this.replication = replication;
    this.rehearsal = rehearsal;
    this.standing = standing;
  }

  /** What became of the records of each letter, in the order of the letters. */
  List<List<ReplayedRecord>> write(List<Letter> letters, boolean dryRun, Deadline deadline) {
    List<DynamodbStreamRecord> records =
        letters.stream().flatMap(letter -> letter.records().stream()).toList();
    if (records.isEmpty()) {
      return letters.stream().map(letter -> told(letter, List.of())).toList();
    }
    Replication flow = dryRun ? rehearsal : replication;
    List<Settlement> settlements = flow.settle(records, deadline);
    Map<String, StandingDocument> stand = dryRun ? standing(settlements, deadline) : Map.of();
    List<ReplayedRecord> all = new ArrayList<>();
    for (int i = 0; i < records.size(); i++) {
      all.add(replayed(records.get(i), settlements.get(i), stand));
    }
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

  private Map<String, StandingDocument> standing(List<Settlement> settlements, Deadline deadline) {
    List<String> ids =
        settlements.stream()
            .map(LetterWriter::write)
            .filter(Objects::nonNull)
            .map(DocumentWrite::id)
            .distinct()
            .toList();
    return standing.find(ids, deadline) instanceof Found.Documents(var byId) ? byId : Map.of();
  }

  private static ReplayedRecord replayed(
      DynamodbStreamRecord streamRecord,
      Settlement settlement,
      Map<String, StandingDocument> stand) {
    DocumentWrite write = write(settlement);
    return new ReplayedRecord(
        write == null ? null : write.id(),
        Records.sequenceNumber(streamRecord),
        write == null ? null : write.version().text(),
        streamRecord.getEventName(),
        changedAt(streamRecord),
        Reasons.outcome(settlement),
        Reasons.of(settlement),
        write == null ? null : standing(stand.get(write.id())));
  }

  private static @Nullable DocumentWrite write(Settlement settlement) {
    return switch (settlement) {
      case Settlement.Written(DocumentWrite write, _) -> write;
      case Settlement.Overtaken(DocumentWrite write, _) -> write;
      case Settlement.ExpiryKept _ -> null;
      case Settlement.Unreadable _ -> null;
    };
  }

  private static java.time.@Nullable Instant changedAt(DynamodbStreamRecord streamRecord) {
    Date changedAt =
        streamRecord.getDynamodb() == null
            ? null
            : streamRecord.getDynamodb().getApproximateCreationDateTime();
    return changedAt == null ? null : changedAt.toInstant();
  }

  private static @Nullable Standing standing(@Nullable StandingDocument document) {
    return document == null
        ? null
        : new Standing(
            document.version(), document.deleted(), document.changedAt(), document.indexedAt());
  }
}
