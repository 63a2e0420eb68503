package dev.utsushi.loadtest.scenario;

import dev.utsushi.loadtest.plan.PlanCell;
import dev.utsushi.loadtest.report.LoadRun;
import dev.utsushi.loadtest.report.Scenario;
import dev.utsushi.loadtest.report.Scenario.Entry;
import dev.utsushi.loadtest.report.Scenario.Group;
import dev.utsushi.loadtest.simulation.FunctionModel;
import dev.utsushi.loadtest.simulation.MappingModel;
import dev.utsushi.loadtest.simulation.Setup;
import dev.utsushi.loadtest.simulation.Simulation;
import dev.utsushi.loadtest.simulation.SimulationResult;
import dev.utsushi.loadtest.simulation.StreamModel;
import java.time.Duration;
import java.util.List;

/**
 * Compares predictions with measurements. Each setting runs, and is then simulated with the same
 * arrival times and the invocation times of the run, as {@code utsushi plan --load-result} does. So
 * this tests what the simulation adds: polls, lanes and batches.
 */
public final class Validation {
  public static final String NAME = "validate";

  /** How far a prediction may be off where lanes have capacity left. */
  public static final double TOLERANCE = 0.3;

  private static final int RETRIES = 3;

  /** The default of {@code utsushi plan}. */
  private static final Duration PER_RECORD = Duration.ofNanos(300_000);

  /** From nearly idle to nearly full, with and without batches. */
  private static final List<TestPoint> GRID =
      List.of(
          new TestPoint(10, 1, 1),
          new TestPoint(20, 1, 1),
          new TestPoint(63, 3, 1),
          new TestPoint(63, 6, 1),
          new TestPoint(63, 1, 10),
          new TestPoint(63, 1, 100),
          new TestPoint(120, 10, 1),
          new TestPoint(120, 2, 10),
          new TestPoint(200, 10, 1),
          new TestPoint(200, 1, 100));

  private Validation() {}

  /** A run and its prediction. */
  public record Compared(LoadRun run, SimulationResult predicted) {

    /** Whether lanes have capacity left: without, lag varies too much between runs to compare. */
    public boolean counts() {
      return run.measurement().busiestLane() < PlanCell.MAX_LANE_USE
          && predicted.busiestLaneUse() < PlanCell.MAX_LANE_USE;
    }

    public boolean isClose() {
      return Math.abs(error(50)) <= TOLERANCE && Math.abs(error(99)) <= TOLERANCE;
    }

    public Duration measuredLag(double percentile) {
      return run.measurement().indexed().percentile(percentile);
    }

    public Duration predictedLag(double percentile) {
      return predicted.lag().percentile(percentile);
    }

    /** Returns the relative error of the prediction; negative if it is too low. */
    public double error(double percentile) {
      double truth = Math.max(1, measuredLag(percentile).toNanos());
      return (predictedLag(percentile).toNanos() - truth) / truth;
    }
  }

  /** Returns the tests. */
  public static Scenario<TestPoint> scenario() {
    List<Entry<TestPoint>> entries = GRID.stream().map(point -> new Entry<>("", point)).toList();
    return new Scenario<>(
        NAME,
        "Runs that predictions are compared with",
        List.of(),
        List.of(new Group<>("Measured", entries)));
  }

  /** Simulates every run that invoked the function. */
  public static List<Compared> compare(List<LoadRun> runs) {
    return runs.stream()
        .flatMap(
            run ->
                run.measurement().invocation().stream()
                    .map(invocation -> compare(run, FunctionModel.of(invocation.time(PER_RECORD)))))
        .toList();
  }

  private static Compared compare(LoadRun run, FunctionModel function) {
    var settings = run.settings();
    var mapping =
        new MappingModel(settings.factor(), settings.batchSize(), settings.window(), RETRIES);
    var setup = new Setup(StreamModel.ofShards(1), mapping, function);
    return new Compared(run, Simulation.run(run.traffic().simulated(Duration.ZERO), setup));
  }
}
