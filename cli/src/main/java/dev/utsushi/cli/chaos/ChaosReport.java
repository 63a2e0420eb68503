package dev.utsushi.cli.chaos;

import dev.utsushi.cli.terminal.TextTable;
import dev.utsushi.telemetry.Metric;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * What a run came to.
 *
 * @param findings what should not be; empty for a faithful run
 * @param faults how often each kind really happened; of one that never did the run says nothing
 * @param line the run in one line
 */
public record ChaosReport(
    ChaosOptions options,
    List<String> findings,
    List<String> histories,
    Map<String, Long> faults,
    List<String> figures,
    String line) {
  private static final int COLUMNS = 120;
  private static final int MOST_FINDINGS = 30;
  private static final int MOST_HISTORIES = 3;

  static ChaosReport of(
      ChaosOptions options,
      Pipeline pipeline,
      Verdict verdict,
      List<Finding> findings,
      int remaining,
      Duration took) {
    return new ChaosReport(
        options,
        findings.stream().map(Finding::what).toList(),
        histories(pipeline, verdict, findings),
        pipeline.faults.byWords(),
        figures(pipeline, verdict, remaining),
        line(options, pipeline, verdict, findings, took));
  }

  public boolean faithful() {
    return findings.isEmpty();
  }

  private static String line(
      ChaosOptions options,
      Pipeline pipeline,
      Verdict verdict,
      List<Finding> findings,
      Duration took) {
    return "seed %d: %s; %,d changes, %,d deliveries, %,d faults, %,d dead letters, %d s"
        .formatted(
            options.seed(),
            findings.isEmpty()
                ? "faithful"
                : "NOT FAITHFUL, %d findings".formatted(findings.size()),
            verdict.changes(),
            pipeline.accounts.deliveries(),
            pipeline.faults.total(),
            pipeline.accounts.parked().size(),
            took.toSeconds());
  }

  /** How often each kind of fault happened, as lines of a table. */
  public static List<String> faultLines(Map<String, Long> faults) {
    TextTable table = new TextTable("fault", "happened");
    faults.forEach(
        (words, count) -> table.row(words, count == 0 ? "never" : "%,d".formatted(count)));
    return table.lines(COLUMNS);
  }

  private static List<String> figures(Pipeline pipeline, Verdict verdict, int remaining) {
    var accounts = pipeline.accounts;
    var totals = pipeline.totals;
    var engine = pipeline.engineWrites;
    return List.of(
        "table      %,d writes, %,d changes in %d streams"
            .formatted(
                pipeline.writer.written(), verdict.changes(), pipeline.truth.streamArns().size()),
        "index      %,d documents, %,d of them tombstones"
            .formatted(verdict.documents(), verdict.tombstones()),
        "deliveries %,d, %,d of them failed; %,d records came again"
            .formatted(accounts.deliveries(), accounts.failedDeliveries(), accounts.repeated()),
        "function   applied %,d, superseded %,d, deferred %,d, rejected %,d; retried inside %,d"
            .formatted(
                totals.sum(Metric.APPLIED),
                totals.sum(Metric.SUPERSEDED),
                totals.sum(Metric.DEFERRED),
                totals.sum(Metric.REJECTED),
                totals.sum(Metric.RETRIES)),
        "engine     %,d writes made, %,d not needed, %,d refused"
            .formatted(engine.written(), engine.unchanged(), engine.failed()),
        "queue      %,d dead letters, %,d left after the replay"
            .formatted(accounts.parked().size(), remaining));
  }

  private static List<String> histories(
      Pipeline pipeline, Verdict verdict, List<Finding> findings) {
    List<String> lines = new ArrayList<>();
    findings.stream()
        .flatMap(finding -> finding.item().stream())
        .distinct()
        .limit(MOST_HISTORIES)
        .forEach(item -> lines.addAll(history(item, pipeline, verdict)));
    return lines;
  }

  private static List<String> history(ItemName item, Pipeline pipeline, Verdict verdict) {
    List<String> lines = new ArrayList<>();
    lines.add("");
    lines.add("The history of " + item.text() + ", document " + item.documentId());
    lines.add("  in the table now: " + (verdict.inTable(item) ? "an item" : "nothing"));
    lines.add("  in the index now: " + verdict.standing(item));
    lines.add("  in the stream:");
    verdict.stream(item).forEach(change -> lines.add("    " + change));
    lines.add("  what happened, and faults around it:");
    pipeline.journal.history(item).forEach(entry -> lines.add("    " + entry));
    return lines;
  }

  /** All of it, to be read without the run at hand. */
  public List<String> lines() {
    List<String> lines = new ArrayList<>();
    lines.add(line);
    lines.add("again: " + options.command());
    lines.add("");
    faultLines(faults).forEach(text -> lines.add("  " + text));
    lines.add("");
    figures.forEach(text -> lines.add("  " + text));
    if (!faithful()) {
      lines.add("");
      lines.add("What should not be:");
      findings.stream().limit(MOST_FINDINGS).forEach(text -> lines.add("  " + text));
      if (findings.size() > MOST_FINDINGS) {
        lines.add("  and %,d more".formatted(findings.size() - MOST_FINDINGS));
      }
      lines.addAll(histories);
    }
    return lines;
  }
}
