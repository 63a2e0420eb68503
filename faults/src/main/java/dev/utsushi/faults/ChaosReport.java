package dev.utsushi.faults;

import dev.utsushi.core.run.Segment;
import dev.utsushi.core.telemetry.Metric;
import dev.utsushi.faults.checker.FinalState;
import dev.utsushi.faults.checker.FinalState.IndexState;
import dev.utsushi.faults.checker.Violation;
import dev.utsushi.faults.history.History;
import dev.utsushi.faults.history.History.Count;
import dev.utsushi.faults.nemesis.Fault;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The result of a run.
 *
 * @param violations empty for a faithful run
 * @param streams the number of streams that the table has had
 * @param searched the number of texts in which the planted secret was looked for
 */
public record ChaosReport(
    ChaosOptions options,
    List<Violation> violations,
    History history,
    FinalState state,
    int streams,
    long searched,
    Duration took) {
  private static final int MAX_VIOLATIONS = 30;
  private static final int MAX_HISTORIES = 3;

  public boolean faithful() {
    return violations.isEmpty();
  }

  /** How often each fault took effect; a run says nothing about one that never did. */
  public Map<String, Long> faults() {
    Map<String, Long> faults = new LinkedHashMap<>();
    for (Fault fault : Fault.all(options.workerJars().isPresent())) {
      faults.put(fault.description(), history.injected(fault.description()));
    }
    return faults;
  }

  /** The same as lines of a table, also for several runs together. */
  public static List<String> faultLines(Map<String, Long> faults) {
    int width = faults.keySet().stream().mapToInt(String::length).max().orElse(0);
    String format = "%%-%ds  %%s".formatted(width);
    List<String> lines = new ArrayList<>();
    lines.add(format.formatted("fault", "happened"));
    faults.forEach(
        (fault, times) ->
            lines.add(format.formatted(fault, times == 0 ? "never" : "%,d".formatted(times))));
    return lines;
  }

  /** The run in one line. */
  public String line() {
    boolean workers = options.workerJars().isPresent();
    return "seed %d: %s; %,d changes, %,d %s, %,d faults, %,d dead letters, %d s"
        .formatted(
            options.seed(),
            faithful() ? "faithful" : "NOT FAITHFUL, %,d violations".formatted(violations.size()),
            history.changes().size(),
            history.count(workers ? Count.CHECKPOINTS : Count.DELIVERIES),
            workers ? "checkpoints" : "deliveries",
            history.count(Count.FAULTS),
            history.deadLetters(),
            took.toSeconds());
  }

  /** The whole report, which can be understood without the run. */
  public List<String> lines() {
    List<String> lines = new ArrayList<>();
    lines.add(line());
    lines.add("again: " + options.command());
    lines.add("");
    faultLines(faults()).forEach(line -> lines.add("  " + line));
    lines.add("");
    figures().forEach(line -> lines.add("  " + line));
    if (!faithful()) {
      lines.add("");
      lines.add("Violations:");
      violations.stream().limit(MAX_VIOLATIONS).forEach(each -> lines.add("  " + each.what()));
      if (violations.size() > MAX_VIOLATIONS) {
        lines.add("  and %,d more".formatted(violations.size() - MAX_VIOLATIONS));
      }
      var explanation = new ItemHistory(history, state, violations);
      violations.stream()
          .flatMap(violation -> violation.item().stream())
          .distinct()
          .limit(MAX_HISTORIES)
          .forEach(item -> lines.addAll(explanation.lines(item)));
    }
    return lines;
  }

  private List<String> figures() {
    int changes = history.changes().size();
    List<String> figures = new ArrayList<>();
    figures.add(
        "table      %,d writes, %,d changes in %d streams; %,d came twice, %,d after a newer one"
            .formatted(
                history.count(Count.TABLE_WRITES),
                changes,
                streams,
                history.records().size() - changes,
                history.overtaken()));
    for (IndexState index : state.indexes()) {
      figures.add(
          "index      %,d documents, %,d of them tombstones%s"
              .formatted(
                  index.documents().size(),
                  index.tombstones(),
                  options.targets() == 1 ? "" : ", in " + index.expected().name()));
    }
    figures.add(
        "backfill   %,d items, %,d written, %,d superseded, %,d rejected; %,d pages read"
            .formatted(
                state.backfill().count(Segment.Count.ITEMS),
                state.backfill().count(Segment.Count.WRITTEN),
                state.backfill().count(Segment.Count.SUPERSEDED),
                state.backfill().count(Segment.Count.REJECTED),
                history.count(Count.PAGES_READ)));
    figures.addAll(consumer());
    figures.add(
        "engine     %,d writes, %,d no-ops, %,d refusals"
            .formatted(
                history.count(Count.ENGINE_WRITES),
                history.count(Count.ENGINE_NOOPS),
                history.count(Count.ENGINE_REFUSALS)));
    figures.add(
        "queue      %,d dead letters; %,d messages are left, of poison (duplicates included)"
            .formatted(history.deadLetters(), state.keptMessages()));
    if (options.targets() > 1) {
      figures.add("secret     looked for in %,d texts".formatted(searched));
    }
    return figures;
  }

  private List<String> consumer() {
    if (options.workerJars().isPresent()) {
      return List.of("workers    %,d checkpoints".formatted(history.count(Count.CHECKPOINTS)));
    }
    return List.of(
        "deliveries %,d, %,d of them failed; %,d records were delivered again"
            .formatted(
                history.count(Count.DELIVERIES),
                history.count(Count.FAILED_DELIVERIES),
                history.count(Count.REPEATED_RECORDS)),
        "function   applied %,d, superseded %,d, deferred %,d, rejected %,d; retried %,d inside"
            .formatted(
                state.log().sum(Metric.APPLIED),
                state.log().sum(Metric.SUPERSEDED),
                state.log().sum(Metric.DEFERRED),
                state.log().sum(Metric.REJECTED),
                state.log().sum(Metric.RETRIES)));
  }
}
