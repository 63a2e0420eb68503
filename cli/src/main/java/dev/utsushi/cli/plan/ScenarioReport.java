package dev.utsushi.cli.plan;

import dev.utsushi.cli.terminal.TextTable;
import dev.utsushi.loadtest.plan.ActivityLogScenario;
import dev.utsushi.loadtest.plan.ActivityLogScenario.Assumption;
import dev.utsushi.loadtest.plan.ActivityLogScenario.Run;
import dev.utsushi.loadtest.simulation.SimulationResult;
import java.io.PrintWriter;
import java.time.Duration;

/** The four published runs, beside what is predicted of them. */
public final class ScenarioReport {
  private static final int COLUMNS = 120;

  private final long seed;

  public ScenarioReport(long seed) {
    this.seed = seed;
  }

  /** Simulates and prints. */
  public void print(PrintWriter out) {
    out.println(
        """
        Four runs as they were published: one shard, batch size 1, about 40 ms an invocation.
        Predicted for 60 s of writes from a cold start, Poisson arrivals, polls every 250 ms.
        Lags in seconds, write to indexed / write to searchable (a refresh each second). What the
        published figures end with is not known; searches were what people waited for.\
        """);
    for (Assumption assumption : ActivityLogScenario.ASSUMPTIONS) {
      out.printf("%nAssumed: %s%n", assumption.text());
      table(assumption).lines(COLUMNS).forEach(line -> out.println("  " + line));
    }
    out.println(
        """

        The inputs alone bring about the first three outcomes, and nothing near 5 s in the fourth. Two
        things that were not published would. Cold starts hold up the first changes of every run for
        seconds. A hot item holds up the fourth run alone: one of ten lanes can take an eighth of
        200 writes/s, and gets a tenth and the hot item; one of three can take two fifths of 63, and
        gets a third and the hot item. Both assumptions were chosen because they fit, and which of
        them was true can't be told from what was published.\
        """);
  }

  private TextTable table(Assumption assumption) {
    var table =
        new TextTable("writes/s", "factor", "published", "mean", "p99", "max", "at the end");
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
          atTheEnd(indexed));
    }
    return table;
  }

  private static String both(Duration indexed, Duration searchable) {
    return "%s / %s".formatted(Figures.seconds(indexed), Figures.seconds(searchable));
  }

  private static String atTheEnd(SimulationResult outcome) {
    if (!outcome.fallingBehind()) {
      return "keeps up";
    }
    return "%,d changes behind".formatted(outcome.backlog());
  }
}
