package dev.utsushi.local.queue;

import dev.utsushi.local.lambda.Invocable;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;

/**
 * An event source mapping from a standard queue to a function.
 *
 * @see <a href="https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html">Using Lambda with
 *     SQS</a>
 */
public final class QueueEventSourceMapping implements AutoCloseable {

  /** How long anything here waits before it looks whether the mapping is closing. */
  private static final Duration GLANCE = Duration.ofMillis(100);

  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final QueueCounting counting;
  private final SqsClient sqs;
  private final String queueUrl;
  private final Invocable function;
  private final QueueMappingSettings settings;
  private final Semaphore batches;
  private Thread poller = new Thread(() -> {});
  private volatile boolean closing;

  /**
   * A mapping that does nothing before {@link #start}.
   *
   * @param function is given events of messages, as JSON
   * @param listener is told what it does
   */
  public QueueEventSourceMapping(
      SqsClient sqs,
      String queueUrl,
      Invocable function,
      QueueMappingSettings settings,
      QueueMappingListener listener) {
    this.sqs = sqs;
    this.queueUrl = queueUrl;
    this.function = function;
    this.settings = settings;
    this.counting = new QueueCounting(listener);
    this.batches = new Semaphore(settings.batchesAtOnce());
  }

  /** The same, with nobody told. */
  public QueueEventSourceMapping(
      SqsClient sqs, String queueUrl, Invocable function, QueueMappingSettings settings) {
    this(sqs, queueUrl, function, settings, new QueueMappingListener() {});
  }

  /**
   * Starts to poll.
   *
   * @throws software.amazon.awssdk.core.exception.SdkException if the queue does not answer
   */
  public void start() {
    Map<QueueAttributeName, String> attributes =
        sqs.getQueueAttributes(
                request ->
                    request
                        .queueUrl(queueUrl)
                        .attributeNames(
                            QueueAttributeName.QUEUE_ARN, QueueAttributeName.VISIBILITY_TIMEOUT))
            .attributes();
    String arn = attributes.getOrDefault(QueueAttributeName.QUEUE_ARN, "");
    var visibility =
        Duration.ofSeconds(
            Long.parseLong(attributes.getOrDefault(QueueAttributeName.VISIBILITY_TIMEOUT, "30")));
    var queue = new PolledQueue(sqs, queueUrl, arn, visibility);
    var gathering = new BatchGathering(queue, settings, () -> closing, counting);
    var processing = new QueueBatchProcessor(queue, function, settings, () -> closing, counting);
    poller = Thread.ofVirtual().name("poll-" + queueUrl).start(() -> poll(gathering, processing));
  }

  /** A batch is received only when it can be invoked: waiting here would hide it for nothing. */
  private void poll(BatchGathering gathering, QueueBatchProcessor processing) {
    try {
      while (!closing) {
        if (batches.tryAcquire(GLANCE.toMillis(), TimeUnit.MILLISECONDS)) {
          var batch = gathering.next();
          threads.execute(
              () -> {
                try {
                  processing.process(batch);
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

  public QueueMappingCounters counters() {
    return counting.counters();
  }

  /**
   * Stops polling and starts no further invocation. One under way may end within its function's
   * time-out and still counts; what was gathered for one that did not start is visible at once.
   */
  @Override
  public void close() {
    closing = true;
    try {
      // It may still hand over a batch, which must find the executor open.
      poller.join();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
    threads.close();
  }
}
