package dev.utsushi.testbed.pipeline;

import dev.utsushi.core.run.RunStore;
import dev.utsushi.core.settings.Settings.Setting;
import dev.utsushi.lambda.CaptureHandler;
import dev.utsushi.lambda.KinesisHandler;
import dev.utsushi.lambda.ReplayHandler;
import dev.utsushi.lambda.ReplicationHandler;
import dev.utsushi.lambda.RunHandler;
import dev.utsushi.local.LocalAws;
import dev.utsushi.local.dynamodb.LocalDynamoDb;
import dev.utsushi.local.lambda.LambdaApi;
import dev.utsushi.local.lambda.LambdaConfiguration;
import dev.utsushi.local.lambda.LambdaFunction;
import dev.utsushi.local.mapping.EventSourceMapping;
import dev.utsushi.local.mapping.EventSourceMappingSettings;
import dev.utsushi.local.mapping.MappingContext;
import dev.utsushi.local.mapping.MappingContext.Backoff;
import dev.utsushi.local.mapping.MappingCounters;
import dev.utsushi.local.proxy.FaultProxy;
import dev.utsushi.local.queue.QueueEventSourceMapping;
import dev.utsushi.local.queue.QueueMappingSettings;
import dev.utsushi.local.stream.CheckpointStore;
import dev.utsushi.testbed.comparison.Comparison;
import dev.utsushi.testbed.comparison.ComparisonReport;
import dev.utsushi.testbed.comparison.ExpectedIndex;
import dev.utsushi.testbed.search.SearchApi;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/**
 * One pipeline on embedded servers that are running: its own table, index, queues, functions and
 * event source mappings. The servers stay when it is closed.
 *
 * <p>The replication function starts its first JVM with its first invocation, or before with {@link
 * LambdaFunction#initialize}; capture and replay start one when they are needed.
 */
public final class EmbeddedPipeline implements AutoCloseable {

  /** The stack that the replay function is tagged with. */
  public static final String STACK = "utsushi-local";

  /** Where the services answer. */
  public record Endpoints(URI lambda, URI sqs, URI dynamoDb, URI search, Optional<URI> kinesis) {}

  private static final Duration REPLAY_TIMEOUT = Duration.ofSeconds(60);

  /** Enough for what fails, on a machine that runs everything else too. */
  private static final int CAPTURES_AT_ONCE = 2;

  /** The mappings and the ARNs of their streams. */
  private final Map<EventSourceMapping, String> mappings = new LinkedHashMap<>();

  private final Collection<StreamWorker> streamWorkers = new ConcurrentLinkedQueue<>();
  private final LocalAws aws;
  private final LocalDynamoDb database;
  private final PipelineOptions options;
  private final PipelineResources resources;
  private final SearchApi search;
  private final @Nullable FaultProxy proxy;
  private final String streamArn;
  private final @Nullable ForwardedStream kinesis;
  private final String deadLetterQueueUrl;
  private final String failureQueueUrl;
  private final LambdaFunction function;
  private @Nullable LambdaFunction ownStreamFunction;
  private final LambdaFunction capture;
  private final LambdaFunction replay;
  private final LambdaApi lambdaApi;
  private final QueueEventSourceMapping captureMapping;
  private final EmbeddedWorker worker;

  /** Reads nothing from the stream before {@link #start}. */
  public EmbeddedPipeline(LocalAws aws, PipelineOptions options) {
    this(aws, aws.dynamoDb(), options);
  }

  /**
   * The same with the table in another database: a database becomes slow as its streams grow, so
   * that pipelines which are to be compared need one each.
   */
  public EmbeddedPipeline(LocalAws aws, LocalDynamoDb database, PipelineOptions options) {
    this.aws = aws;
    this.database = database;
    this.options = options;
    resources = new PipelineResources(aws.sqs().client(), database.client(), options);
    URI engine = aws.search().endpoint();
    search = new SearchApi(engine);
    proxy = options.proxy().map(make -> make.apply(engine)).orElse(null);
    @Nullable EmbeddedPipeline other = options.sharing().orElse(null);
    streamArn = other == null ? resources.createTable() : other.streamArn;
    kinesis =
        other == null
            ? options.kinesis().map(end -> ForwardedStream.create(end, database, this)).orElse(null)
            : other.kinesis;
    deadLetterQueueUrl = resources.createDeadLetterQueue();
    failureQueueUrl = resources.createFailureQueue(deadLetterQueueUrl);
    Map<String, String> environment = environment(proxy == null ? engine : proxy.endpoint());
    if (kinesis == null) {
      environment.put(Setting.TABLE_ARN.variable(), tableArn());
    }
    function =
        new LambdaFunction(
            function(
                    "replicate",
                    kinesis == null ? ReplicationHandler.class : KinesisHandler.class,
                    options.functionTimeout(),
                    environment)
                .withInvocationOverhead(options.invocationOverhead())
                .withLeastInvocationTime(options.leastInvocationTime()));
    environment.put(Setting.TABLE_ARN.variable(), tableArn());
    environment.put(Setting.DEAD_LETTER_QUEUE_URL.variable(), deadLetterQueueUrl);
    environment.putIfAbsent("AWS_ENDPOINT_URL_SQS", aws.sqs().endpoint().toString());
    environment.put("AWS_ENDPOINT_URL_DYNAMODB_STREAMS", database.endpoint().toString());
    lambdaApi = LambdaApi.start();
    environment.put("AWS_ENDPOINT_URL_CLOUDWATCH_LOGS", lambdaApi.endpoint().toString());
    environment.put(Setting.REPLICATION_LOG_GROUP.variable(), function.logs().name());
    capture =
        new LambdaFunction(
            function("capture", CaptureHandler.class, options.captureTimeout(), environment));
    replay =
        new LambdaFunction(function("replay", ReplayHandler.class, REPLAY_TIMEOUT, environment));
    Map<String, String> tags = Map.of("aws:cloudformation:stack-name", STACK);
    lambdaApi.add(function, tags);
    lambdaApi.add(replay, tags);
    captureMapping =
        new QueueEventSourceMapping(
            aws.sqs().client(),
            failureQueueUrl,
            capture,
            QueueMappingSettings.defaults()
                .withMaximumConcurrency(CAPTURES_AT_ONCE)
                .withReportBatchItemFailures(true));
    captureMapping.start();
    worker = createWorker(environment);
    lambdaApi.add(worker.function(), tags);
  }

  private EmbeddedWorker createWorker(Map<String, String> replay) {
    String queueUrl = resources.createSegmentQueue();
    String runTable = resources.createRunTable();
    Map<String, String> environment = new HashMap<>(replay);
    environment.put(Setting.RUN_TABLE.variable(), runTable);
    environment.put(Setting.SEGMENT_QUEUE_URL.variable(), queueUrl);
    environment.putIfAbsent(
        Setting.MAXIMUM_CONCURRENCY.variable(), Integer.toString(EmbeddedWorker.MOST_AT_ONCE));
    environment.putIfAbsent("AWS_ENDPOINT_URL_DYNAMODB", database.endpoint().toString());
    return new EmbeddedWorker(
        function("run", RunHandler.class, options.workerTimeout(), environment),
        options.worker(),
        aws.sqs().client(),
        new RunStore(dynamoDb(), runTable, InstantSource.system()),
        queueUrl);
  }

  private Map<String, String> environment(URI engine) {
    Map<String, String> environment = new HashMap<>();
    environment.put(Setting.SEARCH_ENDPOINT.variable(), engine.toString());
    environment.put(Setting.SEARCH_AUTH.variable(), "none");
    environment.put(Setting.INDEX.variable(), name());
    environment.put(Setting.PARTITION_KEY.variable(), options.keys().getFirst().name());
    if (options.keys().size() > 1) {
      environment.put(Setting.SORT_KEY.variable(), options.keys().getLast().name());
    }
    if (kinesis != null) {
      environment.putAll(kinesis.environment());
    }
    environment.putAll(options.environment());
    return environment;
  }

  private LambdaConfiguration function(
      String role, Class<?> handler, Duration timeout, Map<String, String> environment) {
    return LambdaConfiguration.of(
            role + "-" + name(),
            List.of(options.functionJar()),
            handler.getName() + "::handleRequest")
        .withTimeout(timeout)
        .withEnvironment(environment)
        .withLog(options.log());
  }

  /** Starts to replicate: maps the stream to the function, or starts a worker. */
  public void start() {
    if (options.workerJars().isPresent()) {
      var _ = startStreamWorker();
    } else {
      startMapping(sourceArn(), new CheckpointStore());
    }
  }

  /**
   * Starts a worker on the stream, which shares the shards with those that run.
   *
   * @throws java.util.NoSuchElementException if the options name no jars of the worker
   */
  public StreamWorker startStreamWorker() {
    Map<String, String> environment = new HashMap<>(function.configuration().environment());
    if (kinesis == null) {
      environment.put(Setting.STREAM_ARN.variable(), streamArn);
    }
    environment.put(Setting.FAILURE_QUEUE_URL.variable(), failureQueueUrl);
    environment.put(
        Setting.WORKER_ATTEMPT_SECONDS.variable(),
        Long.toString(options.functionTimeout().toSeconds()));
    environment.put("AWS_ENDPOINT_URL_SQS", aws.sqs().endpoint().toString());
    environment.put("AWS_ENDPOINT_URL_DYNAMODB", database.endpoint().toString());
    environment.put("AWS_ENDPOINT_URL_DYNAMODB_STREAMS", database.endpoint().toString());
    environment.putAll(options.streamWorkerEnvironment());
    StreamWorker started =
        StreamWorker.start(
            options.workerJars().orElseThrow(), environment, function.configuration().log());
    streamWorkers.add(started);
    return started;
  }

  /** Maps a stream to the function, from these checkpoints; other mappings continue. */
  public synchronized void startMapping(String arn, CheckpointStore checkpoints) {
    startMapping(arn, checkpoints, function);
  }

  /**
   * Also maps the table's own stream, to a function of its own: a pipeline that reads Kinesis moves
   * there from this one.
   */
  public synchronized void startOwnStream() {
    Map<String, String> environment = function.configuration().environment();
    ownStreamFunction =
        new LambdaFunction(
            function(
                "replicate-own-stream",
                ReplicationHandler.class,
                options.functionTimeout(),
                environment));
    startMapping(streamArn, new CheckpointStore(), ownStreamFunction);
  }

  private void startMapping(String arn, CheckpointStore checkpoints, LambdaFunction invoked) {
    var context =
        MappingContext.of(arn, options.function().apply(invoked), options.mapping())
            .withOnFailure(options.failureQueue().apply(aws.sqs().client()), failureQueueUrl)
            .withCheckpoints(checkpoints)
            .withBackoff(new Backoff(options.firstRetryWait(), options.longestRetryWait()))
            .withListener(options.listener());
    var mapping =
        kinesis != null && arn.equals(kinesis.arn())
            ? new EventSourceMapping(kinesis.end().server().client(), context)
            : new EventSourceMapping(database.streams(), context);
    mapping.start();
    mappings.put(mapping, arn);
    lambdaApi.addMapping(arn, invoked, true, mapping::lastProcessingResult);
  }

  /** Ends every mapping from a stream; an invocation in progress may finish. */
  public synchronized void stopMappings() {
    mappings.keySet().forEach(EventSourceMapping::close);
    mappings.clear();
  }

  /** Ends every mapping from the table's own stream. */
  public synchronized void stopOwnStream() {
    mappings.forEach(
        (mapping, arn) -> {
          if (arn.equals(streamArn)) {
            mapping.close();
          }
        });
    mappings.values().removeIf(streamArn::equals);
  }

  /** Returns a counter's sum over the mappings that are running. */
  public synchronized long count(ToLongFunction<MappingCounters> counter) {
    return mappings.keySet().stream().map(EventSourceMapping::counters).mapToLong(counter).sum();
  }

  /** Returns how many records the workers that run have indexed or given up. */
  public long settledByWorkers() {
    return streamWorkers.stream().mapToLong(worker -> worker.metric("records_settled_total")).sum();
  }

  /** The name of the readers' alias, and of the table unless another pipeline has created it. */
  public String name() {
    return options.name();
  }

  private String tableName() {
    return options.sharing().map(EmbeddedPipeline::tableName).orElseGet(this::name);
  }

  public LocalAws aws() {
    return aws;
  }

  /** The server that has the table. */
  public LocalDynamoDb database() {
    return database;
  }

  public DynamoDbClient dynamoDb() {
    return database.client();
  }

  /** The stream that the table was created with. */
  public String streamArn() {
    return streamArn;
  }

  /** The stream that the function reads. */
  public String sourceArn() {
    return kinesis == null ? streamArn : kinesis.arn();
  }

  /** Waits until Kinesis has every change of the table, if the pipeline reads it. */
  public void awaitForwarded() {
    if (kinesis != null) {
      kinesis.awaitForwarded();
    }
  }

  /** The Kinesis stream that the function reads, if it reads one. */
  public Optional<KinesisEnd> kinesis() {
    return Optional.ofNullable(kinesis).map(ForwardedStream::end);
  }

  /** Switches the way to Kinesis off and on again; a write meanwhile would never arrive. */
  public void restartForwarding() {
    if (kinesis != null) {
      kinesis.restart();
    }
  }

  public String tableArn() {
    return streamArn.substring(0, streamArn.indexOf("/stream/"));
  }

  /** The settings of its event source mapping. */
  public EventSourceMappingSettings mapping() {
    return options.mapping();
  }

  /** The engine, past the proxy. */
  public SearchApi search() {
    return search;
  }

  /** The replication function itself, without what the options wrap around it. */
  public LambdaFunction function() {
    return function;
  }

  /** Returns the JVMs of the replication function that are running. */
  public List<ProcessHandle> functionProcesses() {
    return function.environments();
  }

  /** Counts the requests that are at the proxy, those that it holds back included. */
  public int requestsInFlight() {
    return proxy == null ? 0 : proxy.inFlight();
  }

  /** Kills every JVM of the replication function; the next invocation starts another. */
  public int killFunction() {
    List<ProcessHandle> running = functionProcesses();
    running.forEach(ProcessHandle::destroyForcibly);
    return running.size();
  }

  public LambdaFunction capture() {
    return capture;
  }

  public LambdaFunction replay() {
    return replay;
  }

  /** Works on the segments of backfills and verifications. */
  public EmbeddedWorker worker() {
    return worker;
  }

  /** Returns where the services answer; Lambda's API knows all functions but capture. */
  public Endpoints endpoints() {
    return new Endpoints(
        lambdaApi.endpoint(),
        aws.sqs().endpoint(),
        database.endpoint(),
        search.endpoint(),
        kinesis().map(end -> end.server().endpoint()));
  }

  /** Where Lambda sends its own messages about what failed. */
  public String failureQueueUrl() {
    return failureQueueUrl;
  }

  public String deadLetterQueueUrl() {
    return deadLetterQueueUrl;
  }

  /** Returns how many messages wait to be captured, those in flight included. */
  public long failures() {
    return resources.messages(failureQueueUrl);
  }

  /** Returns how many messages the dead-letter queue holds, those in flight included. */
  public long deadLetters() {
    return resources.messages(deadLetterQueueUrl);
  }

  /** Compares table and index; nobody may write meanwhile. */
  public ComparisonReport compare() throws InterruptedException {
    return Comparison.of(dynamoDb(), tableName(), search, ExpectedIndex.whole(name()));
  }

  /** Ends replication and deletes the index. */
  public void deleteIndex() throws InterruptedException {
    stopMappings();
    search.send("DELETE", "/" + name() + "-000001", "");
    // Without it the function would refuse to create the index again.
    search.send("DELETE", "/_component_template/utsushi-" + name(), "");
  }

  @Override
  public void close() {
    // Against the direction of the flow, so that nothing calls a part that is closed already.
    try (var _ = options.sharing().isEmpty() ? kinesis : null;
        search;
        proxy;
        function;
        var _ = ownStreamFunction;
        capture;
        replay;
        worker;
        lambdaApi;
        captureMapping) {
      stopMappings();
      streamWorkers.forEach(StreamWorker::close);
    }
  }
}
