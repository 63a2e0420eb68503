package dev.utsushi.lambda;

import dev.utsushi.change.Change;
import dev.utsushi.change.Version;
import dev.utsushi.document.DocumentWrite;
import dev.utsushi.index.Outcome;
import dev.utsushi.stream.Decoded;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * The records of one invocation, and of each item the newest change among them: the only one that
 * has to go to the index, unless the engine refuses it. Then the one before it has its turn: what
 * can't be written must not hide what can.
 */
final class Batch {
  private final List<Entry> entries;

  /** Of each item, its changes that have not gone to the index, newest first. */
  private final Map<String, Deque<DocumentWrite>> untried;

  private final Map<String, NavigableMap<Version, Outcome>> outcomes = new HashMap<>();
  private final Set<DocumentWrite> tried = Collections.newSetFromMap(new IdentityHashMap<>());

  private Batch(List<Entry> entries, Map<String, Deque<DocumentWrite>> untried) {
    this.entries = entries;
    this.untried = untried;
  }

  /** A record: on its way to the index, or settled already. */
  private sealed interface Entry {
    record Pending(DocumentWrite write) implements Entry {}

    record Done(Settlement settlement) implements Entry {}
  }

  static Batch of(List<Decoded> records) {
    List<Entry> entries = records.stream().map(Batch::entry).toList();
    Map<String, Deque<DocumentWrite>> untried = LinkedHashMap.newLinkedHashMap(records.size());
    entries.stream()
        .flatMap(
            entry ->
                entry instanceof Entry.Pending(DocumentWrite write)
                    ? Stream.of(write)
                    : Stream.empty())
        .sorted(Comparator.comparing(DocumentWrite::version).reversed())
        .forEach(write -> untried.computeIfAbsent(write.id(), _ -> new ArrayDeque<>()).add(write));
    return new Batch(entries, untried);
  }

  private static Entry entry(Decoded decoded) {
    return switch (decoded) {
      case Decoded.Changed(Change change) -> new Entry.Pending(DocumentWrite.of(change));
      case Decoded.ExpiryKept _ -> new Entry.Done(new Settlement.ExpiryKept());
      case Decoded.Unreadable(String problem) -> new Entry.Done(new Settlement.Unreadable(problem));
    };
  }

  /** The writes to make next, at most one for each item; empty when there is nothing left to do. */
  List<DocumentWrite> writes() {
    List<DocumentWrite> writes = new ArrayList<>();
    untried.forEach(
        (id, changes) -> {
          var before = outcomes.getOrDefault(id, Collections.emptyNavigableMap());
          // A duplicate of one that was refused would only be refused again.
          while (!changes.isEmpty() && before.containsKey(changes.getFirst().version())) {
            changes.removeFirst();
          }
          boolean due =
              before.isEmpty() || before.firstEntry().getValue() instanceof Outcome.Rejected;
          if (due && !changes.isEmpty()) {
            writes.add(changes.removeFirst());
          }
        });
    return writes;
  }

  /**
   * Takes in what became of {@link #writes()}.
   *
   * @param results in their order
   */
  void written(List<DocumentWrite> writes, List<Outcome> results) {
    for (int i = 0; i < writes.size(); i++) {
      DocumentWrite write = writes.get(i);
      tried.add(write);
      outcomes
          .computeIfAbsent(write.id(), _ -> new TreeMap<>())
          .put(write.version(), results.get(i));
    }
  }

  /** What became of each record. */
  List<Settlement> settlements() {
    return entries.stream().map(this::settlement).toList();
  }

  private Settlement settlement(Entry entry) {
    return switch (entry) {
      case Entry.Done(Settlement settlement) -> settlement;
      case Entry.Pending(DocumentWrite write) -> {
        // Of this version or, where that did not have to go to the index, of the next newer one.
        Outcome outcome =
            Objects.requireNonNull(outcomes.get(write.id()))
                .ceilingEntry(write.version())
                .getValue();
        yield tried.contains(write)
            ? new Settlement.Written(write, outcome)
            : new Settlement.Overtaken(write, outcome);
      }
    };
  }
}
