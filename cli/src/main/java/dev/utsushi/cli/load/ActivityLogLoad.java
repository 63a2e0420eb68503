package dev.utsushi.cli.load;

import dev.utsushi.loadtest.plan.ActivityLogScenario;
import dev.utsushi.loadtest.plan.ActivityLogScenario.Run;
import dev.utsushi.loadtest.report.LoadRun;
import dev.utsushi.loadtest.report.ScenarioResult;
import dev.utsushi.loadtest.report.ScenarioResult.Entry;
import dev.utsushi.loadtest.report.ScenarioResult.Group;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The four runs that the first users measured by hand, under their conditions; then the same rates
 * with every lane that a shard has, and with larger batches.
 */
final class ActivityLogLoad {
  static final String NAME = "activity-log";
  private static final int MOST_LANES = 10;
  private static final int LARGER_BATCH = 100;

  private final LoadOptions traffic;
  private final PipelineOptions pipeline;

  ActivityLogLoad(LoadOptions traffic, PipelineOptions pipeline) {
    this.traffic = traffic;
    this.pipeline = pipeline;
  }

  /** Every run once: what stands in two groups is run for the first. */
  List<LoadRequest> requests() {
    return Stream.of(Setting.values())
        .flatMap(setting -> ActivityLogScenario.RUNS.stream().map(run -> request(run, setting)))
        .distinct()
        .toList();
  }

  /** A group of the table: what is changed of the published settings. */
  private enum Setting {
    AS_PUBLISHED("As published"),
    ALL_LANES("Batch size 1 at its best: every lane of the shard"),
    LARGER_BATCHES("Larger batches, with the published factor");

    private final String heading;

    Setting(String heading) {
      this.heading = heading;
    }

    int factor(Run run) {
      return this == ALL_LANES ? MOST_LANES : run.factor();
    }

    int batchSize() {
      return this == LARGER_BATCHES ? LARGER_BATCH : 1;
    }
  }

  private LoadRequest request(Run run, Setting setting) {
    return new LoadRequest(
        "%d/s, factor %d, batch %d"
            .formatted(run.writesPerSecond(), setting.factor(run), setting.batchSize()),
        traffic.traffic(Integer.toString(run.writesPerSecond())),
        pipeline.settings(setting.factor(run), setting.batchSize()),
        pipeline.longestWarmUp());
  }

  /** Sets what was run beside what was published; a run that was not done is left out. */
  ScenarioResult result(List<LoadRun> runs) {
    return new ScenarioResult(
        NAME,
        "Activity log: four published runs, run again",
        List.of(
            "One shard, batch size 1, about 40 ms an invocation: so the first users measured by"
                + " hand. How their writes were spread over time and items, and where their figures"
                + " begin and end, was not published.",
            "Real waits here: %s. The rest of an invocation's time is its own."
                .formatted(pipeline.settings().waits())),
        Stream.of(Setting.values()).map(setting -> group(setting, runs)).toList());
  }

  private Group group(Setting setting, List<LoadRun> runs) {
    return new Group(
        setting.heading,
        ActivityLogScenario.RUNS.stream()
            .flatMap(
                run ->
                    find(request(run, setting), runs)
                        .map(found -> new Entry(run.published(), found))
                        .stream())
            .distinct()
            .toList());
  }

  private static Optional<LoadRun> find(LoadRequest request, List<LoadRun> runs) {
    return runs.stream().filter(run -> run.name().equals(request.name())).findFirst();
  }
}
