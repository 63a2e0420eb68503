package dev.utsushi.construct;

import java.util.Optional;
import software.amazon.awscdk.Duration;
import software.amazon.awscdk.services.kms.IKey;
import software.amazon.awscdk.services.sqs.DeadLetterQueue;
import software.amazon.awscdk.services.sqs.Queue;
import software.amazon.awscdk.services.sqs.QueueEncryption;
import software.constructs.Construct;

/**
 * The queues of a stream's failed batches.
 *
 * @param failures Lambda's own messages, until capture takes them
 * @param deadLetters what is left for operators
 */
record StreamQueues(Queue failures, Queue deadLetters) {
  private static final Duration LONGEST_RETENTION = Duration.days(14);
  private static final int LARGEST_MESSAGE_BYTES = 1_048_576;

  /** Lambda recommends it: a batch may be throttled for a while before it is processed. */
  private static final long VISIBILITY_TIMEOUTS = 6;

  /** After so many attempts capture won't succeed: the message goes where operators look. */
  private static final int MAXIMUM_RECEIVES = 5;

  static StreamQueues of(Construct stream, ReplicationProps props) {
    Queue deadLetters =
        queue(stream, "DeadLetters", props.key).maxMessageSizeBytes(LARGEST_MESSAGE_BYTES).build();
    AcceptedFindings.accept(deadLetters, "AwsSolutions-SQS3", "This is the dead-letter queue.");
    Queue.Builder failures =
        queue(stream, "Failures", props.key)
            .visibilityTimeout(
                Duration.seconds(
                    FunctionKind.CAPTURE_TIMEOUT.toSeconds().longValue() * VISIBILITY_TIMEOUTS))
            .deadLetterQueue(
                DeadLetterQueue.builder()
                    .queue(deadLetters)
                    .maxReceiveCount(MAXIMUM_RECEIVES)
                    .build());
    if (props.secondChance != null) {
      failures.deliveryDelay(props.secondChance);
    }
    return new StreamQueues(failures.build(), deadLetters);
  }

  static Queue.Builder queue(Construct stream, String id, Optional<IKey> key) {
    return Queue.Builder.create(stream, id)
        .encryption(key.isPresent() ? QueueEncryption.KMS : QueueEncryption.SQS_MANAGED)
        .encryptionMasterKey(key.orElse(null))
        .enforceSsl(true)
        .retentionPeriod(LONGEST_RETENTION);
  }
}
