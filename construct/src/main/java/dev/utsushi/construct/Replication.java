package dev.utsushi.construct;

import dev.utsushi.core.settings.Settings.Setting;
import io.github.cdklabs.cdknag.RegexAppliesTo;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awscdk.ArnComponents;
import software.amazon.awscdk.Stack;
import software.amazon.awscdk.services.cloudwatch.Alarm;
import software.amazon.awscdk.services.dynamodb.ITable;
import software.amazon.awscdk.services.ecs.FargateService;
import software.amazon.awscdk.services.iam.IRole;
import software.amazon.awscdk.services.iam.PolicyStatement;
import software.amazon.awscdk.services.iam.ServicePrincipal;
import software.amazon.awscdk.services.kinesis.IStream;
import software.amazon.awscdk.services.kms.IKey;
import software.amazon.awscdk.services.lambda.CfnEventSourceMapping;
import software.amazon.awscdk.services.lambda.CfnEventSourceMapping.ScalingConfigProperty;
import software.amazon.awscdk.services.lambda.Code;
import software.amazon.awscdk.services.lambda.Function;
import software.amazon.awscdk.services.logs.LogGroup;
import software.amazon.awscdk.services.sqs.IQueue;
import software.constructs.Construct;

/**
 * One table's stream on its way to one index: functions, event source mappings, queues, alarms.
 * Each function has its own role, with a permission for each thing that it does.
 *
 * <pre>{@code
 * new Replication(this, "Deals",
 *     ReplicationProps.of("deals", table, "dealId", SearchTarget.domain(domain))
 *         .parallelizationFactor(3)
 *         .alarmTopic(topic));
 * }</pre>
 *
 * <p>Whatever has no option is a property of what the getters return: {@code (CfnFunction)
 * getReplicationFunction().getNode().getDefaultChild()}, or {@link #getEventSourceMapping}. The
 * construct's parts explain to cdk-nag what they do on purpose; whether cdk-nag runs is up to the
 * app.
 */
public final class Replication extends Construct {
  private static final int CAPTURE_BATCH_SIZE = 10;

  private final ReplicationProps props;
  private final Code code;
  private final StreamQueues queues;
  private final StreamRuns runs;
  private final StreamEnd end;
  private final StreamFunction capture;
  private final StreamFunction replay;
  private final StreamFunction run;
  private final StreamMetrics metrics;
  private final StreamAlarms alarms;

  /**
   * Creates the replication.
   *
   * @throws IllegalArgumentException if the table has no stream, or an imported table no ARN of it
   */
  public Replication(Construct scope, String id, ReplicationProps props) {
    super(scope, id);
    this.props = props;
    code = FunctionCode.of(props);
    props.key.ifPresent(this::admitLogs);
    queues = StreamQueues.of(this, props);
    runs = StreamRuns.of(this, props);
    if (props.verifySchedule != null || props.purgeSchedule != null) {
      new StreamSchedules(this, props, runs.segments());
    }
    end = props.worker.<StreamEnd>map(this::readByWorkers).orElseGet(this::readByFunctions);
    capture = createCapture(end.logs());
    replay = createReplay();
    run = createRun();
    metrics = createMetrics();
    alarms = new StreamAlarms(this, props, metrics);
  }

  /** Returns the index's name, the alias that readers search. */
  public String getIndex() {
    return props.index;
  }

  /** Returns the names of all indexes of the stream; there are several if it has targets. */
  public List<String> getIndexes() {
    return props.indexes;
  }

  /** What reads the stream, and writes the index. */
  private sealed interface StreamEnd {
    LogGroup logs();

    IRole role();
  }

  /**
   * A function and what invokes it.
   *
   * @param mapping reads the stream
   */
  private record FunctionEnd(StreamFunction function, CfnEventSourceMapping mapping)
      implements StreamEnd {
    @Override
    public LogGroup logs() {
      return function.logs();
    }

    @Override
    public IRole role() {
      return function.role();
    }
  }

  private record WorkerEnd(WorkerService workers) implements StreamEnd {
    @Override
    public LogGroup logs() {
      return workers.logs();
    }

    @Override
    public IRole role() {
      return workers.role();
    }
  }

  /** Returns the role of what copies the stream, a function or workers. */
  public IRole getReplicationRole() {
    return end.role();
  }

  /** Returns the workers' service; nothing if a function copies the stream. */
  public Optional<FargateService> getWorkers() {
    return end instanceof WorkerEnd(var workers)
        ? Optional.of(workers.service())
        : Optional.empty();
  }

  /**
   * Returns the function that copies the stream; that of Kinesis if there are two.
   *
   * @throws IllegalStateException if workers do
   */
  public Function getReplicationFunction() {
    return functionEnd().function().function();
  }

  private FunctionEnd functionEnd() {
    return switch (end) {
      case FunctionEnd function -> function;
      case WorkerEnd _ ->
          throw new IllegalStateException(
              "Workers copy the stream to %s, no function".formatted(props.index));
    };
  }

  /** Returns the function that keeps the records of failed batches. */
  public Function getCaptureFunction() {
    return capture.function();
  }

  /** Returns the function that replays dead letters. */
  public Function getReplayFunction() {
    return replay.function();
  }

  /** Returns the function that works on backfills and verifications. */
  public Function getRunFunction() {
    return run.function();
  }

  /**
   * Returns the mapping from the stream to the replication.
   *
   * @throws IllegalStateException if workers read the stream
   */
  public CfnEventSourceMapping getEventSourceMapping() {
    return functionEnd().mapping();
  }

  /** Returns the queue of Lambda's messages about failed batches, until capture takes them. */
  public IQueue getFailureQueue() {
    return queues.failures();
  }

  /** Returns the queue of what is left for operators. */
  public IQueue getDeadLetterQueue() {
    return queues.deadLetters();
  }

  /** Returns the queue of the segments that the run function works on. */
  public IQueue getSegmentQueue() {
    return runs.segments();
  }

  /** Returns the queue of segments that failed again and again. */
  public IQueue getSegmentDeadLetterQueue() {
    return runs.deadLetters();
  }

  /** Returns the table of backfills and verifications. */
  public ITable getRunTable() {
    return runs.table();
  }

  /** Returns the alarms that were not switched off. */
  public Map<ReplicationAlarm, Alarm> getAlarms() {
    return alarms.byKind();
  }

  /** Returns the metrics of functions, mapping, queues and table. */
  public StreamMetrics getMetrics() {
    return metrics;
  }

  private StreamMetrics createMetrics() {
    return new StreamMetrics(
        Stack.of(this).getStackName(),
        props.index,
        props.table.getTableName(),
        capture.function().getFunctionName(),
        queues.failures().getQueueName(),
        queues.deadLetters().getQueueName(),
        runs.deadLetters().getQueueName(),
        switch (end) {
          case FunctionEnd(var function, var mapping) ->
              new StreamMetrics.FunctionReader(
                  function.function().getFunctionName(), mapping.getRef());
          case WorkerEnd(var workers) -> new StreamMetrics.WorkerReader(workers.service());
        },
        props.kinesis.map(IStream::getStreamName).orElse(null));
  }

  private WorkerEnd readByWorkers(WorkerProps worker) {
    Map<Setting, String> variables = props.variables();
    variables.putAll(props.search.variables());
    variables.put(Setting.STACK, Stack.of(this).getStackName());
    variables.put(Setting.TABLE_ARN, props.table.getTableArn());
    variables.put(Setting.FAILURE_QUEUE_URL, queues.failures().getQueueUrl());
    if (props.kinesis.isEmpty()) {
      variables.put(Setting.STREAM_ARN, StreamMapping.streamArn(props));
    }
    WorkerService workers =
        new WorkerService(this, props, worker, variables, LeaseTables.of(this, props));
    props.kinesis.ifPresentOrElse(
        stream -> {
          workers.allow(stream.getStreamArn(), StreamMapping.READ_KINESIS);
          decrypt(stream.getEncryptionKey(), workers);
        },
        () -> {
          workers.allow(
              StreamMapping.streamArn(props),
              "dynamodb:DescribeStream",
              "dynamodb:GetRecords",
              "dynamodb:GetShardIterator");
          decrypt(props.table.getEncryptionKey(), workers);
        });
    workers.allow(queues.failures().getQueueArn(), "sqs:SendMessage");
    props.key.ifPresent(
        key -> workers.allow(key.getKeyArn(), "kms:Decrypt", "kms:GenerateDataKey"));
    props.search.admit(workers.role(), IndexAccess.toWrite(props.index));
    return new WorkerEnd(workers);
  }

  private static void decrypt(@Nullable IKey key, WorkerService workers) {
    Optional.ofNullable(key).ifPresent(it -> workers.allow(it.getKeyArn(), "kms:Decrypt"));
  }

  private StreamEnd readByFunctions() {
    Optional<StreamEnd> own =
        props.readsDynamoDbStream() ? Optional.of(readDynamoDbStream()) : Optional.empty();
    return props.kinesis.map(this::readKinesis).or(() -> own).orElseThrow();
  }

  private StreamEnd readDynamoDbStream() {
    String streamArn = StreamMapping.streamArn(props);
    StreamFunction function = function(FunctionKind.REPLICATION);
    // Lambda reads the stream and writes to the queue with the function's role.
    function.allow(streamArn, StreamMapping.READ_DYNAMODB);
    decryptTable(function);
    allowToWrite(function);
    return new FunctionEnd(function, map(false, streamArn, function));
  }

  private StreamEnd readKinesis(IStream stream) {
    StreamFunction function = function(FunctionKind.KINESIS);
    function.allow(stream.getStreamArn(), StreamMapping.READ_KINESIS);
    decryptKinesis(function);
    allowToWrite(function);
    String source = stream.getStreamArn();
    if (props.enhancedFanOut) {
      source = StreamMapping.consumer(this, stream);
      function.allow(source, StreamMapping.READ_CONSUMER);
    }
    return new FunctionEnd(function, map(true, source, function));
  }

  private CfnEventSourceMapping map(boolean kinesis, String source, StreamFunction function) {
    String failures = queues.failures().getQueueArn();
    return StreamMapping.builder(this, kinesis, props, source, function.invokedArn(), failures)
        .functionResponseTypes(StreamMapping.ITEM_FAILURES)
        .build();
  }

  private void allowToWrite(StreamFunction function) {
    function.allow(queues.failures().getQueueArn(), "sqs:SendMessage");
    useKey(function, "kms:Decrypt", "kms:GenerateDataKey");
    admit(function, IndexAccess::toWrite);
  }

  /** Returns the access to an index. */
  private interface AccessTo {
    IndexAccess of(String index);
  }

  /** A role has room for the permissions of one index: each other one gets a policy of its own. */
  private void admit(StreamFunction function, AccessTo access) {
    props.search.admit(function.role(), access.of(props.index));
    for (String index : props.indexes.subList(1, props.indexes.size())) {
      props.search.admitMore(function, function.role(), access.of(index));
    }
  }

  private void decryptKinesis(StreamFunction function) {
    props
        .kinesis
        .map(IStream::getEncryptionKey)
        .ifPresent(key -> function.allow(key.getKeyArn(), "kms:Decrypt"));
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
    useKey(function, "kms:Decrypt", "kms:GenerateDataKey");
    if (FunctionKind.CAPTURE.reachesIndex(props)) {
      admit(function, IndexAccess::toWrite);
    } else {
      // It does not write the records again, so only the log says why they failed.
      function.set(Setting.REPLICATION_LOG_GROUP, replicationLogs.getLogGroupName());
      function.allow(replicationLogs.getLogGroupArn(), "logs:FilterLogEvents");
    }
    CfnEventSourceMapping.Builder.create(function, "EventSourceMapping")
        .eventSourceArn(queues.failures().getQueueArn())
        .functionName(function.invokedArn())
        .functionResponseTypes(StreamMapping.ITEM_FAILURES)
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
    useKey(function, "kms:Decrypt");
    admit(function, index -> IndexAccess.toOperate(index, props.reindex));
    return function;
  }

  private StreamFunction createRun() {
    StreamFunction function = function(FunctionKind.RUN);
    function.allow(
        props.table.getTableArn(),
        "dynamodb:BatchGetItem",
        "dynamodb:DescribeTable",
        "dynamodb:Scan");
    decryptTable(function);
    // A transaction's updates need the permission to update.
    function.allow(
        runs.table().getTableArn(),
        "dynamodb:GetItem",
        "dynamodb:PutItem",
        "dynamodb:Query",
        "dynamodb:UpdateItem");
    // Lambda polls the queue with the function's role; a segment that goes on is sent again.
    function.allow(
        runs.segments().getQueueArn(),
        "sqs:ChangeMessageVisibility",
        "sqs:DeleteMessage",
        "sqs:GetQueueAttributes",
        "sqs:ReceiveMessage",
        "sqs:SendMessage");
    useKey(function, "kms:Decrypt", "kms:GenerateDataKey");
    admit(function, IndexAccess::toCompare);
    CfnEventSourceMapping.Builder.create(function, "EventSourceMapping")
        .eventSourceArn(runs.segments().getQueueArn())
        .functionName(function.invokedArn())
        .functionResponseTypes(StreamMapping.ITEM_FAILURES)
        .batchSize(1)
        .scalingConfig(
            ScalingConfigProperty.builder()
                .maximumConcurrency(props.backfillMaximumConcurrency)
                .build())
        .build()
        .getNode()
        .addDependency(function.role());
    return function;
  }

  private StreamFunction function(FunctionKind kind) {
    Map<String, String> variables =
        kind.variables(props, Stack.of(this).getStackName(), queues, runs);
    return new StreamFunction(this, kind, props, code, variables);
  }

  /** Lets a function use the key of queues and logs, if they have one of their own. */
  private void useKey(StreamFunction function, String... actions) {
    props.key.ifPresent(key -> function.allow(key.getKeyArn(), actions));
  }

  /** CloudWatch Logs uses the key by itself. The policy of an imported key stays as it is. */
  private void admitLogs(IKey key) {
    Stack stack = Stack.of(this);
    String everyLogGroup =
        stack.formatArn(ArnComponents.builder().service("logs").resource("*").build());
    key.addToResourcePolicy(
        PolicyStatement.Builder.create()
            .principals(
                List.of(new ServicePrincipal("logs.%s.amazonaws.com".formatted(stack.getRegion()))))
            .actions(
                List.of(
                    "kms:Decrypt*",
                    "kms:Describe*",
                    "kms:Encrypt*",
                    "kms:GenerateDataKey*",
                    "kms:ReEncrypt*"))
            .resources(List.of("*"))
            .conditions(
                Map.of("ArnLike", Map.of("kms:EncryptionContext:aws:logs:arn", everyLogGroup)))
            .build(),
        true);
  }

  /** Records are encrypted with the key of their table. */
  private void decryptTable(StreamFunction function) {
    Optional.ofNullable(props.table.getEncryptionKey())
        .ifPresent(key -> function.allow(key.getKeyArn(), "kms:Decrypt"));
  }

  private void allowReadingBack(StreamFunction function) {
    props.kinesis.ifPresent(
        stream -> {
          function.allow(stream.getStreamArn(), "kinesis:GetRecords", "kinesis:GetShardIterator");
          decryptKinesis(function);
        });
    if (props.readsDynamoDbStream()) {
      allowReadingBackFromTable(function);
    }
  }

  private void allowReadingBackFromTable(StreamFunction function) {
    // A stream that is disabled and enabled again has a new ARN.
    String everyStream = props.table.getTableArn() + "/stream/*";
    function.allow(everyStream, "dynamodb:GetRecords", "dynamodb:GetShardIterator");
    decryptTable(function);
    AcceptedFindings.accept(
        function.role(),
        "AwsSolutions-IAM5",
        "A stream that is disabled and enabled again has a new ARN; the records of the old one"
            + " can be read for 24 hours.",
        RegexAppliesTo.builder().regex("/^Resource::.+\\/stream\\/\\*$/").build());
  }
}
