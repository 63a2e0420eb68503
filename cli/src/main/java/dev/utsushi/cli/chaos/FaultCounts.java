package dev.utsushi.cli.chaos;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

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

  synchronized List<FaultKind> neverHappened() {
    return Stream.of(FaultKind.values()).filter(kind -> !counts.containsKey(kind)).toList();
  }
}
