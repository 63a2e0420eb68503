package dev.utsushi.infra.stack;

import dev.utsushi.infra.settings.StreamSettings;
import software.amazon.awscdk.Duration;
import software.amazon.awscdk.services.sqs.DeadLetterQueue;
import software.amazon.awscdk.services.sqs.Queue;
import software.amazon.awscdk.services.sqs.QueueEncryption;
import software.constructs.Construct;

/**
 * Where a stream's failures go.
 *
 * @param failures Lambda's own messages, until capture has taken them; or for the second chance's
 *     delay
 * @param deadLetters what is left for people
 */
record StreamQueues(Queue failures, Queue deadLetters) {
  private static final Duration LONGEST_RETENTION = Duration.days(14);
  private static final int LARGEST_MESSAGE_BYTES = 1_048_576;

  /** Lambda asks for it: a batch may be throttled for a while before it is worked on. */
  private static final long HIDDEN_TIMEOUTS = 6;

  /** A capture that fails as often has failed for good: its message lies where people look. */
  private static final int MOST_RECEIVES = 5;

  static StreamQueues of(Construct stream, StreamSettings settings) {
    Queue deadLetters =
        queue(stream, "DeadLetters").maxMessageSizeBytes(LARGEST_MESSAGE_BYTES).build();
    Suppressions.of(deadLetters)
        .add("AwsSolutions-SQS3", "It is the dead-letter queue: of a stream, and of capture.");
    Queue.Builder failures =
        queue(stream, "Failures")
            .visibilityTimeout(
                Duration.seconds(FunctionKind.CAPTURE_TIMEOUT.toSeconds() * HIDDEN_TIMEOUTS))
            .deadLetterQueue(
                DeadLetterQueue.builder()
                    .queue(deadLetters)
                    .maxReceiveCount(MOST_RECEIVES)
                    .build());
    settings
        .secondChance()
        .ifPresent(delay -> failures.deliveryDelay(Duration.seconds(delay.toSeconds())));
    return new StreamQueues(failures.build(), deadLetters);
  }

  private static Queue.Builder queue(Construct stream, String id) {
    return Queue.Builder.create(stream, id)
        .encryption(QueueEncryption.SQS_MANAGED)
        .enforceSsl(true)
        .retentionPeriod(LONGEST_RETENTION);
  }
}
