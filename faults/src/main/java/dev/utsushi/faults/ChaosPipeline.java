package dev.utsushi.faults;

import dev.utsushi.faults.history.CheckpointObserver;
import dev.utsushi.faults.history.EngineObserver;
import dev.utsushi.faults.history.History;
import dev.utsushi.faults.history.QueueObserver;
import dev.utsushi.faults.history.SentMessageObserver;
import dev.utsushi.faults.history.StreamObserver;
import dev.utsushi.faults.history.TableObserver;
import dev.utsushi.faults.nemesis.FaultPoints;
import dev.utsushi.local.LocalAws;
import dev.utsushi.local.kinesis.DeliveryFaults;
import dev.utsushi.local.mapping.EventSourceMappingSettings;
import dev.utsushi.local.proxy.FaultProxy;
import dev.utsushi.local.proxy.ProxyAction;
import dev.utsushi.local.proxy.ProxyListener;
import dev.utsushi.testbed.pipeline.EmbeddedPipeline;
import dev.utsushi.testbed.pipeline.KinesisEnd;
import dev.utsushi.testbed.pipeline.PipelineOptions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.UnaryOperator;

/**
 * The pipeline of a run, with proxies between its parts where faults are injected and observers
 * look on.
 *
 * @param table between the workers of a run and the table
 * @param leases between stream workers and their table of leases
 * @param queue between stream workers and SQS
 * @param messages between the functions and SQS
 */
record ChaosPipeline(
    FaultProxy table,
    FaultProxy leases,
    FaultProxy queue,
    FaultProxy messages,
    EmbeddedPipeline pipeline)
    implements AutoCloseable {
  static final String NAME = "chaos-activity-logs";

  /** The label of the changes from Kinesis: any time in the past. */
  static final String SINCE = "2026-11-01T00:00:00.000";

  private static final String DYNAMODB = "AWS_ENDPOINT_URL_DYNAMODB";
  private static final String SQS = "AWS_ENDPOINT_URL_SQS";

  /** A worker begins no page when less than 15 s are left. */
  private static final Duration WORKER_TIMEOUT = Duration.ofSeconds(22);

  private static final Duration FUNCTION_TIMEOUT = Duration.ofSeconds(5);

  /** A message whose capture failed is visible again after six times this. */
  private static final Duration CAPTURE_TIMEOUT = Duration.ofSeconds(10);

  /**
   * The engine rejects a document of more than 64 KiB, so that a run can have poison. With every
   * second seed it takes a request for one index only, as a new domain does.
   */
  static Map<String, String> engineSettings(long seed) {
    return Map.of(
        "http.max_content_length",
        "64kb",
        "rest.action.multi.allow_explicit_index",
        Boolean.toString(seed % 2 == 0));
  }

  /**
   * Starts it; nothing is read from the stream yet.
   *
   * @param secret searched in what passes between the parts
   * @param adapt changes the options where the run itself looks on
   */
  static ChaosPipeline start(
      ChaosOptions options,
      LocalAws aws,
      FaultPoints points,
      History history,
      StreamObserver streams,
      QueueObserver queueObserver,
      ChaosTargets targets,
      PlantedSecret secret,
      UnaryOperator<PipelineOptions> adapt) {
    var table =
        new FaultProxy(
            aws.dynamoDb().endpoint(), points::onTableRequest, new TableObserver(history));
    var leases =
        new FaultProxy(
            aws.dynamoDb().endpoint(),
            _ -> new ProxyAction.Forward(),
            new CheckpointObserver(history));
    var queue =
        new FaultProxy(
            aws.sqs().endpoint(),
            points::onSqsRequest,
            new SentMessageObserver(queueObserver, streams));
    var messages =
        new FaultProxy(
            aws.sqs().endpoint(),
            _ -> new ProxyAction.Forward(),
            secret.before(ProxyListener.SILENT, "SQS"));
    PipelineOptions usual =
        adapt.apply(
            source(options, aws, targets, Map.of(DYNAMODB, table, SQS, messages))
                .withWorkerTimeout(WORKER_TIMEOUT)
                .withWorker(points::inFrontOfWorker)
                .withFunctionTimeout(FUNCTION_TIMEOUT)
                .withCaptureTimeout(CAPTURE_TIMEOUT)
                .withMapping(mapping(options.seed()))
                .withLongestRetryWait(Duration.ofSeconds(2))
                .withProxy(
                    engine ->
                        new FaultProxy(
                            engine,
                            points::onRequest,
                            secret.before(new EngineObserver(history), "the engine")))
                .withFunction(points::inFrontOf)
                .withFailureQueue(points::inFrontOf)
                .withWorkerJars(options.workerJars())
                .withStreamWorkerEnvironment(streamWorker(options.seed(), leases, queue)));
    return new ChaosPipeline(table, leases, queue, messages, new EmbeddedPipeline(aws, usual));
  }

  /**
   * Returns the options of the table and its stream.
   *
   * @param proxies in front of services, by the variable that names their endpoint
   */
  private static PipelineOptions source(
      ChaosOptions options, LocalAws aws, ChaosTargets targets, Map<String, FaultProxy> proxies) {
    var usual =
        PipelineOptions.activityLog(NAME, options.functionJar())
            .withItemsBeforeStream(
                ChaosWorkload.before(options.seed(), options.itemsBefore(), targets)::stream);
    Map<String, String> environment = targets.environment(usual.environment());
    proxies.forEach((variable, proxy) -> environment.put(variable, proxy.endpoint().toString()));
    environment.put(
        "UTSUSHI_MAXIMUM_CONCURRENCY", Integer.toString(FaultPoints.MOST_WORKERS_OF_A_RUN));
    if (options.kinesisShards() == 0) {
      return usual.withEnvironment(environment);
    }
    environment.put("UTSUSHI_KINESIS_SINCE", SINCE);
    return usual.withEnvironment(environment).withKinesis(kinesis(options, aws));
  }

  /** As a table's mapping is set up: small batches, some lanes, sometimes bisected on errors. */
  private static EventSourceMappingSettings mapping(long seed) {
    Random random = new Random(seed);
    return EventSourceMappingSettings.defaults()
        .withBatchSize(List.of(1, 5, 25).get(random.nextInt(3)))
        .withParallelizationFactor(1 + random.nextInt(3))
        .withBisectBatchOnFunctionError(random.nextBoolean())
        .withMaximumRetryAttempts(3)
        .withReportBatchItemFailures(true);
  }

  /** The same batches and lanes for stream workers. */
  private static Map<String, String> streamWorker(long seed, FaultProxy leases, FaultProxy queue) {
    EventSourceMappingSettings mapping = mapping(seed);
    return Map.of(
        "UTSUSHI_WORKER_BATCH_SIZE",
        Integer.toString(mapping.batchSize()),
        "UTSUSHI_WORKER_LANES",
        Integer.toString(mapping.parallelizationFactor()),
        DYNAMODB,
        leases.endpoint().toString(),
        SQS,
        queue.endpoint().toString());
  }

  /** What DynamoDB may do to records on their way goes on during the whole run. */
  private static KinesisEnd kinesis(ChaosOptions options, LocalAws aws) {
    var faults =
        new DeliveryFaults(
            0.1, 0.3, 0.03, Duration.ofMillis(400), Duration.ofSeconds(2), options.seed());
    return new KinesisEnd(aws.kinesis(), options.kinesisShards(), faults);
  }

  @Override
  public void close() {
    try (table;
        leases;
        queue;
        messages;
        pipeline) {
      // Against the direction of the flow.
    }
  }
}
