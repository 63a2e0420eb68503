package dev.utsushi.lambda;

import dev.utsushi.core.change.Change;
import dev.utsushi.core.document.DocumentWrite;
import dev.utsushi.core.index.Outcome;
import dev.utsushi.stream.Decoded;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * The records of one invocation. Of each item the newest change among them goes to the index, which
 * stands for the older ones; if the index refuses it, the next older one goes, or one poisonous
 * change would keep those before it out as well.
 */
final class Batch {
  private final List<Entry> entries;
  private final Map<String, ItemChanges> items;
  private List<ItemChanges> underWay = List.of();

  private Batch(List<Entry> entries, Map<String, ItemChanges> items) {
    this.entries = entries;
    this.items = items;
  }

  /** A record: on its way to the index, or settled already. */
  private sealed interface Entry {
    record Pending(DocumentWrite write) implements Entry {}

    record Done(Settlement settlement) implements Entry {}
  }

  static Batch of(List<Decoded> records) {
    List<Entry> entries = new ArrayList<>(records.size());
    Map<String, ItemChanges> items = LinkedHashMap.newLinkedHashMap(records.size());
    for (Decoded decoded : records) {
      Entry entry = entry(decoded);
      entries.add(entry);
      if (entry instanceof Entry.Pending(DocumentWrite write)) {
        items.computeIfAbsent(write.id(), _ -> new ItemChanges()).add(write);
      }
    }
    return new Batch(entries, items);
  }

  private static Entry entry(Decoded decoded) {
    return switch (decoded) {
      case Decoded.Changed(Change change) -> new Entry.Pending(DocumentWrite.of(change));
      case Decoded.ExpiryKept _ -> new Entry.Done(new Settlement.ExpiryKept());
      case Decoded.Unreadable(String problem) -> new Entry.Done(new Settlement.Unreadable(problem));
    };
  }

  /**
   * What is to be written next, at most one write for each item; empty when all is done. Each call
   * wants the {@linkplain #written outcomes} of what the one before it gave.
   */
  List<DocumentWrite> nextWrites() {
    underWay = items.values().stream().filter(ItemChanges::hasNext).toList();
    return underWay.stream().map(ItemChanges::next).toList();
  }

  /**
   * Takes what became of the writes.
   *
   * @param outcomes of the last {@link #nextWrites()}, in their order
   */
  void written(List<Outcome> outcomes) {
    for (int i = 0; i < outcomes.size(); i++) {
      underWay.get(i).written(outcomes.get(i));
    }
  }

  /** What became of each record, in their order. */
  List<Settlement> settlements() {
    return entries.stream().map(this::settlement).toList();
  }

  private Settlement settlement(Entry entry) {
    return switch (entry) {
      case Entry.Done(Settlement settlement) -> settlement;
      case Entry.Pending(DocumentWrite write) ->
          Objects.requireNonNull(items.get(write.id())).settlement(write);
    };
  }
}
