package dev.utsushi.core.index;

import static org.assertj.core.api.Assertions.assertThat;

import dev.utsushi.core.index.BulkRequest.Update;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class RetryingBulkTest {
  private static final BulkReply WRITTEN = new BulkReply.Written();
  private static final BulkReply BUSY = new BulkReply.Unavailable("status 429");
  private static final BulkReply REFUSED = new BulkReply.Refused("status 403");

  private Instant now = Instant.EPOCH;
  private Duration retryTakes = Duration.ZERO;
  private final List<Duration> pauses = new ArrayList<>();
  private final List<Integer> sent = new ArrayList<>();
  private final List<Duration> timeouts = new ArrayList<>();
  private final List<String> retries = new ArrayList<>();

  @Test
  void onlyWhatWasUnavailableIsSentAgain() {
    List<List<BulkReply>> answers =
        List.of(List.of(WRITTEN, BUSY, REFUSED, BUSY), List.of(BUSY, WRITTEN), List.of(WRITTEN));
    assertThat(send(10, answers)).containsExactly(WRITTEN, WRITTEN, REFUSED, WRITTEN);
    assertThat(sent).containsExactly(4, 2, 1);
    assertThat(retries).containsExactly("2 status 429", "1 status 429");
  }

  @Test
  void deadlineEndsIt() {
    List<List<BulkReply>> always = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      always.add(List.of(BUSY));
    }
    assertThat(send(10, new ArrayDeque<>(always), 1)).containsExactly(BUSY);
    assertThat(now).isBefore(Instant.EPOCH.plusSeconds(10));
    assertThat(sent.size()).isBetween(5, 40);
  }

  @Test
  void aRetryThatTheDeadlineCutsShortKeepsTheCause() {
    List<List<BulkReply>> answers =
        List.of(
            List.of(BUSY, BUSY, BUSY),
            List.of(new BulkReply.Unavailable("SocketTimeoutException"), WRITTEN, REFUSED));
    retryTakes = Duration.ofSeconds(10);
    assertThat(send(10, answers)).containsExactly(BUSY, WRITTEN, REFUSED);
  }

  @Test
  void pausesAreJitteredAndBounded() {
    Random random = new Random(1);
    for (int retry = 0; retry < 100; retry++) {
      assertThat(RetryingBulk.pause(retry, random)).isBetween(Duration.ZERO, Duration.ofSeconds(2));
      assertThat(RetryingBulk.pause(0, random)).isLessThanOrEqualTo(Duration.ofMillis(50));
    }
  }

  @Test
  void roundTripIsBoundedByTheDeadline() {
    send(3, List.of(List.of(WRITTEN)));
    send(300, List.of(List.of(WRITTEN)));
    assertThat(timeouts).containsExactly(Duration.ofSeconds(3), Duration.ofSeconds(10));
  }

  private List<BulkReply> send(int seconds, List<List<BulkReply>> answers) {
    return send(seconds, new ArrayDeque<>(answers), answers.getFirst().size());
  }

  private List<BulkReply> send(int seconds, Deque<List<BulkReply>> answers, int updates) {
    RetryingBulk.Channel channel =
        (batch, deadline) -> {
          sent.add(batch.size());
          timeouts.add(deadline.requestTimeout());
          now = sent.size() > 1 ? now.plus(retryTakes) : now;
          return answers.removeFirst();
        };
    Deadline.Sleeper sleeper =
        pause -> {
          pauses.add(pause);
          now = now.plus(pause);
        };
    InstantSource clock = () -> now;
    RetryingBulk bulk = new RetryingBulk(channel, new Random(1), listener());
    List<Update> batch = new ArrayList<>();
    for (int i = 0; i < updates; i++) {
      batch.add(Update.of(Changes.upsert("item-" + i, 1, "memo", "x")));
    }
    return bulk.send(batch, new Deadline(now.plusSeconds(seconds), clock, sleeper));
  }

  private IndexWriter.Listener listener() {
    return new IndexWriter.Listener() {
      @Override
      public void retrying(int writes, String cause) {
        retries.add(writes + " " + cause);
      }

      @Override
      public void mappingRefused(String cause) {}
    };
  }
}
