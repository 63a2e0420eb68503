package dev.utsushi.core.index;

import static org.assertj.core.api.Assertions.assertThat;

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
  private static final Reply WRITTEN = new Reply.Written();
  private static final Reply BUSY = new Reply.Unavailable("status 429");
  private static final Reply REFUSED = new Reply.Refused("status 403");

  private Instant now = Instant.EPOCH;
  private final List<Duration> pauses = new ArrayList<>();
  private final List<Integer> sent = new ArrayList<>();
  private final List<Duration> timeouts = new ArrayList<>();
  private final List<String> retries = new ArrayList<>();

  @Test
  void onlyWhatWasUnavailableIsSentAgain() {
    List<List<Reply>> answers =
        List.of(List.of(WRITTEN, BUSY, REFUSED, BUSY), List.of(BUSY, WRITTEN), List.of(WRITTEN));
    assertThat(send(10, answers)).containsExactly(WRITTEN, WRITTEN, REFUSED, WRITTEN);
    assertThat(sent).containsExactly(4, 2, 1);
    assertThat(retries).containsExactly("2 status 429", "1 status 429");
  }

  @Test
  void deadlineEndsIt() {
    List<List<Reply>> always = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      always.add(List.of(BUSY));
    }
    assertThat(send(10, new ArrayDeque<>(always), 1)).containsExactly(BUSY);
    assertThat(now).isBefore(Instant.EPOCH.plusSeconds(10));
    assertThat(sent.size()).isBetween(5, 40);
  }

  @Test
  void pausesAreJitteredAndBounded() {
    Backoff backoff = Backoff.standard(new Random(1));
    for (int retry = 0; retry < 100; retry++) {
      assertThat(backoff.pause(retry)).isBetween(Duration.ZERO, Duration.ofSeconds(2));
    }
    assertThat(backoff.pause(0)).isLessThanOrEqualTo(Duration.ofMillis(50));
  }

  @Test
  void roundTripIsBoundedByTheDeadline() {
    send(3, List.of(List.of(WRITTEN)));
    send(300, List.of(List.of(WRITTEN)));
    assertThat(timeouts).containsExactly(Duration.ofSeconds(3), Duration.ofSeconds(10));
  }

  private List<Reply> send(int seconds, List<List<Reply>> answers) {
    return send(seconds, new ArrayDeque<>(answers), answers.getFirst().size());
  }

  private List<Reply> send(int seconds, Deque<List<Reply>> answers, int attempts) {
    BulkChannel channel =
        (batch, timeout) -> {
          sent.add(batch.size());
          timeouts.add(timeout);
          return answers.removeFirst();
        };
    Sleeper sleeper =
        pause -> {
          pauses.add(pause);
          now = now.plus(pause);
        };
    InstantSource clock = () -> now;
    RetryingBulk bulk =
        new RetryingBulk(channel, Backoff.standard(new Random(1)), sleeper, listener());
    List<Attempt> batch = new ArrayList<>();
    for (int i = 0; i < attempts; i++) {
      batch.add(Attempt.whole(Changes.upsert("item-" + i, 1, "memo", "x")));
    }
    return bulk.send(batch, Deadline.in(Duration.ofSeconds(seconds), clock));
  }

  private WriteListener listener() {
    return new WriteListener() {
      @Override
      public void retrying(int writes, String cause) {
        retries.add(writes + " " + cause);
      }

      @Override
      public void mappingRefused(String cause) {}
    };
  }
}
