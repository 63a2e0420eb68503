package dev.utsushi.local.mapping;

import static org.assertj.core.api.Assertions.assertThat;

import dev.utsushi.local.mapping.MappingContext.Sleeper;
import dev.utsushi.local.stream.Checkpoint;
import dev.utsushi.local.stream.DynamoDbStream;
import dev.utsushi.local.stream.ScriptedStream;
import dev.utsushi.local.stream.SequenceNumber;
import dev.utsushi.local.stream.ShardReader;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class ShardConsumerTest {

  private static final Instant START = Instant.parse("2026-11-21T00:00:00Z");

  private final ScriptedStream stream = new ScriptedStream();
  private final List<Instant> polls = new ArrayList<>();
  private final CountDownLatch enough = new CountDownLatch(1);
  private volatile Instant now = START;

  @Test
  void aShardIsPolledFourTimesASecond() throws Exception {
    pollForTenSeconds(Duration.ZERO);
    assertThat(polls).hasSize(41);
  }

  @Test
  void slowPollsDoNotReduceThePollingRate() throws Exception {
    pollForTenSeconds(Duration.ofMillis(200));
    assertThat(polls).hasSizeBetween(40, 41);
    for (int i = 1; i < polls.size(); i++) {
      assertThat(Duration.between(polls.get(i - 1), polls.get(i)))
          .isEqualTo(Duration.ofMillis(250));
    }
  }

  @Test
  void aClockSetBackDoesNotStopPolling() throws Exception {
    stream.onPoll(() -> now = now.minusSeconds(3600));
    List<Duration> waits = new ArrayList<>();
    run(
        wait -> {
          waits.add(wait);
          if (waits.size() == 3) {
            enough.countDown();
            throw new InterruptedException("enough");
          }
        });
    assertThat(waits).containsOnly(Duration.ofMillis(250));
  }

  private void pollForTenSeconds(Duration perPoll) throws Exception {
    stream.onPoll(
        () -> {
          polls.add(now);
          now = now.plus(perPoll);
        });
    run(
        wait -> {
          now = now.plus(wait);
          if (now.isAfter(START.plusSeconds(10))) {
            enough.countDown();
            throw new InterruptedException("enough");
          }
        });
  }

  /** Polls until the sleeper interrupts. */
  private void run(Sleeper sleeper) throws Exception {
    stream.shard("s", null);
    var context =
        Contexts.context(new ScriptedFunction(), EventSourceMappingSettings.defaults())
            .withClock(() -> now)
            .withSleeper(sleeper);
    var reader =
        new ShardReader(
            new DynamoDbStream(stream, ScriptedStream.ARN),
            "s",
            SequenceNumber.BEGINNING,
            Optional::empty,
            () -> {});
    var consumer = new ShardConsumer(context, "s", Checkpoint.After.BEGINNING, reader, () -> {});
    consumer.start();
    assertThat(enough.await(60, TimeUnit.SECONDS)).isTrue();
    consumer.stop();
    consumer.awaitEnd();
  }
}
