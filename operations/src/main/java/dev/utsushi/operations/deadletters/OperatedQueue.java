package dev.utsushi.operations.deadletters;

import dev.utsushi.core.deadletter.DeadLetterQueue;
import dev.utsushi.operations.stack.AwsClients;
import dev.utsushi.operations.stack.AwsErrors;
import dev.utsushi.operations.stack.DeployedStream;
import dev.utsushi.operations.stack.OperationException;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import software.amazon.awssdk.services.sqs.model.Message;

/**
 * The dead-letter queue of a deployed stream, with the operator's credentials. Every method throws
 * {@link OperationException} if SQS rejects the request or does not answer.
 */
public record OperatedQueue(AwsClients clients, DeployedStream stream, Progress progress) {
  /** If this process dies, the messages become visible again after this. */
  private static final Duration VISIBILITY_TIMEOUT = Duration.ofMinutes(2);

  /** How long to receive messages: well before the first becomes visible again. */
  private static final Duration LONGEST = Duration.ofSeconds(80);

  /** Long polling asks all of SQS's servers; a receive that does not wait asks some. */
  private static final Duration WAIT = Duration.ofSeconds(1);

  /** Where an operation reports how it proceeds. */
  public interface Progress {
    /** Replaces the status line. */
    void status(String text);

    /** Reports a problem that the operator has to know. */
    void warn(String text);
  }

  private DeadLetterQueue queue() {
    return new DeadLetterQueue(clients.sqs(), stream.queueUrl());
  }

  static long endOfReceiving() {
    return System.nanoTime() + LONGEST.toNanos();
  }

  DeadLetterQueue.Figures figures() {
    return AwsErrors.call("sqs:GetQueueAttributes", queue()::figures);
  }

  /** Receives messages, which are then in flight for the visibility timeout. */
  List<Message> receive(int most) {
    return AwsErrors.call(
        "sqs:ReceiveMessage", () -> queue().receive(most, WAIT, VISIBILITY_TIMEOUT));
  }

  /** Sends a message. */
  void send(String body) {
    AwsErrors.call(
        "sqs:SendMessage",
        () -> {
          queue().send(body);
          return body;
        });
  }

  /** Deletes messages; returns, by id, why some were not deleted. */
  Map<String, String> delete(List<Message> messages) {
    return AwsErrors.call("sqs:DeleteMessage", () -> queue().delete(messages));
  }

  /** Releases messages; even after an interruption, so that the next reader finds them. */
  void release(Collection<Message> held) {
    boolean interrupted = Thread.interrupted();
    try {
      for (List<Message> batch : DeadLetterQueue.batches(held)) {
        AwsErrors.call("sqs:ChangeMessageVisibility", () -> queue().release(batch));
      }
    } catch (OperationException e) {
      progress.warn(
          "messages stay in flight for up to %d s: %s"
              .formatted(VISIBILITY_TIMEOUT.toSeconds(), e.getMessage()));
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
