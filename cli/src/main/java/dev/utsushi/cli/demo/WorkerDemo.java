package dev.utsushi.cli.demo;

import dev.utsushi.cli.terminal.Terminal;
import dev.utsushi.local.LocalAws;
import dev.utsushi.local.kinesis.DeliveryFaults;
import dev.utsushi.testbed.activity.ActivityLog;
import dev.utsushi.testbed.activity.ActivityTable;
import dev.utsushi.testbed.activity.SampleTexts;
import dev.utsushi.testbed.comparison.ComparisonReport;
import dev.utsushi.testbed.pipeline.EmbeddedPipeline;
import dev.utsushi.testbed.pipeline.EmbeddedServers;
import dev.utsushi.testbed.pipeline.FunctionLog;
import dev.utsushi.testbed.pipeline.KinesisEnd;
import dev.utsushi.testbed.pipeline.PipelineOptions;
import dev.utsushi.testbed.pipeline.StreamWorker;
import dev.utsushi.testbed.search.SearchException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;

/**
 * Runs the pipeline with workers in place of the replication function: two share the stream, one is
 * killed under traffic, and the other follows.
 */
public final class WorkerDemo {
  private static final int DEALS = 30;
  private static final Duration LONGEST = Duration.ofSeconds(90);
  private static final long LOOK_MILLIS = 100;
  private static final int MOST_DIFFERENCES = 20;

  private final Options options;
  private final Terminal terminal;
  private final FunctionLog log;

  /**
   * The options of a demo with workers.
   *
   * @param writesPerSecond to the table
   * @param duration of the traffic
   * @param kinesisShards 0 for the table's own stream
   * @param debug whether to print the workers' log lines
   * @param workerJars a directory with the worker's jars
   */
  public record Options(
      int writesPerSecond,
      Duration duration,
      int kinesisShards,
      long seed,
      SampleTexts.Language language,
      boolean debug,
      Path functionJar,
      Path workerJars) {}

  public WorkerDemo(Options options, Terminal terminal) {
    this.options = options;
    this.terminal = terminal;
    log = new FunctionLog(options.debug() ? terminal::line : _ -> {});
  }

  /**
   * Runs it and stops everything that it started.
   *
   * @return whether the index equals the table in the end, with no dead letters
   */
  public boolean run() throws InterruptedException {
    SampleTexts texts = SampleTexts.in(options.language());
    var activity = new ActivityLog(options.seed(), Instant.now(), DEALS, texts);
    try (LocalAws aws =
            EmbeddedServers.start(
                waited ->
                    terminal.status("starting the servers … %d s".formatted(waited.toSeconds())));
        var pipeline = new EmbeddedPipeline(aws, pipeline(aws))) {
      terminal.line("The table's changes are in " + pipeline.sourceArn());
      StreamWorker first = showFirstChange(pipeline, activity);
      StreamWorker second = pipeline.startStreamWorker();
      terminal.line(
          "A second worker, process %d, shares the stream".formatted(second.handle().pid()));
      drive(pipeline, activity, first);
      new SampleQueries(pipeline.search(), ActivityTable.NAME, texts.words(), terminal).run();
      return conclude(pipeline);
    }
  }

  private PipelineOptions pipeline(LocalAws aws) {
    var usual =
        PipelineOptions.activityLog(ActivityTable.NAME, options.functionJar())
            .withLog(log)
            .withWorkerJars(options.workerJars());
    return options.kinesisShards() == 0
        ? usual
        : usual.withKinesis(
            new KinesisEnd(aws.kinesis(), options.kinesisShards(), DeliveryFaults.NONE));
  }

  private StreamWorker showFirstChange(EmbeddedPipeline pipeline, ActivityLog activity)
      throws InterruptedException {
    put(pipeline, activity, 0);
    long start = System.nanoTime();
    StreamWorker first = pipeline.startStreamWorker();
    awaitEqual(pipeline);
    terminal.line(
        "First change indexed %,d ms after the start of a worker, process %d"
            .formatted(millisSince(start), first.handle().pid()));
    return first;
  }

  private void drive(EmbeddedPipeline pipeline, ActivityLog activity, StreamWorker doomed)
      throws InterruptedException {
    int writes = Math.toIntExact(options.writesPerSecond() * options.duration().toSeconds());
    terminal.heading(
        "Writing activity to the table: %d writes/s for %d s"
            .formatted(options.writesPerSecond(), options.duration().toSeconds()));
    long start = System.nanoTime();
    for (int i = 1; i <= writes; i++) {
      long due = start + i * Duration.ofSeconds(1).toNanos() / options.writesPerSecond();
      Thread.sleep(Duration.ofNanos(Math.max(0, due - System.nanoTime())));
      put(pipeline, activity, i);
      if (i == writes / 2) {
        doomed.kill();
        terminal.line("  killed with kill -9: worker, process " + doomed.handle().pid());
      }
      terminal.status("written %,d of %,d".formatted(i, writes));
    }
    long end = System.nanoTime();
    ComparisonReport last = awaitEqual(pipeline);
    terminal.line(
        "  %,d writes; %s %,d ms after the last one"
            .formatted(writes, last.equal() ? "all indexed" : "not all indexed", millisSince(end)));
  }

  private static void put(EmbeddedPipeline pipeline, ActivityLog activity, int number) {
    // Every fourth write is a later edit of an item, every tenth deletes one.
    if (number % 10 == 9) {
      var key = activity.key(number / 2);
      pipeline.dynamoDb().deleteItem(delete -> delete.tableName(pipeline.name()).key(key));
      return;
    }
    var item = number % 4 == 3 ? activity.edited(number / 3, number) : activity.item(number);
    pipeline.dynamoDb().putItem(put -> put.tableName(pipeline.name()).item(item));
  }

  /** Returns the last comparison, which found no difference unless the time was up. */
  private ComparisonReport awaitEqual(EmbeddedPipeline pipeline) throws InterruptedException {
    pipeline.awaitForwarded();
    long end = System.nanoTime() + LONGEST.toNanos();
    while (true) {
      boolean last = System.nanoTime() > end;
      try {
        ComparisonReport report = pipeline.compare();
        if (report.equal() || last) {
          return report;
        }
      } catch (SearchException e) {
        // The first change creates the index.
        if (last) {
          terminal.bad("The worker's last lines: " + String.join("; ", log.lastLines()));
          throw e;
        }
      }
      Thread.sleep(LOOK_MILLIS);
    }
  }

  private boolean conclude(EmbeddedPipeline pipeline) throws InterruptedException {
    terminal.heading("Is the index a faithful copy?");
    ComparisonReport report = pipeline.compare();
    report.differences().stream()
        .limit(MOST_DIFFERENCES)
        .forEach(difference -> terminal.line("  " + difference.line()));
    long deadLetters = pipeline.failures() + pipeline.deadLetters();
    if (deadLetters > 0) {
      terminal.bad("  %,d dead letters".formatted(deadLetters));
    }
    if (report.equal()) {
      terminal.good(report.line());
    } else {
      terminal.bad(report.line());
    }
    return report.equal() && deadLetters == 0;
  }

  private static long millisSince(long start) {
    return Duration.ofNanos(System.nanoTime() - start).toMillis();
  }
}
