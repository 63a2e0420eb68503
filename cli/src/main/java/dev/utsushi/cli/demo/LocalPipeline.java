package dev.utsushi.cli.demo;

import dev.utsushi.core.settings.Settings.Setting;
import dev.utsushi.lambda.ReplicationHandler;
import dev.utsushi.local.LocalAws;
import dev.utsushi.local.lambda.LambdaConfiguration;
import dev.utsushi.local.lambda.LambdaFunction;
import dev.utsushi.local.mapping.EventSourceMapping;
import dev.utsushi.local.mapping.EventSourceMappingSettings;
import dev.utsushi.testbed.activity.ActivityTable;
import dev.utsushi.testbed.search.SearchApi;
import java.util.List;
import java.util.Map;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;

/** The pipeline as it is deployed: table, stream, mapping, function, index, dead-letter queue. */
final class LocalPipeline implements AutoCloseable {
  static final String READER_ALIAS = "action-logs";
  static final String MAPPING_RESOURCE = "activity-log.json";
  private static final int RETRIES = 3;

  private final LocalAws aws;
  private final SearchApi search;
  private final DeadLetterRoad deadLetters;
  private final LambdaFunction function;
  private final EventSourceMapping mapping;
  private final FunctionLog log;

  /** On servers that run already; closes them in the end. */
  LocalPipeline(LocalAws aws, DemoOptions options, FunctionLog log) {
    this.aws = aws;
    this.log = log;
    search = new SearchApi(aws.search().endpoint());
    String streamArn = ActivityTableSetup.create(aws.dynamoDb().client());
    LambdaConfiguration replication = functionConfiguration(aws, options, log);
    String tableArn = streamArn.substring(0, streamArn.indexOf("/stream/"));
    deadLetters =
        new DeadLetterRoad(aws, options.functionJar(), replication.environment(), tableArn, log);
    function = new LambdaFunction(replication);
    mapping =
        EventSourceMapping.of(
                streamArn, aws.dynamoDb().streams(), function, mappingSettings(options))
            .onFailure(aws.sqs().client(), deadLetters.failureQueueUrl())
            .build();
    mapping.start();
  }

  private static LambdaConfiguration functionConfiguration(
      LocalAws aws, DemoOptions options, FunctionLog log) {
    return LambdaConfiguration.of(
            "replicate-action-logs",
            List.of(options.functionJar()),
            ReplicationHandler.class.getName() + "::handleRequest")
        .withEnvironment(
            Map.of(
                Setting.SEARCH_ENDPOINT.variable(),
                aws.search().endpoint().toString(),
                Setting.SEARCH_AUTH.variable(),
                "none",
                Setting.INDEX.variable(),
                READER_ALIAS,
                Setting.PARTITION_KEY.variable(),
                ActivityTable.PARTITION_KEY,
                Setting.SORT_KEY.variable(),
                ActivityTable.SORT_KEY,
                Setting.MAPPING.variable(),
                MAPPING_RESOURCE,
                Setting.LAG_ATTRIBUTE.variable(),
                ActivityTable.WRITTEN_AT))
        .withLog(log);
  }

  private static EventSourceMappingSettings mappingSettings(DemoOptions options) {
    return EventSourceMappingSettings.defaults()
        .withBatchSize(options.batchSize())
        .withParallelizationFactor(options.parallelizationFactor())
        .withMaximumRetryAttempts(RETRIES)
        .withReportBatchItemFailures(true);
  }

  LocalAws aws() {
    return aws;
  }

  SearchApi search() {
    return search;
  }

  FunctionLog log() {
    return log;
  }

  DeadLetterRoad deadLetterRoad() {
    return deadLetters;
  }

  /** Changes that are done with: in the index. */
  long indexed() {
    var counters = mapping.counters();
    return counters.settledRecords() - counters.deliveredRecords() - counters.droppedRecords();
  }

  /** Changes that are done with, in the index or in the dead-letter queue. */
  long settled() {
    return mapping.counters().settledRecords();
  }

  long failedInvocations() {
    return mapping.counters().failedInvocations();
  }

  List<Long> functionProcessIds() {
    return function.environments().stream().map(ProcessHandle::pid).sorted().toList();
  }

  /** Messages in both queues: what is not captured yet is a dead letter too. */
  long deadLetters() {
    return messages(deadLetters.failureQueueUrl()) + messages(deadLetters.queueUrl());
  }

  private long messages(String queueUrl) {
    var attributes =
        aws.sqs()
            .client()
            .getQueueAttributes(
                request ->
                    request
                        .queueUrl(queueUrl)
                        .attributeNames(
                            QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES,
                            QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES_NOT_VISIBLE))
            .attributes();
    return attributes.values().stream().mapToLong(Long::parseLong).sum();
  }

  @Override
  public void close() {
    try (aws;
        search;
        deadLetters;
        function;
        mapping) {
      // In the order of the flow, reversed: nobody is invoked, or asked, that has gone.
    }
  }
}
