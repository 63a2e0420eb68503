package dev.utsushi.lambda;

import static org.assertj.core.api.Assertions.assertThat;

import dev.utsushi.core.deadletter.Failures;
import dev.utsushi.core.deadletter.ReplayReply;
import dev.utsushi.core.deadletter.ReplayReply.Stopped;
import dev.utsushi.core.deadletter.ReplayRequest;
import dev.utsushi.core.index.Outcome.Kind;
import dev.utsushi.core.search.HttpCaller.HttpReply;
import dev.utsushi.core.search.SocketCaller;
import dev.utsushi.lambda.StreamedTable.Streamed;
import dev.utsushi.stream.RecordTexts;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** A replay's limits: messages, rate, time, size of the reply. */
final class ReplayLimitsIT {
  private final DeadLetterWorld world = new DeadLetterWorld();

  @Test
  void itReplaysAtMostTheRequestedNumberOfMessages() {
    for (int i = 0; i < 5; i++) {
      world.table.put("item-" + i, "x");
    }
    world.table.streamed().forEach(each -> world.queue.send(world.table.failure(each)));
    ReplayReply reply = world.handlers.replay(new ReplayRequest(false, 2, 0, 0));
    assertThat(reply.stopped()).isEqualTo(Stopped.MAX);
    assertThat(reply.totals().deleted()).isEqualTo(2);
    assertThat(world.queue.counts()).containsExactly(3, 0);
  }

  @Test
  void youngMessagesAreSkipped() {
    world.table.put("old", "x");
    world.table.put("young", "x");
    var streamed = world.table.streamed();
    world.queue.send(
        world.table.failure(Instant.now().minusSeconds(3600), streamed.get(0)),
        world.table.failure(Instant.now(), streamed.get(1)));
    ReplayReply reply = world.handlers.replay(new ReplayRequest(false, 0, 1800, 0));
    assertThat(reply.stopped()).isEqualTo(Stopped.EMPTY);
    assertThat(reply.messages()).hasSize(1);
    assertThat(world.index.documents()).containsOnlyKeys("old");
    assertThat(world.queue.counts()).containsExactly(1, 0);
  }

  @Test
  void aRateIsKept() {
    for (int i = 0; i < 6; i++) {
      world.table.put("item-" + i, "x");
    }
    world.table.streamed().forEach(each -> world.queue.send(world.table.failure(each)));
    Instant before = Instant.now();
    ReplayReply reply = world.handlers.replay(new ReplayRequest(false, 0, 0, 2));
    assertThat(reply.totals().deleted()).isEqualTo(6);
    assertThat(Duration.between(before, Instant.now())).isGreaterThan(Duration.ofSeconds(2));
  }

  @Test
  void itStopsBeforeTheDeadlineAndReportsThat() {
    world.table.put("a", "first");
    world.table.put("b", "first");
    world.table.streamed().forEach(each -> world.queue.send(world.table.failure(each)));
    var first = new AtomicBoolean(true);
    world.handlers.caller =
        _ -> {
          if (first.getAndSet(false)) {
            // The rest of the 6 s is less than what is reserved for the end.
            LockSupport.parkNanos(Duration.ofMillis(3_800).toNanos());
          }
          return new HttpReply(503, new byte[0]);
        };
    world.handlers.time = Duration.ofSeconds(6);
    Instant before = Instant.now();
    ReplayReply reply = world.handlers.replay();
    assertThat(Instant.now()).isBefore(before.plusSeconds(6));
    assertThat(reply.stopped()).isEqualTo(Stopped.DEADLINE);
    assertThat(Replies.outcomes(reply)).isNotEmpty().containsOnly(Kind.DEFERRED);
    assertThat(world.queue.counts()).containsExactly(2, 0);
    world.handlers.caller = new SocketCaller();
    world.handlers.time = Duration.ofSeconds(60);
    assertThat(world.handlers.replay().totals().deleted()).isEqualTo(2);
  }

  @Test
  void aReplyStaysWithinLambdasLimitAndItsTotalsAddUp() {
    String shard = "shardId-1";
    List<String> records = new ArrayList<>();
    Streamed any = someRecord();
    for (int i = 0; i < 2_000; i++) {
      records.add(
          RecordTexts.of(any.streamRecord(), world.table.stream)
              .replace("\"any\"", "\"item-%05d-%s\"".formatted(i, "x".repeat(200)))
              .replace(any.sequenceNumber(), "%021d".formatted(i + 1)));
    }
    for (int message = 0; message < 14; message++) {
      String failure =
          Failures.json(
              world.table.stream,
              shard,
              "1",
              Integer.toString(2000 + message),
              2000,
              Instant.now());
      world.queue.send(Enqueued.captured(failure, records.toArray(String[]::new)));
    }
    ReplayReply reply = world.handlers.replay();
    assertThat(reply.stopped()).isEqualTo(Stopped.REPLY_FULL);
    assertThat(reply.toJson().length()).isBetween(2 << 20, 6_000_000);
    assertThat(reply.messages().getFirst().unlisted()).isNotEmpty();
    assertThat(reply.totals().records()).isEqualTo(2_000 * reply.messages().size());
    assertThat(reply.totals().count(Kind.APPLIED)).isEqualTo(2_000);
    assertThat(world.queue.counts().getFirst()).isEqualTo(14 - reply.messages().size());
  }

  private Streamed someRecord() {
    world.table.put(Map.of("id", AttributeValue.fromS("any"), "memo", AttributeValue.fromS("x")));
    return world.table.streamed().getFirst();
  }
}
