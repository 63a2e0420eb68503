package dev.utsushi.cli.load;

import dev.utsushi.cli.terminal.Terminal;
import dev.utsushi.cli.terminal.TextTable;
import dev.utsushi.loadtest.measurement.LoadMeasurement;
import dev.utsushi.loadtest.report.LoadRun;
import dev.utsushi.loadtest.report.ScenarioResult;
import dev.utsushi.loadtest.report.ScenarioResult.Entry;
import dev.utsushi.loadtest.report.ScenarioResult.Group;
import java.time.Duration;

/** Several runs beside what was published of them. */
final class ScenarioSummary {
  private final Terminal terminal;

  ScenarioSummary(Terminal terminal) {
    this.terminal = terminal;
  }

  void print(ScenarioResult scenario) {
    terminal.heading(scenario.title());
    terminal.line("Lags from write to indexed, in seconds; an invocation in milliseconds.");
    for (Group group : scenario.groups()) {
      if (!group.entries().isEmpty()) {
        terminal.heading(group.heading());
        terminal.wholeTable(table(group));
      }
    }
  }

  private static TextTable table(Group group) {
    var table =
        new TextTable(
            "writes/s",
            "factor",
            "batch",
            "published",
            "invocation",
            "mean",
            "p50",
            "p99",
            "max",
            "searchable p99",
            "lane",
            "");
    group.entries().forEach(entry -> row(table, entry));
    return table;
  }

  private static void row(TextTable table, Entry entry) {
    LoadRun run = entry.run();
    LoadMeasurement measured = run.measurement();
    table.row(
        "%.0f".formatted(run.traffic().profile().meanPerSecond()),
        Integer.toString(run.settings().factor()),
        Integer.toString(run.settings().batchSize()),
        entry.published(),
        "%.0f".formatted(measured.invocationTime().mean().toNanos() / 1e6),
        seconds(measured.indexed().mean()),
        seconds(measured.indexed().percentile(50)),
        seconds(measured.indexed().percentile(99)),
        seconds(measured.indexed().max()),
        seconds(measured.searchable().percentile(99)),
        "%.0f%%".formatted(measured.busiestLane() * 100),
        ending(run));
  }

  private static String ending(LoadRun run) {
    String pace = run.measurement().backlog().fallingBehind() ? "falls behind" : "keeps up";
    String machine = run.machineAtItsEnd() ? ", machine at its end" : "";
    String copy =
        switch (run.conclusion().verdict()) {
          case EQUAL -> run.conclusion().isFaithful() ? "" : ", DEAD LETTERS";
          case DIFFERENT, INCOMPLETE -> ", NOT EQUAL";
          case INTERRUPTED -> ", broken off";
        };
    return pace + machine + copy;
  }

  private static String seconds(Duration duration) {
    return "%,.2f".formatted(duration.toNanos() / 1e9);
  }
}
