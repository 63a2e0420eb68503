package dev.utsushi.cli.plan;

import dev.utsushi.cli.terminal.Terminal;
import dev.utsushi.cli.terminal.TextTable;
import dev.utsushi.loadtest.scenario.ActivityLogScenario;
import dev.utsushi.loadtest.scenario.ActivityLogScenario.Assumption;
import dev.utsushi.loadtest.scenario.ActivityLogScenario.Run;
import dev.utsushi.loadtest.simulation.SimulationResult;
import java.time.Duration;

/** Simulates the four published runs and prints them beside the published results. */
public final class ScenarioPrinter {
  private ScenarioPrinter() {}

  public static void print(Terminal terminal, long seed) {
    terminal.text(ScenarioPrinter.class, "scenario-inputs.txt");
    for (Assumption assumption : ActivityLogScenario.ASSUMPTIONS) {
      terminal.heading("Assumed: " + assumption.text());
      terminal.wholeTable(table(assumption, seed));
    }
    terminal.text(ScenarioPrinter.class, "scenario-result.txt");
  }

  private static TextTable table(Assumption assumption, long seed) {
    var table = new TextTable("writes/s", "factor", "published", "mean", "p99", "max", "result");
    for (Run run : ActivityLogScenario.RUNS) {
      SimulationResult indexed = ActivityLogScenario.simulate(run, assumption, Duration.ZERO, seed);
      SimulationResult searchable =
          ActivityLogScenario.simulate(run, assumption, ActivityLogScenario.REFRESH, seed);
      table.row(
          Integer.toString(run.writesPerSecond()),
          Integer.toString(run.factor()),
          run.published(),
          both(indexed.lag().mean(), searchable.lag().mean()),
          both(indexed.lag().percentile(99), searchable.lag().percentile(99)),
          both(indexed.lag().max(), searchable.lag().max()),
          indexed.fallingBehind() ? "%,d changes behind".formatted(indexed.backlog()) : "keeps up");
    }
    return table;
  }

  private static String both(Duration indexed, Duration searchable) {
    return "%,.2f / %,.2f".formatted(indexed.toNanos() / 1e9, searchable.toNanos() / 1e9);
  }
}
