package dev.utsushi.faults.checker;

import dev.utsushi.core.run.Segment;
import dev.utsushi.faults.checker.FinalState.BackfillState;
import dev.utsushi.faults.history.History;
import dev.utsushi.faults.history.History.Count;
import dev.utsushi.faults.history.History.Entry;
import dev.utsushi.faults.history.Operation.ExtraWorker;
import dev.utsushi.faults.history.Operation.PageRead;
import dev.utsushi.faults.nemesis.FaultPoints;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;

/** Checks a backfill's own figures, and that it kept to its read capacity. */
final class BackfillChecks {
  /** As many workers read a page before any of them has to wait. */
  private static final int WORKERS = FaultPoints.MOST_WORKERS_OF_A_RUN;

  private BackfillChecks() {}

  /**
   * Returns what is wrong with a backfill.
   *
   * @param isWhole whether each item is in an index; otherwise in one at most
   */
  static List<Violation> violations(History history, BackfillState run, boolean isWhole) {
    List<String> found = new ArrayList<>();
    if (run.open() != 0) {
      found.add("the backfill has %d open segments".formatted(run.open()));
    }
    long items = run.count(Segment.Count.ITEMS);
    long written = run.count(Segment.Count.WRITTEN);
    long others = run.count(Segment.Count.SUPERSEDED) + run.count(Segment.Count.REJECTED);
    if (isWhole ? items != written + others : items < written + others) {
      found.add(
          "the backfill counts %,d items, %,d of them written, and %,d superseded or rejected"
              .formatted(items, written, others));
    }
    long changed = history.count(Count.BACKFILL_WRITES);
    if (written > changed) {
      found.add(
          "the backfill counts %,d documents as written; the engine wrote %,d"
              .formatted(written, changed));
    }
    checkReads(history.entries(), run.readCapacity(), found);
    return found.stream().map(Violation::general).toList();
  }

  /**
   * A worker waits after a page for what it used. One that dies does not, and one that is not alone
   * on its segment takes the place of one that would.
   */
  private static void checkReads(List<Entry> entries, double capacity, List<String> found) {
    List<Entry> reads =
        entries.stream()
            .filter(
                entry ->
                    entry.operation() instanceof PageRead
                        || entry.operation() instanceof ExtraWorker)
            .toList();
    for (int first = 0; first < reads.size(); first++) {
      double units = 0;
      List<Double> largestFirst = new ArrayList<>();
      int unpaid = WORKERS;
      for (int last = first; last < reads.size(); last++) {
        Entry entry = reads.get(last);
        if (!(entry.operation() instanceof PageRead(double page))) {
          unpaid++;
          continue;
        }
        units += page;
        int place = Collections.binarySearch(largestFirst, page, Comparator.reverseOrder());
        largestFirst.add(place < 0 ? ~place : place, page);
        double seconds = Duration.between(reads.get(first).at(), entry.at()).toMillis() / 1000.0;
        double most =
            capacity * seconds
                + largestFirst.stream().limit(unpaid).mapToDouble(each -> each).sum();
        if (units > most) {
          found.add(
              "the backfill read %.1f units in %.1f s, but may read %.1f: %s"
                  .formatted(units, seconds, most, line(reads.subList(first, last + 1))));
          return;
        }
      }
    }
  }

  private static String line(List<Entry> reads) {
    Instant first = reads.getFirst().at();
    return reads.stream()
        .map(
            each ->
                "%s at %d ms"
                    .formatted(
                        each.operation() instanceof PageRead(double page)
                            ? "%.1f".formatted(page)
                            : "another worker",
                        Duration.between(first, each.at()).toMillis()))
        .collect(Collectors.joining(", "));
  }
}
