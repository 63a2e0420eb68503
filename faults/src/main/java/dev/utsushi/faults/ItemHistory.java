package dev.utsushi.faults;

import dev.utsushi.faults.checker.FinalState;
import dev.utsushi.faults.checker.FinalState.IndexState;
import dev.utsushi.faults.checker.FinalState.IndexedState;
import dev.utsushi.faults.checker.Violation;
import dev.utsushi.faults.history.History;
import dev.utsushi.faults.history.History.Entry;
import dev.utsushi.faults.history.ItemName;
import dev.utsushi.faults.history.Operation.StreamChange;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** Explains what happened to an item, from the table's writes to the engine's replies. */
record ItemHistory(History history, FinalState state, List<Violation> violations) {
  /** Faults that are close enough to matter to the item. */
  private static final Duration AROUND = Duration.ofMillis(500);

  private static final int MAX_LINES = 400;

  private record Line(Instant at, String text) {
    String since(Instant start) {
      return "%9.3f s  %s".formatted(Duration.between(start, at).toMillis() / 1000.0, text);
    }
  }

  List<String> lines(ItemName item) {
    List<StreamChange> own =
        history.changes().stream().filter(each -> each.item().equals(item)).toList();
    boolean inTable = !own.isEmpty() && !own.getLast().removal();
    List<String> lines = new ArrayList<>();
    lines.add("");
    lines.add("History of " + item.text() + ", document " + item.documentId());
    lines.add("  in the table now: " + (inTable ? "an item" : "nothing"));
    for (IndexState index : state.indexes()) {
      IndexedState indexed = index.documents().get(item.documentId());
      lines.add(
          "  in %s now: %s"
              .formatted(
                  index.expected().name(),
                  indexed == null
                      ? "no document"
                      : "document at %s, indexed at %s"
                          .formatted(indexed.line(), indexed.indexedAt())));
    }
    lines.add("  in the streams:");
    own.forEach(change -> lines.add("    " + change.line()));
    lines.add("  observed, with the faults around it:");
    List<Entry> entries = history.entries();
    observed(item, entries)
        .forEach(line -> lines.add("    " + line.since(entries.getFirst().at())));
    return lines;
  }

  /** In order of time; of an item with a long history, the end. */
  private List<Line> observed(ItemName item, List<Entry> entries) {
    List<Line> lines = new ArrayList<>();
    for (Entry entry : entries) {
      entry.operation().about(item).forEach(text -> lines.add(new Line(entry.at(), text)));
    }
    for (Violation violation : violations) {
      if (violation.item().equals(Optional.of(item))) {
        violation.at().ifPresent(at -> lines.add(new Line(at, "FOUND    " + violation.what())));
      }
    }
    List<Line> all =
        new ArrayList<>(lines.subList(Math.max(0, lines.size() - MAX_LINES), lines.size()));
    for (Entry entry : entries) {
      if (!entry.operation().headline().isEmpty() && isNear(entry, lines)) {
        all.add(new Line(entry.at(), entry.operation().headline()));
      }
    }
    all.sort(Comparator.comparing(Line::at));
    return all;
  }

  private static boolean isNear(Entry entry, List<Line> lines) {
    return lines.stream()
        .anyMatch(line -> Duration.between(entry.at(), line.at()).abs().compareTo(AROUND) <= 0);
  }
}
