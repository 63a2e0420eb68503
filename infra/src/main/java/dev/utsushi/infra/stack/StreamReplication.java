package dev.utsushi.infra.stack;

import dev.utsushi.index.IndexNames;
import dev.utsushi.infra.settings.StreamSettings;
import java.util.List;
import software.amazon.awscdk.CfnOutput;
import software.amazon.awscdk.Duration;
import software.amazon.awscdk.services.iam.PolicyStatement;
import software.amazon.awscdk.services.iam.Role;
import software.amazon.awscdk.services.lambda.Alias;
import software.amazon.awscdk.services.lambda.CfnEventSourceMapping;
import software.amazon.awscdk.services.lambda.Function;
import software.amazon.awscdk.services.sqs.Queue;
import software.amazon.awscdk.services.sqs.QueueEncryption;
import software.constructs.Construct;

/**
 * One table's stream on its way to one index: table, function, event source mapping, dead-letter
 * queue, alarms.
 */
final class StreamReplication extends Construct {
  private static final Duration LONGEST_RETENTION = Duration.days(14);

  private final StreamSettings settings;
  private final SourceTable table;
  private final Queue deadLetters;
  private final Function function;
  private final CfnEventSourceMapping mapping;

  StreamReplication(Construct scope, StreamSettings settings, Surroundings surroundings) {
    super(scope, settings.index());
    this.settings = settings;
    table = SourceTable.of(this, settings.table());
    deadLetters = deadLetters();
    ReplicationFunction replication = new ReplicationFunction(this, settings, surroundings);
    function = replication.function();
    grant(replication.role(), surroundings.search());
    mapping = mapping(replication.live());
    StreamAlarms.watch(this, surroundings.alarmTopic());
    CfnOutput.Builder.create(this, "DeadLetterQueueUrl").value(deadLetters.getQueueUrl()).build();
    CfnOutput.Builder.create(this, "FunctionRoleArn")
        .value(replication.role().getRoleArn())
        .build();
  }

  StreamSettings settings() {
    return settings;
  }

  SourceTable table() {
    return table;
  }

  Queue deadLetterQueue() {
    return deadLetters;
  }

  Function function() {
    return function;
  }

  CfnEventSourceMapping eventSourceMapping() {
    return mapping;
  }

  private Queue deadLetters() {
    Queue queue =
        Queue.Builder.create(this, "DeadLetters")
            .encryption(QueueEncryption.SQS_MANAGED)
            .enforceSsl(true)
            .retentionPeriod(LONGEST_RETENTION)
            .build();
    Suppressions.of(queue)
        .add("AwsSolutions-SQS3", "It is the dead-letter queue: of a stream, not of a queue.");
    return queue;
  }

  /** Lambda reads the stream and writes the queue in the function's name. */
  private void grant(Role role, SearchTarget search) {
    role.addToPrincipalPolicy(
        PolicyStatement.Builder.create()
            .actions(
                List.of(
                    "dynamodb:DescribeStream",
                    "dynamodb:GetRecords",
                    "dynamodb:GetShardIterator",
                    "dynamodb:ListStreams"))
            .resources(List.of(table.streamArn()))
            .build());
    role.addToPrincipalPolicy(
        PolicyStatement.Builder.create()
            .actions(List.of("sqs:SendMessage"))
            .resources(List.of(deadLetters.getQueueArn()))
            .build());
    search.admit(role, new IndexNames(settings.index()));
  }

  private CfnEventSourceMapping mapping(Alias live) {
    StreamSettings.Reading reading = settings.reading();
    CfnEventSourceMapping.Builder builder =
        CfnEventSourceMapping.Builder.create(this, "EventSourceMapping")
            .eventSourceArn(table.streamArn())
            .functionName(live.getFunctionArn())
            .functionResponseTypes(List.of("ReportBatchItemFailures"))
            .startingPosition(reading.startingPosition())
            .batchSize(reading.batchSize())
            .maximumBatchingWindowInSeconds(reading.batchingWindow().toSeconds())
            .parallelizationFactor(reading.parallelizationFactor())
            .maximumRetryAttempts(reading.retryAttempts())
            .maximumRecordAgeInSeconds(reading.recordAgeSeconds())
            .bisectBatchOnFunctionError(reading.bisect())
            .destinationConfig(onFailure(deadLetters))
            .metricsConfig(
                CfnEventSourceMapping.MetricsConfigProperty.builder()
                    .metrics(List.of("EventCount"))
                    .build());
    if (!reading.filterPatterns().isEmpty()) {
      builder.filterCriteria(filters(reading.filterPatterns()));
    }
    return builder.build();
  }

  private static CfnEventSourceMapping.DestinationConfigProperty onFailure(Queue queue) {
    return CfnEventSourceMapping.DestinationConfigProperty.builder()
        .onFailure(
            CfnEventSourceMapping.OnFailureProperty.builder()
                .destination(queue.getQueueArn())
                .build())
        .build();
  }

  private static CfnEventSourceMapping.FilterCriteriaProperty filters(List<String> patterns) {
    return CfnEventSourceMapping.FilterCriteriaProperty.builder()
        .filters(
            patterns.stream()
                .map(
                    pattern ->
                        CfnEventSourceMapping.FilterProperty.builder().pattern(pattern).build())
                .toList())
        .build();
  }
}
