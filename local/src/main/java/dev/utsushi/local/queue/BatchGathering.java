package dev.utsushi.local.queue;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.sqs.model.Message;

/**
 * Gathers messages until the batch is full, its window is over, or it is as large as an invocation
 * can take.
 *
 * @see <a
 *     href="https://docs.aws.amazon.com/lambda/latest/dg/invocation-eventsourcemapping.html#invocation-eventsourcemapping-batching">Batching
 *     behavior</a>
 */
final class BatchGathering {

  private static final Duration AFTER_A_PROBLEM = Duration.ofMillis(500);

  private final PolledQueue queue;
  private final QueueMappingSettings settings;
  private final BooleanSupplier closing;
  private final QueueCounting counting;

  BatchGathering(
      PolledQueue queue,
      QueueMappingSettings settings,
      BooleanSupplier closing,
      QueueCounting counting) {
    this.queue = queue;
    this.settings = settings;
    this.closing = closing;
    this.counting = counting;
  }

  /** The next batch; empty or not full when the mapping closes meanwhile. */
  List<Message> next() throws InterruptedException {
    List<Message> batch = new ArrayList<>();
    long giveUpAt = Long.MAX_VALUE;
    while (!closing.getAsBoolean() && !isFull(batch) && System.nanoTime() < giveUpAt) {
      List<Message> received = receive(settings.batchSize() - batch.size());
      if (batch.isEmpty() && !received.isEmpty()) {
        giveUpAt = System.nanoTime() + settings.batchingWindow().toNanos();
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
      List<Message> received = queue.receive(Math.min(room, QueueMappingSettings.MOST_RECEIVED));
      counting.received(received.size());
      return received;
    } catch (SdkException e) {
      counting.problem("receiving from " + queue.url(), e);
      Thread.sleep(AFTER_A_PROBLEM);
      return List.of();
    }
  }
}
