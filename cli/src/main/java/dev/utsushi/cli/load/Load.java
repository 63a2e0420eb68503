package dev.utsushi.cli.load;

import dev.utsushi.cli.demo.ServersStart;
import dev.utsushi.cli.terminal.Terminal;
import dev.utsushi.loadtest.report.Conclusion.Verdict;
import dev.utsushi.loadtest.report.LoadJson;
import dev.utsushi.loadtest.report.LoadPage;
import dev.utsushi.loadtest.report.LoadRun;
import dev.utsushi.loadtest.report.ScenarioResult;
import dev.utsushi.loadtest.report.ScenarioResult.Entry;
import dev.utsushi.loadtest.report.ScenarioResult.Group;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Load tests on the embedded parts, and their report. */
public final class Load {
  private static final List<String> SCENARIOS = List.of(ActivityLogLoad.NAME, Validation.NAME);

  private final Path functionJar;
  private final ReportFiles files;
  private final Terminal terminal;
  private final boolean debug;

  /**
   * @param directory for the report; made if it is not there
   * @param debug whether the function's own log is shown
   */
  public Load(Path functionJar, Path directory, Terminal terminal, boolean debug) {
    this.functionJar = functionJar;
    files = new ReportFiles(directory, terminal);
    this.terminal = terminal;
    this.debug = debug;
  }

  /** What became of it. */
  public enum Outcome {
    FAITHFUL,
    /** Table and index differ, or a change is in the dead-letter queue or nowhere. */
    DIFFERENT,
    INTERRUPTED;

    static Outcome of(List<LoadRun> runs) {
      if (runs.stream().anyMatch(run -> run.conclusion().verdict() == Verdict.INTERRUPTED)) {
        return INTERRUPTED;
      }
      return runs.stream().allMatch(run -> run.conclusion().isFaithful()) ? FAITHFUL : DIFFERENT;
    }
  }

  /**
   * Whether the options make sense, before anything is started.
   *
   * @throws IllegalArgumentException saying what does not
   */
  public static void check(
      Optional<String> scenario, LoadOptions traffic, PipelineOptions pipeline) {
    var _ = pipeline.settings();
    var _ = pipeline.longestWarmUp();
    if (scenario.isEmpty()) {
      var _ = traffic.traffic().plan();
      return;
    }
    if (!SCENARIOS.contains(scenario.get())) {
      throw new IllegalArgumentException(
          "there is no scenario '%s', only %s"
              .formatted(scenario.get(), String.join(" and ", SCENARIOS)));
    }
    if (traffic.isGiven() || pipeline.isGiven()) {
      throw new IllegalArgumentException(
          "--scenario has its own --rate, --factor and --batch-size");
    }
    requests(scenario.get(), traffic, pipeline).forEach(request -> request.traffic().plan());
  }

  private static List<LoadRequest> requests(
      String scenario, LoadOptions traffic, PipelineOptions pipeline) {
    return scenario.equals(Validation.NAME)
        ? new Validation(traffic, pipeline).requests()
        : new ActivityLogLoad(traffic, pipeline).requests();
  }

  /**
   * Runs one.
   *
   * @throws IllegalArgumentException if the options make no sense
   * @throws dev.utsushi.cli.demo.DemoException if something does not start
   */
  public Outcome one(LoadOptions traffic, PipelineOptions pipeline) throws InterruptedException {
    var request =
        new LoadRequest("load", traffic.traffic(), pipeline.settings(), pipeline.longestWarmUp());
    List<LoadRun> runs = run(List.of(request));
    if (!runs.isEmpty()) {
      LoadRun run = runs.getFirst();
      files.write("load.json", LoadJson.of(run));
      files.write("load.html", LoadPage.of(run));
      files.tell("load");
    }
    return Outcome.of(runs);
  }

  /**
   * Runs several that belong together.
   *
   * @throws IllegalArgumentException if the options make no sense
   * @throws dev.utsushi.cli.demo.DemoException if something does not start
   */
  public Outcome scenario(String name, LoadOptions traffic, PipelineOptions pipeline)
      throws InterruptedException {
    return name.equals(Validation.NAME)
        ? validate(traffic, pipeline)
        : activityLog(traffic, pipeline);
  }

  private Outcome activityLog(LoadOptions traffic, PipelineOptions pipeline)
      throws InterruptedException {
    var scenario = new ActivityLogLoad(traffic, pipeline);
    List<LoadRun> runs = run(scenario.requests());
    ScenarioResult result = scenario.result(runs);
    new ScenarioSummary(terminal).print(result);
    files.write(ActivityLogLoad.NAME + ".json", LoadJson.of(result));
    files.write(ActivityLogLoad.NAME + ".html", LoadPage.of(result));
    files.tell(ActivityLogLoad.NAME);
    return Outcome.of(runs);
  }

  /** Runs a grid of settings, and sets what is predicted of them beside it. */
  private Outcome validate(LoadOptions traffic, PipelineOptions pipeline)
      throws InterruptedException {
    List<LoadRun> runs = run(new Validation(traffic, pipeline).requests());
    Validation.print(runs, terminal);
    var entries = runs.stream().map(run -> new Entry("", run)).toList();
    var result =
        new ScenarioResult(
            Validation.NAME,
            "Runs that predictions are compared with",
            List.of(),
            List.of(new Group("Measured", entries)));
    files.write(Validation.NAME + ".json", LoadJson.of(result));
    files.write(Validation.NAME + ".html", LoadPage.of(result));
    files.tell(Validation.NAME);
    return Outcome.of(runs);
  }

  /** Runs one after the other, until one is interrupted. */
  List<LoadRun> run(List<LoadRequest> requests) throws InterruptedException {
    List<LoadRun> runs = new ArrayList<>();
    try (var aws = ServersStart.start(terminal)) {
      var runner = new LoadRunner(aws, functionJar, terminal, debug, InstantSource.system());
      var summary = new RunSummary(terminal);
      for (LoadRequest request : requests) {
        LoadRun run = runner.run(request);
        runs.add(run);
        summary.print(run);
        if (run.conclusion().verdict() == Verdict.INTERRUPTED) {
          break;
        }
      }
    }
    return runs;
  }
}
