package dev.utsushi.local.mapping;

import static org.assertj.core.api.Assertions.assertThat;

import dev.utsushi.local.mapping.MappingContext.OnFailureQueue;
import dev.utsushi.local.mapping.MappingEvent.LaneId;
import dev.utsushi.local.stream.PolledRecord;
import dev.utsushi.local.stream.Records;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.SendMessageRequest;
import software.amazon.awssdk.services.sqs.model.SendMessageResponse;

class LaneTest {

  private final ScriptedFunction function = new ScriptedFunction();
  private final SwallowingQueue queue = new SwallowingQueue();
  private final List<String> settled = new CopyOnWriteArrayList<>();

  @Test
  void aLaneEndsEvenIfAClientLibrarySwallowsTheInterrupt() throws Exception {
    function.poison(1);
    Lane lane = lane();
    lane.start();
    lane.add(List.of(event(1)));
    assertThat(queue.sending.await(60, TimeUnit.SECONDS)).isTrue();

    lane.stop();

    var end = Thread.ofVirtual().start(() -> awaitEnd(lane));
    assertThat(end.join(Duration.ofSeconds(60))).isTrue();
    assertThat(settled).containsExactly("1");
  }

  @Test
  void aStoppedLaneInvokesNothing() throws Exception {
    function.poison(1);
    Lane lane = lane();
    lane.start();
    lane.add(List.of(event(1), event(2)));
    assertThat(queue.sending.await(60, TimeUnit.SECONDS)).isTrue();

    lane.stop();
    lane.awaitEnd();

    assertThat(function.batches()).containsExactly(List.of(1));
    assertThat(settled).containsExactly("1");
  }

  private static void awaitEnd(Lane lane) {
    try {
      lane.awaitEnd();
    } catch (InterruptedException e) {
      throw new IllegalStateException("nobody interrupts this", e);
    }
  }

  private Lane lane() {
    var settings =
        EventSourceMappingSettings.defaults().withBatchSize(1).withMaximumRetryAttempts(0);
    var context =
        Contexts.context(function, settings)
            .withOnFailure(Optional.of(new OnFailureQueue(queue, "queue")));
    return new Lane(
        context,
        new LaneId("shard", 0),
        records -> records.forEach(record -> settled.add(record.sequenceNumber())));
  }

  private static PolledRecord event(int number) {
    return Records.record(number, "{\"dynamodb\":{\"SequenceNumber\":%d}}".formatted(number));
  }

  /** A client that sends until it is interrupted, and then reports success. */
  private static final class SwallowingQueue implements SqsClient {
    private final CountDownLatch sending = new CountDownLatch(1);

    @Override
    public SendMessageResponse sendMessage(SendMessageRequest request) {
      sending.countDown();
      try {
        Thread.sleep(Duration.ofMinutes(5));
      } catch (InterruptedException _) {
        // Swallowed, as a client library may do.
      }
      return SendMessageResponse.builder().build();
    }

    @Override
    public String serviceName() {
      return "sqs";
    }

    @Override
    public void close() {}
  }
}
