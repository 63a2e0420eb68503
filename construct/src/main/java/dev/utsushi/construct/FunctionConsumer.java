package dev.utsushi.construct;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.Optional;
import software.amazon.awscdk.Duration;
import software.amazon.awscdk.Stack;
import software.amazon.awscdk.services.cloudwatch.Alarm;
import software.amazon.awscdk.services.cloudwatch.ComparisonOperator;
import software.amazon.awscdk.services.cloudwatch.IMetric;
import software.amazon.awscdk.services.cloudwatch.MetricOptions;
import software.amazon.awscdk.services.cloudwatch.Stats;
import software.amazon.awscdk.services.cloudwatch.TreatMissingData;
import software.amazon.awscdk.services.cloudwatch.actions.SnsAction;
import software.amazon.awscdk.services.iam.IRole;
import software.amazon.awscdk.services.iam.PolicyStatement;
import software.amazon.awscdk.services.kinesis.IStream;
import software.amazon.awscdk.services.kms.IKey;
import software.amazon.awscdk.services.lambda.CfnEventSourceMapping;
import software.amazon.awscdk.services.lambda.IFunction;
import software.amazon.awscdk.services.sqs.IQueue;
import software.amazon.awscdk.services.sqs.Queue;
import software.constructs.Construct;

/**
 * A function of your own as one more consumer of a table's changes, with its own position in the
 * stream, its own retries, and a queue for Lambda's messages about what it failed on.
 */
public final class FunctionConsumer extends Construct {
  private final ReplicationProps props;
  private final IRole role;
  private final Queue deadLetters;

  /**
   * Creates the consumer.
   *
   * @param props the table, its stream, and the options of the event source mapping; the others
   *     have no effect
   * @param function with its role, which is given the permissions that the mapping needs
   */
  public FunctionConsumer(Construct scope, String id, ReplicationProps props, IFunction function) {
    super(scope, id);
    this.props = props;
    role = requireNonNull(function.getRole(), "a function with its role");
    deadLetters = StreamQueues.queue(this, "DeadLetters", props.key).build();
    AcceptedFindings.accept(deadLetters, "AwsSolutions-SQS3", "This is the dead-letter queue.");
    allow(deadLetters.getQueueArn(), "sqs:SendMessage");
    props.key.ifPresent(key -> allow(key.getKeyArn(), "kms:Decrypt", "kms:GenerateDataKey"));
    if (props.readsDynamoDbStream()) {
      readDynamoDbStream(function);
    }
    props.kinesis.ifPresent(stream -> readKinesis(stream, function));
    watch(function);
  }

  /** Returns the queue of Lambda's messages about batches that were given up. */
  public IQueue getDeadLetterQueue() {
    return deadLetters;
  }

  private void readDynamoDbStream(IFunction function) {
    String streamArn = StreamMapping.streamArn(props);
    allow(streamArn, StreamMapping.READ_DYNAMODB);
    decrypt(Optional.ofNullable(props.table.getEncryptionKey()));
    map(false, streamArn, function);
  }

  private void readKinesis(IStream stream, IFunction function) {
    allow(stream.getStreamArn(), StreamMapping.READ_KINESIS);
    decrypt(Optional.ofNullable(stream.getEncryptionKey()));
    String source = stream.getStreamArn();
    if (props.enhancedFanOut) {
      source = StreamMapping.consumer(this, stream);
      allow(source, StreamMapping.READ_CONSUMER);
    }
    map(true, source, function);
  }

  private void decrypt(Optional<IKey> key) {
    key.ifPresent(it -> allow(it.getKeyArn(), "kms:Decrypt"));
  }

  private void map(boolean kinesis, String source, IFunction function) {
    CfnEventSourceMapping.Builder builder =
        StreamMapping.builder(
            this, kinesis, props, source, function.getFunctionArn(), deadLetters.getQueueArn());
    if (props.reportsBatchItemFailures) {
      builder.functionResponseTypes(StreamMapping.ITEM_FAILURES);
    }
    CfnEventSourceMapping mapping = builder.build();
    // Lambda rejects a mapping whose stream the role may not read yet.
    mapping.getNode().addDependency(role);
  }

  private void allow(String resourceArn, String... actions) {
    role.addToPrincipalPolicy(
        PolicyStatement.Builder.create()
            .actions(List.of(actions))
            .resources(List.of(resourceArn))
            .build());
  }

  private void watch(IFunction function) {
    alarm(
        "DeadLettersAlarm",
        deadLetters.metricApproximateNumberOfMessagesVisible(),
        1,
        1,
        "has dead letters. Check the log of its function");
    MetricOptions minute =
        MetricOptions.builder().statistic(Stats.MAXIMUM).period(Duration.minutes(1)).build();
    props
        .threshold(ReplicationAlarm.ITERATOR_AGE, StreamAlarms.OLDEST_RECORD.toMillis())
        .ifPresent(
            age ->
                alarm(
                    "IteratorAgeAlarm",
                    function.metric("IteratorAge", minute),
                    age,
                    3,
                    "is falling behind its table. Check the log of its function, or raise"
                        + " parallelizationFactor"));
  }

  private void alarm(String id, IMetric metric, long threshold, int minutes, String what) {
    Alarm alarm =
        Alarm.Builder.create(this, id)
            .alarmDescription(
                "Utsushi: the consumer %s of %s %s"
                    .formatted(props.index, Stack.of(this).getStackName(), what))
            .metric(metric)
            .threshold(threshold)
            .evaluationPeriods(minutes)
            .comparisonOperator(ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD)
            .treatMissingData(TreatMissingData.NOT_BREACHING)
            .build();
    props.alarmTopic.map(SnsAction::new).ifPresent(alarm::addAlarmAction);
    props.alarmTopic.map(SnsAction::new).ifPresent(alarm::addOkAction);
  }
}
