package dev.utsushi.cli.load;

import dev.utsushi.cli.demo.ActivityTableSetup;
import dev.utsushi.core.settings.Settings.Setting;
import dev.utsushi.lambda.ReplicationHandler;
import dev.utsushi.loadtest.measurement.PipelineSettings;
import dev.utsushi.local.LocalAws;
import dev.utsushi.local.dynamodb.LocalDynamoDb;
import dev.utsushi.local.lambda.InvocationResult.InitFailed;
import dev.utsushi.local.lambda.LambdaConfiguration;
import dev.utsushi.local.lambda.LambdaFunction;
import dev.utsushi.local.lambda.LogLine;
import dev.utsushi.local.mapping.EventSourceMapping;
import dev.utsushi.local.mapping.EventSourceMappingSettings;
import dev.utsushi.local.mapping.MappingCounters;
import dev.utsushi.local.proxy.FaultProxy;
import dev.utsushi.local.proxy.ProxyAction;
import dev.utsushi.local.proxy.ProxyListener;
import dev.utsushi.testbed.activity.ActivityTable;
import dev.utsushi.testbed.comparison.ComparisonReport;
import dev.utsushi.testbed.comparison.TableAndIndex;
import dev.utsushi.testbed.search.SearchApi;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;

/**
 * One run's own table, index, queue, function and mapping on servers that go on running. The waits
 * are real: an invocation lasts as long as it is set to, and each request to the engine is held up
 * on its way.
 */
final class EmbeddedPipeline implements AutoCloseable {
  private static final int RETRIES = 3;
  private static final String MAPPING_RESOURCE = "activity-log.json";

  private final LocalAws aws;
  private final LocalDynamoDb database;
  private final String name;
  private final FaultProxy line;
  private final SearchApi search;
  private final String queueUrl;
  private final LambdaFunction function;
  private final InvocationWatch watch;
  private final EventSourceMapping mapping;

  /**
   * @param database of this run alone: a used one grows slow with its streams
   * @param name of the table, and of the index's alias
   * @param log receives the function's lines
   */
  EmbeddedPipeline(
      LocalAws aws,
      LocalDynamoDb database,
      String name,
      PipelineSettings settings,
      Path functionJar,
      Consumer<LogLine> log) {
    this.aws = aws;
    this.database = database;
    this.name = name;
    search = new SearchApi(aws.search().endpoint());
    ProxyAction delay = new ProxyAction.Delay(settings.searchRoundTrip());
    line = FaultProxy.to(aws.search().endpoint(), _ -> delay, ProxyListener.SILENT);
    String streamArn = ActivityTableSetup.create(database.client(), name);
    queueUrl =
        aws.sqs().client().createQueue(queue -> queue.queueName(name + "-letters")).queueUrl();
    URI engine = settings.searchRoundTrip().isZero() ? aws.search().endpoint() : line.endpoint();
    function =
        new LambdaFunction(
            LambdaConfiguration.of(
                    name,
                    List.of(functionJar),
                    ReplicationHandler.class.getName() + "::handleRequest")
                .withEnvironment(environment(engine))
                .withInvocationOverhead(settings.invocationOverhead())
                .withLeastInvocationTime(settings.leastInvocation())
                .withLog(log));
    watch = new InvocationWatch();
    mapping =
        EventSourceMapping.of(streamArn, database.streams(), function, mapping(settings))
            .onFailure(aws.sqs().client(), queueUrl)
            .listener(watch)
            .build();
  }

  private Map<String, String> environment(URI engine) {
    return Map.of(
        Setting.SEARCH_ENDPOINT.variable(),
        engine.toString(),
        Setting.SEARCH_AUTH.variable(),
        "none",
        Setting.INDEX.variable(),
        name,
        Setting.PARTITION_KEY.variable(),
        ActivityTable.PARTITION_KEY,
        Setting.SORT_KEY.variable(),
        ActivityTable.SORT_KEY,
        Setting.MAPPING.variable(),
        MAPPING_RESOURCE);
  }

  private static EventSourceMappingSettings mapping(PipelineSettings settings) {
    return EventSourceMappingSettings.defaults()
        .withBatchSize(settings.batchSize())
        .withParallelizationFactor(settings.factor())
        .withBatchingWindow(settings.window())
        .withMaximumRetryAttempts(RETRIES)
        .withReportBatchItemFailures(true);
  }

  /** Polls from now on. */
  void start() {
    mapping.start();
  }

  /** Starts one more environment ahead of the first invocation. */
  Optional<InitFailed> initialize() throws InterruptedException {
    return function.initialize();
  }

  InvocationWatch watch() {
    return watch;
  }

  String name() {
    return name;
  }

  DynamoDbClient dynamoDb() {
    return database.client();
  }

  SearchApi search() {
    return search;
  }

  MappingCounters counters() {
    return mapping.counters();
  }

  long deadLetters() {
    return Long.parseLong(
        aws.sqs()
            .client()
            .getQueueAttributes(
                request ->
                    request
                        .queueUrl(queueUrl)
                        .attributeNames(QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES))
            .attributes()
            .getOrDefault(QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES, "0"));
  }

  /** Nobody may write meanwhile. */
  ComparisonReport compare() throws InterruptedException {
    return new TableAndIndex(dynamoDb(), name, search, name).compare();
  }

  /** Deletes what is this run's own, so that the next one finds the servers as this one did. */
  void forget() throws InterruptedException {
    mapping.close();
    search.send("DELETE", "/" + name + "-000001", "");
  }

  @Override
  public void close() {
    try (search;
        line;
        function;
        mapping) {
      // In the order of the flow, reversed: nobody is invoked, or asked, that has gone.
    }
  }
}
