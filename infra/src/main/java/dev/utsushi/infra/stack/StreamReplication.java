package dev.utsushi.infra.stack;

import dev.utsushi.infra.settings.StreamSettings;
import java.util.List;
import software.amazon.awscdk.CfnOutput;
import software.amazon.awscdk.services.iam.PolicyStatement;
import software.amazon.awscdk.services.iam.Role;
import software.amazon.awscdk.services.lambda.CfnEventSourceMapping;
import software.amazon.awscdk.services.sqs.Queue;
import software.constructs.Construct;

/**
 * One table's stream on its way to one index: table, functions, event source mappings, queues,
 * alarms.
 */
final class StreamReplication extends Construct {
  private final StreamSettings settings;
  private final SourceTable table;
  private final StreamQueues queues;
  private final StreamFunction replication;
  private final StreamFunction capture;
  private final CfnEventSourceMapping mapping;

  StreamReplication(Construct scope, StreamSettings settings, Surroundings surroundings) {
    super(scope, settings.index());
    this.settings = settings;
    table = SourceTable.of(this, settings.table());
    queues = StreamQueues.of(this, settings);
    replication =
        new StreamFunction(
            this,
            FunctionKind.REPLICATION,
            settings,
            FunctionSettings.ofReplication(settings, surroundings.search()),
            surroundings);
    grant(replication.role(), surroundings.search());
    mapping = mapping(replication.invokedArn());
    var deadLetters = new DeadLetterFunctions(this, settings, table, queues, surroundings);
    capture = deadLetters.capture();
    StreamFunction replay = deadLetters.replay();
    StreamAlarms.watch(this, surroundings.alarmTopic());
    output("DeadLetterQueueUrl", queues.deadLetters().getQueueUrl());
    output("FailureQueueUrl", queues.failures().getQueueUrl());
    output("ReplayFunctionName", replay.function().getFunctionName());
    output("FunctionRoleArn", replication.role().getRoleArn());
    output("CaptureRoleArn", capture.role().getRoleArn());
    output("ReplayRoleArn", replay.role().getRoleArn());
  }

  private void output(String id, String value) {
    CfnOutput.Builder.create(this, id).value(value).build();
  }

  StreamSettings settings() {
    return settings;
  }

  SourceTable table() {
    return table;
  }

  StreamQueues queues() {
    return queues;
  }

  StreamFunction replication() {
    return replication;
  }

  StreamFunction capture() {
    return capture;
  }

  CfnEventSourceMapping eventSourceMapping() {
    return mapping;
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
            .resources(List.of(queues.failures().getQueueArn()))
            .build());
    search.admit(role, IndexAccess.toWrite(settings.index()));
  }

  private CfnEventSourceMapping mapping(String functionArn) {
    StreamSettings.Reading reading = settings.reading();
    CfnEventSourceMapping.Builder builder =
        CfnEventSourceMapping.Builder.create(this, "EventSourceMapping")
            .eventSourceArn(table.streamArn())
            .functionName(functionArn)
            .functionResponseTypes(List.of("ReportBatchItemFailures"))
            .startingPosition(reading.startingPosition())
            .batchSize(reading.batchSize())
            .maximumBatchingWindowInSeconds(reading.batchingWindow().toSeconds())
            .parallelizationFactor(reading.parallelizationFactor())
            .maximumRetryAttempts(reading.retryAttempts())
            .maximumRecordAgeInSeconds(reading.recordAgeSeconds())
            .bisectBatchOnFunctionError(reading.bisect())
            .destinationConfig(onFailure(queues.failures()))
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
