package dev.utsushi.local.queue;

import dev.utsushi.local.lambda.BatchItemFailures;
import dev.utsushi.local.lambda.Invocable;
import dev.utsushi.local.lambda.InvocationResult;
import dev.utsushi.local.mapping.MappingEvent.Problem;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.Message;

/**
 * An event source mapping from a standard queue to a function. It deletes the messages that the
 * function processed and leaves failed ones alone: they become visible again when their visibility
 * timeout ends, or are redriven.
 *
 * @see <a href="https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html">Using Lambda with
 *     SQS</a>
 * @see <a
 *     href="https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html">Handling
 *     errors for an SQS event source</a>
 */
public final class QueueEventSourceMapping implements AutoCloseable {

  /** How long to wait for a free batch before checking whether the mapping is closing. */
  private static final Duration CLOSING_CHECK = Duration.ofMillis(100);

  private static final Duration WAIT_AFTER_PROBLEM = Duration.ofMillis(500);
  private static final Duration WAIT_AFTER_THROTTLE = Duration.ofMillis(100);

  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final AtomicReference<QueueMappingCounters> counters =
      new AtomicReference<>(QueueMappingCounters.ZERO);
  private final QueuePoller queue;
  private final Invocable function;
  private final QueueMappingSettings settings;
  private final Consumer<? super Problem> listener;
  private final Semaphore batches;
  private Thread poller = new Thread(() -> {});
  private volatile boolean closing;

  /**
   * Prepares a mapping; {@link #start} starts it.
   *
   * @param listener receives failures to invoke the function and of the queue, which the mapping
   *     retries, on the thread that does the work
   * @throws SdkException if the queue does not answer
   */
  public QueueEventSourceMapping(
      SqsClient sqs,
      String queueUrl,
      Invocable function,
      QueueMappingSettings settings,
      Consumer<? super Problem> listener) {
    queue = QueuePoller.of(sqs, queueUrl);
    this.function = function;
    this.settings = settings;
    this.listener = listener;
    this.batches = new Semaphore(settings.batchesAtOnce());
  }

  /** Prepares a mapping without a listener. */
  public QueueEventSourceMapping(
      SqsClient sqs, String queueUrl, Invocable function, QueueMappingSettings settings) {
    this(sqs, queueUrl, function, settings, _ -> {});
  }

  /** Starts to poll. */
  public void start() {
    poller = Thread.ofVirtual().name("poll-" + queue.url()).start(this::poll);
  }

  public QueueMappingCounters counters() {
    return counters.get();
  }

  /**
   * Stops polling and starts no further invocation. One in flight may end within the function's
   * time-out and still counts; messages that were gathered for the next one are visible at once.
   */
  @Override
  public void close() {
    closing = true;
    try {
      // The poller may still hand over a batch, for which the executor must be open.
      poller.join();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
    threads.close();
  }

  /** Receives a batch only when it can be invoked, so that no message is in flight for nothing. */
  private void poll() {
    try {
      while (!closing) {
        if (batches.tryAcquire(CLOSING_CHECK.toMillis(), TimeUnit.MILLISECONDS)) {
          List<Message> batch = gather();
          threads.execute(
              () -> {
                try {
                  process(batch);
                } finally {
                  batches.release();
                }
              });
        }
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  /**
   * Gathers messages until the batch is full, its window is over, or the mapping closes.
   *
   * @see <a
   *     href="https://docs.aws.amazon.com/lambda/latest/dg/invocation-eventsourcemapping.html#invocation-eventsourcemapping-batching">Batching
   *     behavior</a>
   */
  private List<Message> gather() throws InterruptedException {
    List<Message> batch = new ArrayList<>();
    long end = Long.MAX_VALUE;
    while (!closing && !isFull(batch) && System.nanoTime() < end) {
      List<Message> received = receive(settings.batchSize() - batch.size());
      if (batch.isEmpty() && !received.isEmpty()) {
        end = System.nanoTime() + settings.batchingWindow().toNanos();
      }
      batch.addAll(received);
    }
    return batch;
  }

  private boolean isFull(List<Message> batch) {
    long bytes =
        batch.stream().mapToLong(m -> m.body().getBytes(StandardCharsets.UTF_8).length).sum();
    return batch.size() >= settings.batchSize() || bytes >= QueueEvent.MOST_BYTES;
  }

  private List<Message> receive(int room) throws InterruptedException {
    try {
      List<Message> received = queue.receive(room);
      count(c -> c.withReceivedMessages(c.receivedMessages() + received.size()));
      return received;
    } catch (SdkException e) {
      listener.accept(new Problem("receiving from " + queue.url(), e));
      Thread.sleep(WAIT_AFTER_PROBLEM);
      return List.of();
    }
  }

  private void process(List<Message> batch) {
    long visibleAt = System.nanoTime() + queue.visibilityTimeout().toNanos();
    try {
      for (QueueEvent event : QueueEvent.of(queue.arn(), batch)) {
        process(event, visibleAt);
      }
    } catch (SdkException e) {
      // The queue still has the messages: they become visible again.
      listener.accept(new Problem("deleting messages of " + queue.url(), e));
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  /** Retries a throttled batch for as long as its messages stay in flight. */
  private void process(QueueEvent event, long visibleAt) throws InterruptedException {
    while (!closing) {
      InvocationResult result = invoke(event);
      if (!(result instanceof InvocationResult.Throttled)) {
        delete(event.messages(), result);
        return;
      }
      if (System.nanoTime() > visibleAt) {
        returned(event.messages().size());
        return;
      }
      Thread.sleep(WAIT_AFTER_THROTTLE);
    }
    queue.release(event.messages());
  }

  /** Treats a function that can't be invoked as throttled, because the cause may pass. */
  private InvocationResult invoke(QueueEvent event) throws InterruptedException {
    try {
      InvocationResult result = function.invoke(event.payload());
      count(
          c ->
              result instanceof InvocationResult.Throttled
                  ? c.withThrottles(c.throttles() + 1)
                  : c.withInvocations(c.invocations() + 1));
      return result;
    } catch (RuntimeException e) {
      listener.accept(new Problem("invocation of " + function.arn(), e));
      return new InvocationResult.Throttled("");
    }
  }

  private void delete(List<Message> batch, InvocationResult result) {
    List<String> ids = batch.stream().map(Message::messageId).toList();
    Set<String> failed = BatchItemFailures.of(result, ids, settings.reportBatchItemFailures());
    List<Message> processed =
        batch.stream().filter(message -> !failed.contains(message.messageId())).toList();
    if (!failed.isEmpty()) {
      count(c -> c.withFailedInvocations(c.failedInvocations() + 1));
      returned(batch.size() - processed.size());
    }
    queue.delete(processed);
    count(c -> c.withDeletedMessages(c.deletedMessages() + processed.size()));
  }

  private void returned(int messages) {
    count(c -> c.withReturnedMessages(c.returnedMessages() + messages));
  }

  private void count(UnaryOperator<QueueMappingCounters> change) {
    var _ = counters.updateAndGet(change);
  }
}
