package dev.utsushi.loadtest.scenario;

import dev.utsushi.loadtest.report.Scenario;
import dev.utsushi.loadtest.report.Scenario.Entry;
import dev.utsushi.loadtest.report.Scenario.Group;
import dev.utsushi.loadtest.scenario.ActivityLogScenario.Run;
import java.util.List;
import java.util.function.Function;

/**
 * Repeats the four published runs under their conditions, then the same rates with every lane of a
 * shard, and with larger batches.
 */
public final class PublishedRuns {
  public static final String NAME = "activity-log";
  private static final int MOST_LANES = 10;
  private static final int LARGER_BATCH = 100;

  private PublishedRuns() {}

  /**
   * Returns the tests, which share some runs.
   *
   * @param waits the real waits of the pipeline, in words
   */
  public static Scenario<TestPoint> scenario(String waits) {
    return new Scenario<>(
        NAME,
        "Activity log: four published runs, repeated",
        List.of(
            "One shard, batch size 1, about 40 ms per invocation: measured by hand. How the writes"
                + " were spread over time and items, and where the figures begin and end, was not"
                + " published.",
            "Real waits here: %s. The rest of an invocation's time is its own.".formatted(waits)),
        List.of(
            group("As published", run -> new TestPoint(run.writesPerSecond(), run.factor(), 1)),
            group(
                "Batch size 1 at its best: every lane of the shard",
                run -> new TestPoint(run.writesPerSecond(), MOST_LANES, 1)),
            group(
                "Larger batches, with the published factor",
                run -> new TestPoint(run.writesPerSecond(), run.factor(), LARGER_BATCH))));
  }

  private static Group<TestPoint> group(String heading, Function<Run, TestPoint> test) {
    return new Group<>(
        heading,
        ActivityLogScenario.RUNS.stream()
            .map(run -> new Entry<>(run.published(), test.apply(run)))
            .distinct()
            .toList());
  }
}
