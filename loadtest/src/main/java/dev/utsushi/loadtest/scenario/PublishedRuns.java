package dev.utsushi.loadtest.scenario;

import dev.utsushi.loadtest.report.LoadRun;
import dev.utsushi.loadtest.report.ScenarioResult;
import dev.utsushi.loadtest.report.ScenarioResult.Entry;
import dev.utsushi.loadtest.report.ScenarioResult.Group;
import dev.utsushi.loadtest.run.EmbeddedRuns.Request;
import dev.utsushi.loadtest.scenario.ActivityLogScenario.Run;
import java.util.List;
import java.util.stream.Stream;

/**
 * Repeats the four published runs under their conditions, then the same rates with every lane of a
 * shard, and with larger batches.
 */
public final class PublishedRuns {
  public static final String NAME = "activity-log";
  private static final int MOST_LANES = 10;
  private static final int LARGER_BATCH = 100;

  private final Requests requests;

  public PublishedRuns(Requests requests) {
    this.requests = requests;
  }

  /** Which of the published settings a group of runs changes. */
  private enum Variant {
    AS_PUBLISHED("As published"),
    ALL_LANES("Batch size 1 at its best: every lane of the shard"),
    LARGER_BATCHES("Larger batches, with the published factor");

    private final String heading;

    Variant(String heading) {
      this.heading = heading;
    }
  }

  private Request request(Run run, Variant variant) {
    return requests.of(
        run.writesPerSecond(),
        variant == Variant.ALL_LANES ? MOST_LANES : run.factor(),
        variant == Variant.LARGER_BATCHES ? LARGER_BATCH : 1);
  }

  /** Returns every run once, even if it is in two groups. */
  public List<Request> requests() {
    return Stream.of(Variant.values())
        .flatMap(variant -> ActivityLogScenario.RUNS.stream().map(run -> request(run, variant)))
        .distinct()
        .toList();
  }

  /** Groups the runs with the published figures; a run that is missing is left out. */
  public ScenarioResult result(List<LoadRun> runs) {
    return new ScenarioResult(
        NAME,
        "Activity log: four published runs, repeated",
        List.of(
            "One shard, batch size 1, about 40 ms per invocation: measured by hand. How the writes"
                + " were spread over time and items, and where the figures begin and end, was not"
                + " published.",
            "Real waits here: %s. The rest of an invocation's time is its own."
                .formatted(requests().getFirst().settings().waits())),
        Stream.of(Variant.values())
            .map(variant -> new Group(variant.heading, entries(variant, runs)))
            .toList());
  }

  private List<Entry> entries(Variant variant, List<LoadRun> runs) {
    return ActivityLogScenario.RUNS.stream()
        .flatMap(
            published ->
                runs.stream()
                    .filter(run -> run.name().equals(request(published, variant).name()))
                    .map(run -> new Entry(published.published(), run)))
        .distinct()
        .toList();
  }
}
