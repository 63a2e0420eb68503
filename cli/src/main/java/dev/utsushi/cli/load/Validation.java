package dev.utsushi.cli.load;

import dev.utsushi.cli.terminal.Terminal;
import dev.utsushi.cli.terminal.TextTable;
import dev.utsushi.loadtest.plan.PlanCell;
import dev.utsushi.loadtest.report.LoadRun;
import dev.utsushi.loadtest.simulation.FunctionModel;
import dev.utsushi.loadtest.simulation.MappingModel;
import dev.utsushi.loadtest.simulation.Setup;
import dev.utsushi.loadtest.simulation.Simulation;
import dev.utsushi.loadtest.simulation.SimulationResult;
import dev.utsushi.loadtest.simulation.StreamModel;
import dev.utsushi.loadtest.units.LagHistogram;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Sets predictions beside measurements: each setting is run, and then simulated with the same
 * arrival times and the invocation times that the run measured, as {@code utsushi plan
 * --load-result} would. What is tested is so what the simulation adds: polls, lanes and batches.
 */
final class Validation {
  static final String NAME = "validate";

  /** How far a prediction may be off, where lanes have room. */
  private static final double MOST_OFF = 0.3;

  private static final int RETRIES = 3;

  /** As {@code utsushi plan} takes it unless told otherwise. */
  private static final Duration PER_RECORD = Duration.ofNanos(300_000);

  /** A point of the grid: some with little to do, some nearly full, with and without batches. */
  private record Point(int rate, int factor, int batchSize) {}

  private static final List<Point> GRID =
      List.of(
          new Point(10, 1, 1),
          new Point(20, 1, 1),
          new Point(63, 3, 1),
          new Point(63, 6, 1),
          new Point(63, 1, 10),
          new Point(63, 1, 100),
          new Point(120, 10, 1),
          new Point(120, 2, 10),
          new Point(200, 10, 1),
          new Point(200, 1, 100));

  /** A percentile, measured and predicted. */
  private record Pair(Duration measured, Duration predicted) {

    static Pair of(double percentile, LagHistogram measured, LagHistogram predicted) {
      return new Pair(measured.percentile(percentile), predicted.percentile(percentile));
    }

    /** Of what was measured; negative for predicted too low. */
    double off() {
      double truth = Math.max(1, measured.toNanos());
      return (predicted.toNanos() - truth) / truth;
    }

    boolean isClose() {
      return Math.abs(off()) <= MOST_OFF;
    }
  }

  private record Compared(LoadRun run, SimulationResult predicted, Pair p50, Pair p99) {

    /** Above that, lag is what chance makes of it. */
    boolean counts() {
      return run.measurement().busiestLane() < PlanCell.MOST_LANE_USE
          && predicted.busiestLaneUse() < PlanCell.MOST_LANE_USE;
    }

    boolean isClose() {
      return p50.isClose() && p99.isClose();
    }
  }

  private final LoadOptions traffic;
  private final PipelineOptions pipeline;

  Validation(LoadOptions traffic, PipelineOptions pipeline) {
    this.traffic = traffic;
    this.pipeline = pipeline;
  }

  List<LoadRequest> requests() {
    return GRID.stream().map(this::request).toList();
  }

  private LoadRequest request(Point point) {
    return new LoadRequest(
        "%d/s, factor %d, batch %d".formatted(point.rate(), point.factor(), point.batchSize()),
        traffic.traffic(Integer.toString(point.rate())),
        pipeline.settings(point.factor(), point.batchSize()),
        pipeline.longestWarmUp());
  }

  /** Simulates every run, and prints both. */
  static void print(List<LoadRun> runs, Terminal terminal) {
    List<Compared> compared = new ArrayList<>();
    runs.forEach(run -> compare(run).ifPresent(compared::add));
    terminal.heading("Predicted against measured: write to indexed, in milliseconds");
    terminal.table(table(compared));
    long counting = compared.stream().filter(Compared::counts).count();
    long close = compared.stream().filter(Compared::counts).filter(Compared::isClose).count();
    terminal.line(
        "%d of %d settings with lanes less than %.0f %% busy have p50 and p99 predicted within %.0f %%."
            .formatted(close, counting, PlanCell.MOST_LANE_USE * 100, MOST_OFF * 100));
  }

  private static Optional<Compared> compare(LoadRun run) {
    return run.measurement()
        .invocation()
        .map(
            invocation -> {
              var settings = run.settings();
              var setup =
                  new Setup(
                      StreamModel.ofShards(1),
                      new MappingModel(
                          settings.factor(), settings.batchSize(), settings.window(), RETRIES),
                      FunctionModel.of(invocation.time(PER_RECORD)));
              SimulationResult predicted =
                  Simulation.run(
                      run.traffic().simulated(Duration.ZERO), setup, run.traffic().seed());
              LagHistogram measured = run.measurement().indexed();
              return new Compared(
                  run,
                  predicted,
                  Pair.of(50, measured, predicted.lag()),
                  Pair.of(99, measured, predicted.lag()));
            });
  }

  private static TextTable table(List<Compared> compared) {
    var table =
        new TextTable(
            "writes/s",
            "factor",
            "batch",
            "lane",
            "predicted",
            "p50",
            "predicted",
            "off",
            "p99",
            "predicted",
            "off",
            "");
    for (Compared each : compared) {
      table.row(
          "%.0f".formatted(each.run().traffic().profile().meanPerSecond()),
          Integer.toString(each.run().settings().factor()),
          Integer.toString(each.run().settings().batchSize()),
          percent(each.run().measurement().busiestLane()),
          percent(each.predicted().busiestLaneUse()),
          millis(each.p50().measured()),
          millis(each.p50().predicted()),
          "%+.0f%%".formatted(each.p50().off() * 100),
          millis(each.p99().measured()),
          millis(each.p99().predicted()),
          "%+.0f%%".formatted(each.p99().off() * 100),
          note(each));
    }
    return table;
  }

  private static String note(Compared each) {
    if (!each.counts()) {
      return "no room";
    }
    return each.isClose() ? "close" : "off";
  }

  private static String percent(double share) {
    return "%.0f%%".formatted(share * 100);
  }

  private static String millis(Duration duration) {
    return "%,.0f".formatted(duration.toNanos() / 1e6);
  }
}
