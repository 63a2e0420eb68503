package dev.utsushi.loadtest.run;

import dev.utsushi.loadtest.measurement.TestedPipeline;
import dev.utsushi.loadtest.report.Conclusion.Verdict;
import dev.utsushi.loadtest.report.LoadRun;
import dev.utsushi.loadtest.traffic.Traffic;
import dev.utsushi.local.LocalAws;
import dev.utsushi.local.dynamodb.LocalDynamoDb;
import dev.utsushi.local.kinesis.DeliveryFaults;
import dev.utsushi.local.lambda.LogLine;
import dev.utsushi.testbed.activity.ActivityLog;
import dev.utsushi.testbed.activity.ActivityTable;
import dev.utsushi.testbed.pipeline.EmbeddedPipeline;
import dev.utsushi.testbed.pipeline.EmbeddedServers;
import dev.utsushi.testbed.pipeline.KinesisEnd;
import dev.utsushi.testbed.pipeline.PipelineOptions;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Stream;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** Embedded pipelines under load, one after the other on servers that keep running. */
public final class EmbeddedRuns implements AutoCloseable {

  /**
   * A load test to run.
   *
   * @param name a short one, for people
   * @param longestWarmUp no round of the warm-up starts later
   */
  public record Request(
      String name, Traffic traffic, TestedPipeline settings, Duration longestWarmUp) {}

  private final LocalAws aws;
  private final Path functionJar;
  private final Consumer<LogLine> log;
  private final LoadListener listener;
  private int runs;

  private EmbeddedRuns(
      LocalAws aws, Path functionJar, Consumer<LogLine> log, LoadListener listener) {
    this.aws = aws;
    this.functionJar = functionJar;
    this.log = log;
    this.listener = listener;
  }

  /**
   * Starts the servers.
   *
   * @param log receives what the functions log
   */
  public static EmbeddedRuns start(Path functionJar, Consumer<LogLine> log, LoadListener listener)
      throws InterruptedException {
    LocalAws aws =
        EmbeddedServers.start(
            waited ->
                listener.status(
                    "starting DynamoDB Local, OpenSearch and ElasticMQ … %d s"
                        .formatted(waited.toSeconds())));
    return new EmbeddedRuns(aws, functionJar, log, listener);
  }

  /**
   * Runs a test on its own pipeline, after a warm-up.
   *
   * @throws InterruptedException if it was interrupted before anything was measured
   * @throws LoadTestException if the function does not start
   */
  public LoadRun run(Request request) throws InterruptedException {
    var options = options(ActivityTable.NAME + "-" + ++runs, request.settings());
    var activity = new ActivityLog(request.traffic().seed());
    try (var database = LocalDynamoDb.start();
        var target = new EmbeddedTarget(aws, database, options, request.settings(), activity)) {
      new WarmUp(target, listener).run(request.longestWarmUp());
      LoadRun run = new LoadTest(request.name(), request.traffic(), target, listener).run();
      if (run.conclusion().verdict() != Verdict.INTERRUPTED) {
        // The next run finds the engine as this one did.
        target.deleteIndexes();
      }
      return run;
    }
  }

  /**
   * Starts a pipeline for a test whose parts the caller runs.
   *
   * @param itemsBeforeStream that the table has when its stream is switched on
   */
  public EmbeddedTarget target(
      TestedPipeline settings,
      ActivityLog activity,
      Supplier<Stream<Map<String, AttributeValue>>> itemsBeforeStream) {
    var options = options(ActivityTable.NAME, settings).withItemsBeforeStream(itemsBeforeStream);
    return new EmbeddedTarget(aws, aws.dynamoDb(), options, settings, activity);
  }

  /** Starts one more consumer of a target's changes, with an index and a mapping of its own. */
  public EmbeddedPipeline consumer(EmbeddedTarget target, String index) {
    var options = PipelineOptions.of(index, functionJar, ActivityTable.KEYS).withLog(log);
    var consumer =
        new EmbeddedPipeline(
            aws, options.withSharing(target.embedded()).withMapping(target.embedded().mapping()));
    consumer.start();
    return consumer;
  }

  private PipelineOptions options(String name, TestedPipeline settings) {
    var options = PipelineOptions.activityLog(name, functionJar).withLog(log);
    if (settings instanceof TestedPipeline.Embedded function && function.targets() > 1) {
      options = options.withTargets(function.targets());
    }
    int shards =
        switch (settings) {
          case TestedPipeline.Embedded function -> function.kinesisShards();
          case TestedPipeline.Worker worker -> worker.kinesisShards();
          case TestedPipeline.Deployed _ -> throw new IllegalArgumentException("not embedded");
        };
    if (shards == 0) {
      return options;
    }
    listener.status("starting Kinesis …");
    return options.withKinesis(new KinesisEnd(aws.kinesis(), shards, DeliveryFaults.NONE));
  }

  @Override
  public void close() {
    aws.close();
  }
}
