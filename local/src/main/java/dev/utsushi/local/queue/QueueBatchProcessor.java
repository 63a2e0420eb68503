package dev.utsushi.local.queue;

import static java.util.stream.Collectors.toSet;

import dev.utsushi.local.lambda.BatchItemFailures;
import dev.utsushi.local.lambda.Invocable;
import dev.utsushi.local.lambda.InvocationResult;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.function.BooleanSupplier;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.sqs.model.Message;

/**
 * Invokes the function with one batch, and deletes what was processed. What failed is left alone:
 * the queue shows it again when its visibility timeout runs out, or redrives it.
 *
 * @see <a
 *     href="https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html">Handling
 *     errors for an SQS event source</a>
 */
final class QueueBatchProcessor {

  private static final Duration AFTER_A_THROTTLE = Duration.ofMillis(100);

  private final PolledQueue queue;
  private final Invocable function;
  private final QueueMappingSettings settings;
  private final BooleanSupplier closing;
  private final QueueCounting counting;

  QueueBatchProcessor(
      PolledQueue queue,
      Invocable function,
      QueueMappingSettings settings,
      BooleanSupplier closing,
      QueueCounting counting) {
    this.queue = queue;
    this.function = function;
    this.settings = settings;
    this.closing = closing;
    this.counting = counting;
  }

  void process(List<Message> batch) {
    if (batch.isEmpty()) {
      return;
    }
    long visibleAt = System.nanoTime() + queue.visibilityTimeout().toNanos();
    try {
      for (QueueEvent event : QueueEvent.of(queue.arn(), batch)) {
        invokeAndSettle(event, visibleAt);
      }
    } catch (SdkException e) {
      // The messages are still the queue's: they come again.
      counting.problem("settling messages of " + queue.url(), e);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  /** What is throttled is tried again for as long as its messages stay hidden. */
  private void invokeAndSettle(QueueEvent event, long visibleAt) throws InterruptedException {
    while (!closing.getAsBoolean()) {
      InvocationResult result = invoke(event);
      if (!(result instanceof InvocationResult.Throttled)) {
        settle(event.messages(), result);
        return;
      }
      if (System.nanoTime() > visibleAt) {
        counting.returned(event.messages().size());
        return;
      }
      Thread.sleep(AFTER_A_THROTTLE);
    }
    queue.release(event.messages());
  }

  /** What keeps the function from being invoked is like a throttle: it may pass. */
  private InvocationResult invoke(QueueEvent event) throws InterruptedException {
    try {
      InvocationResult result = function.invoke(event.payloadBytes());
      counting.invoked(event.messages().size(), result);
      return result;
    } catch (RuntimeException e) {
      counting.problem("invocation of " + function.arn(), e);
      return new InvocationResult.Throttled("");
    }
  }

  private void settle(List<Message> batch, InvocationResult result) {
    Set<String> ids = batch.stream().map(Message::messageId).collect(toSet());
    Set<String> failed = BatchItemFailures.of(result, ids, settings.reportBatchItemFailures());
    List<Message> processed =
        batch.stream().filter(message -> !failed.contains(message.messageId())).toList();
    if (!failed.isEmpty()) {
      counting.failed();
      counting.returned(batch.size() - processed.size());
    }
    queue.delete(processed);
    counting.deleted(processed.size());
  }
}
