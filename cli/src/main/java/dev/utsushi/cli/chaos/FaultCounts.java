package dev.utsushi.cli.chaos;

import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;

/** How often each kind of fault really happened: hit something, that is, and not only was tried. */
final class FaultCounts {
  private final Map<FaultKind, Long> counts = new EnumMap<>(FaultKind.class);
  private final Journal journal;

  FaultCounts(Journal journal) {
    this.journal = journal;
  }

  synchronized void happened(FaultKind kind, String detail) {
    counts.merge(kind, 1L, Long::sum);
    journal.fault(
        detail.isEmpty() ? "FAULT " + kind.words() : "FAULT " + kind.words() + ", " + detail);
  }

  synchronized long count(FaultKind kind) {
    return counts.getOrDefault(kind, 0L);
  }

  synchronized long total() {
    return counts.values().stream().mapToLong(Long::longValue).sum();
  }

  /** All kinds, in their order, those that never happened too. */
  synchronized Map<String, Long> byWords() {
    Map<String, Long> byWords = new LinkedHashMap<>();
    for (FaultKind kind : FaultKind.values()) {
      byWords.put(kind.words(), count(kind));
    }
    return byWords;
  }
}
