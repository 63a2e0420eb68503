package dev.utsushi.cli.demo;

import dev.utsushi.cli.terminal.Terminal;
import dev.utsushi.cli.terminal.WaitingChanges;
import dev.utsushi.core.telemetry.Metric;
import dev.utsushi.loadtest.measurement.LoadMeasurement;
import dev.utsushi.loadtest.measurement.RunRecorder.Moment;
import dev.utsushi.loadtest.measurement.TestedPipeline;
import dev.utsushi.loadtest.report.Conclusion;
import dev.utsushi.loadtest.report.Conclusion.Verdict;
import dev.utsushi.loadtest.report.LoadRun;
import dev.utsushi.loadtest.run.EmbeddedRuns;
import dev.utsushi.loadtest.run.EmbeddedTarget;
import dev.utsushi.loadtest.run.LoadListener;
import dev.utsushi.loadtest.run.LoadTest;
import dev.utsushi.loadtest.run.LoadTestException;
import dev.utsushi.loadtest.run.WarmUp;
import dev.utsushi.loadtest.traffic.ArrivalProfile;
import dev.utsushi.loadtest.traffic.Traffic;
import dev.utsushi.loadtest.units.LagHistogram;
import dev.utsushi.local.mapping.MappingCounters;
import dev.utsushi.operations.stack.LocalEndpoints;
import dev.utsushi.testbed.activity.ActivityLog;
import dev.utsushi.testbed.activity.ActivityTable;
import dev.utsushi.testbed.activity.SampleTexts;
import dev.utsushi.testbed.comparison.ComparisonReport;
import dev.utsushi.testbed.pipeline.EmbeddedPipeline;
import dev.utsushi.testbed.pipeline.FunctionLog;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Starts the pipeline on this machine, writes to it, searches, and compares table and index. */
public final class Demo implements LoadListener {
  private static final int DEALS = 30;
  private static final int MOST_DIFFERENCES = 20;

  /**
   * The options of a demo.
   *
   * @param traffic at a steady rate
   * @param consumers of the table's changes, 1 or 2
   * @param keep whether everything keeps running at the end
   * @param debug whether to print the functions' log lines
   */
  public record Options(
      Traffic traffic,
      TestedPipeline.Embedded settings,
      SampleTexts.Language language,
      int consumers,
      boolean keep,
      boolean debug,
      Path functionJar) {}

  /** The index of the second consumer. */
  private static final String CONSUMER = "activity-logs-by-owner";

  private static final Duration LONGEST_WAIT = Duration.ofSeconds(30);
  private static final Duration LOOK_INTERVAL = Duration.ofSeconds(1);

  private final Options options;
  private final Terminal terminal;
  private final SampleTexts texts;
  private final FunctionLog log;
  private final List<String> differences = new ArrayList<>();
  private @Nullable EmbeddedPipeline pipeline;

  public Demo(Options options, Terminal terminal) {
    this.options = options;
    this.terminal = terminal;
    texts = SampleTexts.in(options.language());
    log = new FunctionLog(options.debug() ? terminal::line : _ -> {});
  }

  /**
   * Runs it and stops everything that it started.
   *
   * @return whether the index equals the table in the end, with no dead letters
   */
  public boolean run() throws InterruptedException {
    long start = System.nanoTime();
    ActivityLog activity = activity();
    try (var servers = EmbeddedRuns.start(options.functionJar(), log, this);
        var target =
            servers.target(options.settings(), activity, DemoRuns.oldItems(activity)::stream);
        var consumer = options.consumers() > 1 ? servers.consumer(target, CONSUMER) : null) {
      EmbeddedPipeline pipeline = target.embedded();
      this.pipeline = pipeline;
      var endpoints = pipeline.endpoints();
      terminal.line(
          "Up in %.1f s: DynamoDB Local %s, OpenSearch %s, ElasticMQ %s%s"
              .formatted(
                  (System.nanoTime() - start) / 1e9,
                  endpoints.dynamoDb(),
                  endpoints.search(),
                  endpoints.sqs(),
                  endpoints.kinesis().map(it -> ", Kinesis " + it).orElse("")));
      showFirstChange(target);
      var runs = new DemoRuns(pipeline, terminal);
      runs.backfill();
      runs.damageAndRepair(texts.note());
      runs.rebuild(activity, texts.words());
      LoadRun run = drive(target);
      new SampleQueries(pipeline.search(), ActivityTable.NAME, texts.words(), terminal).run();
      conclude(run.conclusion());
      boolean faithful =
          (consumer == null || isFaithful(consumer)) && run.conclusion().isFaithful();
      if (options.keep()) {
        keep(pipeline);
      }
      terminal.line("");
      terminal.line(
          "Next: utsushi demo --keep leaves it running, utsushi plan and utsushi load choose the"
              + " parallelization factor.");
      return faithful;
    }
  }

  private boolean isFaithful(EmbeddedPipeline consumer) throws InterruptedException {
    terminal.heading("Another index of the same changes: " + CONSUMER);
    new DemoRuns(consumer, terminal).backfill();
    long end = System.nanoTime() + LONGEST_WAIT.toNanos();
    ComparisonReport report = consumer.compare();
    while (!report.equal() && System.nanoTime() < end) {
      Thread.sleep(LOOK_INTERVAL);
      report = consumer.compare();
    }
    boolean faithful = report.equal() && consumer.failures() + consumer.deadLetters() == 0;
    if (faithful) {
      terminal.good(report.line());
    } else {
      terminal.bad(report.line());
    }
    return faithful;
  }

  private ActivityLog activity() {
    return new ActivityLog(options.traffic().seed(), Instant.now(), DEALS, texts);
  }

  private LoadRun drive(EmbeddedTarget target) throws InterruptedException {
    ArrivalProfile profile = options.traffic().profile();
    terminal.heading(
        "Writing activity to the table: %.0f writes/s for %d s"
            .formatted(profile.meanPerSecond(), profile.duration().toSeconds()));
    LoadRun run = new LoadTest("demo", options.traffic(), target, this).run();
    if (run.conclusion().verdict() == Verdict.INTERRUPTED) {
      throw new InterruptedException();
    }
    summarize(run);
    return run;
  }

  /** Not part of the traffic, whose p99 would show nothing but this cold start. */
  private void showFirstChange(EmbeddedTarget target) throws InterruptedException {
    try {
      terminal.line(
          "First change indexed after %,d ms, with the function's cold start"
              .formatted(new WarmUp(target, this).firstChange().toMillis()));
    } catch (LoadTestException e) {
      terminal.bad(lastLines());
      throw e;
    }
  }

  private void summarize(LoadRun run) {
    LoadMeasurement measured = run.measurement();
    terminal.heading(
        "%,d writes in %.1f s, %.1f per second"
            .formatted(
                measured.acknowledged(),
                measured.traffic().toMillis() / 1000.0,
                measured.writesPerSecond()));
    terminal.line("  lag, written to indexed:     " + lag(measured.indexed()));
    terminal.line("  lag, written to searchable:  " + lag(measured.searchable()));
    terminal.line(
        "  failed invocations %,d, writes retried inside one %,d, dead letters %,d"
            .formatted(
                measured.failedInvocations(),
                log.sum(Metric.RETRIES),
                run.conclusion().deadLetters()));
  }

  private static String lag(LagHistogram lag) {
    return "p50 %,d ms, p99 %,d ms, max %,d ms"
        .formatted(
            lag.percentile(50).toMillis(), lag.percentile(99).toMillis(), lag.max().toMillis());
  }

  private void conclude(Conclusion conclusion) {
    terminal.heading("Is the index a faithful copy?");
    differences.forEach(terminal::line);
    if (conclusion.deadLetters() > 0) {
      terminal.bad("  %,d dead letters".formatted(conclusion.deadLetters()));
    }
    switch (conclusion.verdict()) {
      case EQUAL -> terminal.good(conclusion.line());
      case DIFFERENT -> terminal.bad(conclusion.line());
      case INCOMPLETE, INTERRUPTED -> terminal.bad(conclusion.line() + "; " + lastLines());
    }
  }

  /** Prints what to try, and waits for Ctrl-C. */
  private void keep(EmbeddedPipeline pipeline) throws InterruptedException {
    var here = pipeline.endpoints();
    var services =
        new LocalEndpoints.Services(
            here.lambda(),
            here.sqs(),
            here.dynamoDb(),
            here.search(),
            here.kinesis().orElse(URI.create("")));
    try (var _ =
        LocalEndpoints.ofThisProcess(EmbeddedPipeline.STACK, services)
            .publish(LocalEndpoints.defaultFile())) {
      terminal.text(
          getClass(),
          "next-steps.txt",
          here.search(),
          pipeline.name(),
          here.dynamoDb(),
          texts.phrase(),
          texts.note(),
          processIds(pipeline));
      var waiting =
          new WaitingChanges(terminal, () -> pipeline.count(MappingCounters::unsettledRecords));
      while (true) {
        waiting.look();
        Thread.sleep(LOOK_INTERVAL);
      }
    }
  }

  private static String processIds(EmbeddedPipeline pipeline) {
    return pipeline.functionProcesses().stream()
        .map(ProcessHandle::pid)
        .sorted()
        .map(String::valueOf)
        .collect(Collectors.joining(" "));
  }

  private String lastLines() {
    return log.lastLines().isEmpty()
        ? "The function has logged nothing: is the machine busy?"
        : "The function's last lines: " + String.join("; ", log.lastLines());
  }

  @Override
  public void status(String line) {
    terminal.status(line);
  }

  /** Short enough for a terminal of 120 columns. */
  @Override
  public void progress(Progress progress) {
    var recorder = progress.recorder();
    terminal.status(
        "%s; written %,d, indexed %,d, behind %,d; p50/p99 lag %s ms; pid %s"
            .formatted(
                progress.phase(),
                recorder.count(Moment.ACKNOWLEDGED),
                recorder.count(Moment.INDEXED),
                recorder.behind(),
                recorder.count(Moment.INDEXED) == 0
                    ? "-/-"
                    : "%,d/%,d"
                        .formatted(
                            recorder.percentileSoFar(50).toMillis(),
                            recorder.percentileSoFar(99).toMillis()),
                pipeline == null ? "" : processIds(pipeline)));
  }

  @Override
  public void compared(ComparisonReport report) {
    report.differences().stream()
        .limit(MOST_DIFFERENCES)
        .forEach(difference -> differences.add("  " + difference.line()));
    int more = report.differences().size() - MOST_DIFFERENCES;
    if (more > 0) {
      differences.add("  and %,d more".formatted(more));
    }
    if (report.overflowedAttributes() > 0) {
      differences.add(
          "  %,d attributes did not fit the mapping and are kept in _replication.overflow"
              .formatted(report.overflowedAttributes()));
    }
  }
}
