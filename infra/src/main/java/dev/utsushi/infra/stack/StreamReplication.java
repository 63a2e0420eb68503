package dev.utsushi.infra.stack;

import dev.utsushi.core.settings.Settings.Setting;
import dev.utsushi.infra.settings.StreamSettings;
import io.github.cdklabs.cdknag.RegexAppliesTo;
import java.util.List;
import software.amazon.awscdk.Annotations;
import software.amazon.awscdk.CfnOutput;
import software.amazon.awscdk.services.lambda.CfnEventSourceMapping;
import software.amazon.awscdk.services.lambda.CfnEventSourceMapping.DestinationConfigProperty;
import software.amazon.awscdk.services.lambda.CfnEventSourceMapping.FilterCriteriaProperty;
import software.amazon.awscdk.services.lambda.CfnEventSourceMapping.FilterProperty;
import software.amazon.awscdk.services.lambda.CfnEventSourceMapping.MetricsConfigProperty;
import software.amazon.awscdk.services.lambda.CfnEventSourceMapping.OnFailureProperty;
import software.amazon.awscdk.services.logs.LogGroup;
import software.constructs.Construct;

/**
 * One table's stream on its way to one index: table, functions, event source mappings, queues,
 * alarms. Each function has its own role, with a permission for each thing that it does.
 */
final class StreamReplication extends Construct {
  private static final List<String> ITEM_FAILURES = List.of("ReportBatchItemFailures");
  private static final int CAPTURE_BATCH_SIZE = 10;

  private final StreamSettings settings;
  private final StackContext context;
  private final SourceTable table;
  private final StreamQueues queues;
  private final StreamMetrics metrics;

  StreamReplication(Construct scope, StreamSettings settings, StackContext context) {
    super(scope, settings.index());
    this.settings = settings;
    this.context = context;
    table = SourceTable.of(this, settings.table());
    queues = StreamQueues.of(this, settings);
    StreamFunction replication = createReplication();
    CfnEventSourceMapping mapping = readStream(replication);
    StreamFunction capture = createCapture(replication.logs());
    StreamFunction replay = createReplay();
    metrics =
        new StreamMetrics(
            context.settings().stack(),
            settings.index(),
            table.name(),
            replication.name(),
            capture.name(),
            queues.failures().getQueueName(),
            queues.deadLetters().getQueueName(),
            mapping.getRef());
    settings
        .filterWarnings()
        .forEach(text -> Annotations.of(this).addWarningV2("utsushi:filterPatterns", text));
    new StreamAlarms(this, settings, metrics, context.alarmTopic());
    output("DeadLetterQueueUrl", queues.deadLetters().getQueueUrl());
    output("FailureQueueUrl", queues.failures().getQueueUrl());
    output("ReplayFunctionName", replay.name());
    output("FunctionRoleArn", replication.role().getRoleArn());
    output("CaptureRoleArn", capture.role().getRoleArn());
    output("ReplayRoleArn", replay.role().getRoleArn());
  }

  StreamMetrics metrics() {
    return metrics;
  }

  private StreamFunction createReplication() {
    StreamFunction function = function(FunctionKind.REPLICATION);
    // Lambda reads the stream and writes to the queue with the function's role.
    function.allow(
        table.streamArn(),
        "dynamodb:DescribeStream",
        "dynamodb:GetRecords",
        "dynamodb:GetShardIterator",
        "dynamodb:ListStreams");
    function.allow(queues.failures().getQueueArn(), "sqs:SendMessage");
    context.search().admit(function.role(), IndexAccess.toWrite(settings.index()));
    return function;
  }

  private StreamFunction createCapture(LogGroup replicationLogs) {
    StreamFunction function = function(FunctionKind.CAPTURE);
    allowReadingBack(function);
    // Lambda polls the queue with the function's role.
    function.allow(
        queues.failures().getQueueArn(),
        "sqs:DeleteMessage",
        "sqs:GetQueueAttributes",
        "sqs:ReceiveMessage");
    function.allow(queues.deadLetters().getQueueArn(), "sqs:SendMessage");
    if (FunctionKind.CAPTURE.reachesIndex(settings)) {
      context.search().admit(function.role(), IndexAccess.toWrite(settings.index()));
    } else {
      // It does not write the records again, so only the log says why they failed.
      function.set(Setting.REPLICATION_LOG_GROUP, replicationLogs.getLogGroupName());
      function.allow(replicationLogs.getLogGroupArn(), "logs:FilterLogEvents");
    }
    CfnEventSourceMapping.Builder.create(function, "EventSourceMapping")
        .eventSourceArn(queues.failures().getQueueArn())
        .functionName(function.invokedArn())
        .functionResponseTypes(ITEM_FAILURES)
        .batchSize(CAPTURE_BATCH_SIZE)
        .build()
        // Lambda rejects a mapping whose queue the role may not read yet.
        .getNode()
        .addDependency(function.role());
    return function;
  }

  private StreamFunction createReplay() {
    StreamFunction function = function(FunctionKind.REPLAY);
    allowReadingBack(function);
    function.allow(
        queues.deadLetters().getQueueArn(),
        "sqs:ChangeMessageVisibility",
        "sqs:DeleteMessage",
        "sqs:ReceiveMessage");
    context.search().admit(function.role(), IndexAccess.toOperate(settings.index()));
    return function;
  }

  private StreamFunction function(FunctionKind kind) {
    return new StreamFunction(
        this, kind, settings, kind.variables(settings, context, table, queues), context);
  }

  private void allowReadingBack(StreamFunction function) {
    function.allow(table.everyStreamArn(), "dynamodb:GetRecords", "dynamodb:GetShardIterator");
    AcceptedFindings.accept(
        function.role(),
        "AwsSolutions-IAM5",
        "A stream that is disabled and enabled again has a new ARN; the records of the old one"
            + " can be read for 24 hours.",
        RegexAppliesTo.builder().regex("/^Resource::.+\\/stream\\/\\*$/").build());
  }

  private CfnEventSourceMapping readStream(StreamFunction replication) {
    var onFailure =
        OnFailureProperty.builder().destination(queues.failures().getQueueArn()).build();
    CfnEventSourceMapping.Builder builder =
        CfnEventSourceMapping.Builder.create(this, "EventSourceMapping")
            .eventSourceArn(table.streamArn())
            .functionName(replication.invokedArn())
            .functionResponseTypes(ITEM_FAILURES)
            .startingPosition(settings.startingPosition())
            .batchSize(settings.batchSize())
            .maximumBatchingWindowInSeconds(settings.batchingWindowSeconds())
            .parallelizationFactor(settings.parallelizationFactor())
            .maximumRetryAttempts(settings.maximumRetryAttempts())
            .maximumRecordAgeInSeconds(settings.maximumRecordAgeSeconds())
            .bisectBatchOnFunctionError(settings.bisectBatchOnError())
            .destinationConfig(DestinationConfigProperty.builder().onFailure(onFailure).build())
            .metricsConfig(MetricsConfigProperty.builder().metrics(List.of("EventCount")).build());
    if (!settings.filterPatterns().isEmpty()) {
      var filters =
          settings.filterPatterns().stream()
              .map(pattern -> FilterProperty.builder().pattern(pattern.toString()).build())
              .toList();
      builder.filterCriteria(FilterCriteriaProperty.builder().filters(filters).build());
    }
    return builder.build();
  }

  private void output(String id, String value) {
    CfnOutput.Builder.create(this, id).value(value).build();
  }
}
