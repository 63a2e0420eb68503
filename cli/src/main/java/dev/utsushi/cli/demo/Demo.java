package dev.utsushi.cli.demo;

import dev.utsushi.cli.terminal.Terminal;
import dev.utsushi.operations.stack.LocalEndpoints;
import dev.utsushi.testbed.activity.ActivityGenerator;
import dev.utsushi.testbed.activity.ActivityTable;
import dev.utsushi.testbed.comparison.ComparisonReport;
import dev.utsushi.testbed.comparison.TableAndIndex;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.CountDownLatch;

/** The whole pipeline on this machine: started, driven, asked, compared. */
public final class Demo {
  private static final int MOST_DIFFERENCES_SHOWN = 20;

  private final DemoOptions options;
  private final Terminal terminal;
  private final InstantSource clock;

  public Demo(DemoOptions options, Terminal terminal, InstantSource clock) {
    this.options = options;
    this.terminal = terminal;
    this.clock = clock;
  }

  /**
   * Runs all of it, and leaves nothing behind.
   *
   * @return whether the index is a faithful copy of the table in the end
   * @throws DemoException if it can't go on
   */
  public boolean run() throws InterruptedException {
    var log = new FunctionLog(line -> echo(line));
    try (var pipeline = start(log)) {
      var activity = new ActivityGenerator(options.seed(), clock.instant());
      var writer = new ActivityWriter(pipeline.aws().dynamoDb().client(), activity, clock);
      var drive = new Drive(pipeline, writer, terminal, clock);
      drive.firstChange();
      drive.run(options.writesPerSecond(), options.duration());
      new QueryShow(new ActivityQueries(pipeline.search()), terminal, clock).run();
      boolean faithful = compare(pipeline);
      if (options.keep()) {
        keep(pipeline);
      }
      return faithful;
    }
  }

  private LocalPipeline start(FunctionLog log) throws InterruptedException {
    long start = System.nanoTime();
    var servers = ServersStart.start(terminal);
    var pipeline = new LocalPipeline(servers, options, log);
    terminal.line(
        "Up in %.1f s: DynamoDB Local %s, OpenSearch %s, ElasticMQ %s"
            .formatted(
                seconds(start),
                servers.dynamoDb().endpoint(),
                servers.search().endpoint(),
                servers.sqs().endpoint()));
    return pipeline;
  }

  private boolean compare(LocalPipeline pipeline) throws InterruptedException {
    terminal.heading("Is the index a faithful copy?");
    ComparisonReport report =
        new TableAndIndex(
                pipeline.aws().dynamoDb().client(),
                ActivityTable.NAME,
                pipeline.search(),
                LocalPipeline.READER_ALIAS)
            .compare();
    report.differences().stream()
        .limit(MOST_DIFFERENCES_SHOWN)
        .forEach(difference -> terminal.line("  " + difference.line()));
    int hidden = report.differences().size() - MOST_DIFFERENCES_SHOWN;
    if (hidden > 0) {
      terminal.line("  and %,d more".formatted(hidden));
    }
    if (report.overflowedAttributes() > 0) {
      terminal.line(
          "  %,d attributes did not fit the mapping and are kept in _replication.overflow"
              .formatted(report.overflowedAttributes()));
    }
    return verdict(report, pipeline.deadLetters());
  }

  private boolean verdict(ComparisonReport report, long deadLetters) {
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

  private void keep(LocalPipeline pipeline) throws InterruptedException {
    var endpoints = pipeline.deadLetterRoad().endpoints();
    try (var _ = endpoints.publish(LocalEndpoints.defaultFile())) {
      new KeptEndpoints(pipeline).lines().forEach(terminal::line);
      new CountDownLatch(1).await();
    }
  }

  private void echo(String line) {
    if (options.debug()) {
      terminal.line(line);
    }
  }

  private static double seconds(long startNanos) {
    return Duration.ofNanos(System.nanoTime() - startNanos).toMillis() / 1000.0;
  }
}
