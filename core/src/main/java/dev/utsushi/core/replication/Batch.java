package dev.utsushi.core.replication;

import dev.utsushi.core.index.IndexWriter.DocumentWrite;
import dev.utsushi.core.index.Outcome;
import dev.utsushi.core.projection.Targets;
import dev.utsushi.core.record.RecordDecoder.Decoded;
import dev.utsushi.core.record.StreamRecord;
import dev.utsushi.core.replication.RecordResult.Written;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * The records of one invocation. Of each item only the newest change goes to an index. If the
 * engine rejects it, the next older one goes, so that one poisonous change does not keep the
 * changes before it out of the index.
 */
final class Batch {
  private final List<Entry> entries = new ArrayList<>();
  private final Map<Document, ItemChanges> items = new LinkedHashMap<>();
  private List<ItemChanges> inFlight = List.of();

  /** A document of one of the table's indexes. */
  private record Document(String id, int target) {
    static Document of(DocumentWrite write) {
      return new Document(write.id(), write.target());
    }
  }

  private sealed interface Entry {
    record Pending(StreamRecord streamRecord, List<DocumentWrite> writes) implements Entry {}

    record Done(RecordResult result) implements Entry {}
  }

  /** Adds a record and its decoded form, for one index of whole items. */
  void add(StreamRecord streamRecord, Decoded decoded) {
    add(streamRecord, decoded, Targets.WHOLE);
  }

  /** Adds a record and its decoded form. */
  void add(StreamRecord streamRecord, Decoded decoded, Targets targets) {
    switch (decoded) {
      case Decoded.Skipped(Outcome outcome) ->
          entries.add(
              new Entry.Done(new RecordResult(streamRecord, (DocumentWrite) null, outcome)));
      case Decoded.Changed(var change) -> {
        List<DocumentWrite> writes = targets.writes(streamRecord, change);
        entries.add(new Entry.Pending(streamRecord, writes));
        for (DocumentWrite write : writes) {
          items.computeIfAbsent(Document.of(write), _ -> new ItemChanges()).add(write);
        }
      }
    }
  }

  /**
   * Returns what to write next, at most one write for each document; empty at the end. {@link
   * #written} must receive the outcomes before the next call.
   */
  List<DocumentWrite> nextWrites() {
    items.values().forEach(ItemChanges::passUnknown);
    inFlight = items.values().stream().filter(ItemChanges::hasNext).toList();
    return inFlight.stream().map(ItemChanges::next).toList();
  }

  /**
   * Takes the outcomes.
   *
   * @param outcomes of the last {@link #nextWrites()}, in their order
   */
  void written(List<Outcome> outcomes) {
    for (int i = 0; i < outcomes.size(); i++) {
      inFlight.get(i).outcomes.add(outcomes.get(i));
    }
  }

  /** Returns the result of each record, in the order in which they were added. */
  List<RecordResult> results() {
    return entries.stream().map(this::result).toList();
  }

  private RecordResult result(Entry entry) {
    return switch (entry) {
      case Entry.Done(RecordResult result) -> result;
      case Entry.Pending(StreamRecord streamRecord, List<DocumentWrite> writes) ->
          RecordResult.of(streamRecord, writes.stream().map(this::written).toList());
    };
  }

  private Written written(DocumentWrite write) {
    ItemChanges item = Objects.requireNonNull(items.get(Document.of(write)));
    return new Written(write, item.outcome(write));
  }

  /** The changes of one item, and the outcomes of those that went to the index. */
  private static final class ItemChanges {
    /**
     * An engine that rejects everything, for example because of a wrong password, is not asked
     * again for every change of a busy item.
     */
    private static final int MOST_TRIED = 16;

    /** Newest first, each version once. */
    private final List<DocumentWrite> changes = new ArrayList<>(1);

    /** The outcomes of the first of the changes. */
    private final List<Outcome> outcomes = new ArrayList<>(1);

    private int passed;

    /** Inserts the change at its place, usually the first: records come in order. */
    void add(DocumentWrite write) {
      int place = 0;
      while (place < changes.size() && isNewer(changes.get(place), write)) {
        place++;
      }
      if (place == changes.size() || isNewer(write, changes.get(place))) {
        changes.add(place, write);
      }
    }

    private static boolean isNewer(DocumentWrite left, DocumentWrite right) {
      return left.version().compareTo(right.version()) > 0;
    }

    /** Rejects, without the engine, the next changes whose documents nobody knows. */
    void passUnknown() {
      while (hasNext()) {
        String reason = next().unknown();
        if (reason == null) {
          return;
        }
        outcomes.add(new Outcome.Rejected(reason));
        passed++;
      }
    }

    boolean hasNext() {
      return outcomes.size() < Math.min(changes.size(), MOST_TRIED + passed)
          && (outcomes.isEmpty() || outcomes.getLast() instanceof Outcome.Rejected);
    }

    DocumentWrite next() {
      return changes.get(outcomes.size());
    }

    /** A change that did not go to the index shares the fate of the newer one that did. */
    @SuppressWarnings("ReferenceEquality") // a duplicate of a written change was not written itself
    Outcome outcome(DocumentWrite write) {
      int decisive = 0;
      while (decisive < outcomes.size() - 1 && isNewer(changes.get(decisive), write)) {
        decisive++;
      }
      Outcome outcome = outcomes.get(decisive);
      boolean overtaken = changes.get(decisive) != write;
      return overtaken && outcome.isProcessed() ? new Outcome.Superseded() : outcome;
    }
  }
}
