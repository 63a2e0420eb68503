package dev.utsushi.cli.chaos;

import dev.utsushi.cli.terminal.TextTable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * What a run came to.
 *
 * @param findings what should not be; empty for a faithful run
 * @param faults how often each kind really happened; of one that never did the run says nothing
 */
public record ChaosReport(
    ChaosOptions options,
    List<String> findings,
    List<String> histories,
    Map<String, Long> faults,
    Figures figures,
    Duration took) {
  private static final int COLUMNS = 120;
  private static final int MOST_FINDINGS = 30;
  private static final int MOST_HISTORIES = 3;

  static ChaosReport of(
      ChaosOptions options,
      Pipeline pipeline,
      Evidence evidence,
      List<Finding> findings,
      Duration took) {
    return new ChaosReport(
        options,
        findings.stream().map(Finding::what).toList(),
        histories(pipeline.journal, evidence, findings),
        pipeline.faults.byWords(),
        Figures.of(pipeline, evidence),
        took);
  }

  public boolean faithful() {
    return findings.isEmpty();
  }

  /** The run in one line. */
  public String line() {
    return "seed %d: %s; %,d changes, %,d deliveries, %,d faults, %,d dead letters, %d s"
        .formatted(
            options.seed(),
            faithful() ? "faithful" : "NOT FAITHFUL, %,d findings".formatted(findings.size()),
            figures.table().changes(),
            figures.brought().deliveries(),
            faults.values().stream().mapToLong(Long::longValue).sum(),
            figures.deadLetters().parked(),
            took.toSeconds());
  }

  /** How often each kind of fault happened, as lines of a table. */
  public static List<String> faultLines(Map<String, Long> faults) {
    TextTable table = new TextTable("fault", "happened");
    faults.forEach(
        (words, count) -> table.row(words, count == 0 ? "never" : "%,d".formatted(count)));
    return table.lines(COLUMNS);
  }

  private static List<String> histories(
      Journal journal, Evidence evidence, List<Finding> findings) {
    List<String> lines = new ArrayList<>();
    findings.stream()
        .flatMap(finding -> finding.item().stream())
        .distinct()
        .limit(MOST_HISTORIES)
        .forEach(item -> lines.addAll(history(item, journal, evidence)));
    return lines;
  }

  private static List<String> history(ItemName item, Journal journal, Evidence evidence) {
    List<Change> changes = evidence.of(item);
    boolean inTable = !changes.isEmpty() && !changes.getLast().removal();
    StandingDocument stands = evidence.documents().get(item.documentId());
    List<String> lines = new ArrayList<>();
    lines.add("");
    lines.add("The history of " + item.text() + ", document " + item.documentId());
    lines.add("  in the table now: " + (inTable ? "an item" : "nothing"));
    lines.add(
        "  in the index now: "
            + (stands == null
                ? "no document"
                : "document at %s, indexed at %s".formatted(stands.line(), stands.indexedAt())));
    lines.add("  in the stream:");
    changes.forEach(change -> lines.add("    " + change.line()));
    lines.add("  what happened, and faults around it:");
    journal.history(item).forEach(entry -> lines.add("    " + entry));
    return lines;
  }

  /** All of it, to be read without the run at hand. */
  public List<String> lines() {
    List<String> lines = new ArrayList<>();
    lines.add(line());
    lines.add("again: " + options.command());
    lines.add("");
    faultLines(faults).forEach(text -> lines.add("  " + text));
    lines.add("");
    figures.lines().forEach(text -> lines.add("  " + text));
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
