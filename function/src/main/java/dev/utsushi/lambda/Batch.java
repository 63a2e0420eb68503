package dev.utsushi.lambda;

import dev.utsushi.change.Change;
import dev.utsushi.document.DocumentWrite;
import dev.utsushi.index.Outcome;
import dev.utsushi.stream.Decoded;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * The records of one invocation, and of each item the newest change among them: the only one that
 * has to go to the index.
 */
final class Batch {
  private final List<Entry> entries;
  private final Map<String, DocumentWrite> newest;

  private Batch(List<Entry> entries, Map<String, DocumentWrite> newest) {
    this.entries = entries;
    this.newest = newest;
  }

  /** A record: on its way to the index, or settled already. */
  private sealed interface Entry {
    record Pending(DocumentWrite write) implements Entry {}

    record Done(Settlement settlement) implements Entry {}
  }

  static Batch of(List<Decoded> records) {
    List<Entry> entries = new ArrayList<>(records.size());
    Map<String, DocumentWrite> newest = LinkedHashMap.newLinkedHashMap(records.size());
    for (Decoded decoded : records) {
      Entry entry = entry(decoded);
      entries.add(entry);
      if (entry instanceof Entry.Pending(DocumentWrite write)) {
        newest.merge(write.id(), write, Batch::newer);
      }
    }
    return new Batch(entries, newest);
  }

  private static Entry entry(Decoded decoded) {
    return switch (decoded) {
      case Decoded.Changed(Change change) -> new Entry.Pending(DocumentWrite.of(change));
      case Decoded.ExpiryKept _ -> new Entry.Done(new Settlement.ExpiryKept());
      case Decoded.Unreadable(String problem) -> new Entry.Done(new Settlement.Unreadable(problem));
    };
  }

  private static DocumentWrite newer(DocumentWrite left, DocumentWrite right) {
    return left.version().compareTo(right.version()) >= 0 ? left : right;
  }

  /** One write for each item. */
  List<DocumentWrite> writes() {
    return List.copyOf(newest.values());
  }

  /**
   * What became of each record.
   *
   * @param outcomes of {@link #writes()}, in their order
   */
  List<Settlement> settle(List<Outcome> outcomes) {
    Map<String, Outcome> outcomeById = HashMap.newHashMap(outcomes.size());
    for (String id : newest.keySet()) {
      outcomeById.put(id, outcomes.get(outcomeById.size()));
    }
    return entries.stream().map(entry -> settle(entry, outcomeById)).toList();
  }

  @SuppressWarnings(
      "ReferenceEquality") // a duplicate of the newest is not the one that was written
  private Settlement settle(Entry entry, Map<String, Outcome> outcomeById) {
    return switch (entry) {
      case Entry.Done(Settlement settlement) -> settlement;
      case Entry.Pending(DocumentWrite write) -> {
        Outcome outcome = Objects.requireNonNull(outcomeById.get(write.id()));
        yield write == newest.get(write.id())
            ? new Settlement.Written(write, outcome)
            : new Settlement.Overtaken(write, outcome);
      }
    };
  }
}
