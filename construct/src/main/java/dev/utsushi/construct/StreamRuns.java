package dev.utsushi.construct;

import dev.utsushi.core.run.RunStore;
import software.amazon.awscdk.Duration;
import software.amazon.awscdk.RemovalPolicy;
import software.amazon.awscdk.services.dynamodb.Attribute;
import software.amazon.awscdk.services.dynamodb.AttributeType;
import software.amazon.awscdk.services.dynamodb.BillingMode;
import software.amazon.awscdk.services.dynamodb.Table;
import software.amazon.awscdk.services.dynamodb.TableEncryption;
import software.amazon.awscdk.services.sqs.DeadLetterQueue;
import software.amazon.awscdk.services.sqs.Queue;
import software.constructs.Construct;

/**
 * What a stream's backfills and verifications need beside their function.
 *
 * @param table how far each run is
 * @param segments wakes the function, once for each segment
 * @param deadLetters segments that failed again and again
 */
record StreamRuns(Table table, Queue segments, Queue deadLetters) {
  /** An invocation ends before its message is seen again. */
  private static final long VISIBILITY_TIMEOUTS = 2;

  private static final int MAXIMUM_RECEIVES = 5;

  static StreamRuns of(Construct stream, ReplicationProps props) {
    Queue deadLetters = StreamQueues.queue(stream, "SegmentDeadLetters", props.key).build();
    AcceptedFindings.accept(deadLetters, "AwsSolutions-SQS3", "This is the dead-letter queue.");
    Queue segments =
        StreamQueues.queue(stream, "Segments", props.key)
            .visibilityTimeout(
                Duration.seconds(
                    FunctionKind.RUN_TIMEOUT.toSeconds().longValue() * VISIBILITY_TIMEOUTS))
            .deadLetterQueue(
                DeadLetterQueue.builder()
                    .queue(deadLetters)
                    .maxReceiveCount(MAXIMUM_RECEIVES)
                    .build())
            .build();
    return new StreamRuns(table(stream, props), segments, deadLetters);
  }

  /** No {@code TableV2}: with a key, it needs a stack whose region is known. */
  private static Table table(Construct stream, ReplicationProps props) {
    Table table =
        Table.Builder.create(stream, "Runs")
            .partitionKey(attribute(RunStore.PARTITION_KEY, AttributeType.STRING))
            .sortKey(attribute(RunStore.SORT_KEY, AttributeType.NUMBER))
            .timeToLiveAttribute(RunStore.TIME_TO_LIVE)
            .billingMode(BillingMode.PAY_PER_REQUEST)
            .encryption(props.key.map(_ -> TableEncryption.CUSTOMER_MANAGED).orElse(null))
            .encryptionKey(props.key.orElse(null))
            .removalPolicy(RemovalPolicy.DESTROY)
            .build();
    AcceptedFindings.accept(
        table, "AwsSolutions-DDB3", "It holds the progress of runs: what is lost is done again.");
    return table;
  }

  private static Attribute attribute(String name, AttributeType type) {
    return Attribute.builder().name(name).type(type).build();
  }
}
