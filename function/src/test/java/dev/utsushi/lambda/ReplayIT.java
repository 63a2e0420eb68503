package dev.utsushi.lambda;

import static org.assertj.core.api.Assertions.assertThat;

import dev.utsushi.core.deadletter.DeadLetter.Form;
import dev.utsushi.core.deadletter.Failures;
import dev.utsushi.core.deadletter.ReplayReply;
import dev.utsushi.core.deadletter.ReplayReply.Fate;
import dev.utsushi.core.deadletter.ReplayReply.Replayed;
import dev.utsushi.core.deadletter.ReplayReply.Stopped;
import dev.utsushi.core.index.Outcome.Kind;
import dev.utsushi.core.search.SocketCaller;
import dev.utsushi.stream.RecordTexts;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A message is deleted when its records are in the index, and only then. */
final class ReplayIT {
  private final DeadLetterWorld world = new DeadLetterWorld();

  @ParameterizedTest
  @EnumSource
  void recordsReachTheIndexAndTheMessageIsDeleted(Enqueued enqueued) {
    world.table.put("a", "first");
    world.table.put("b", "first");
    world.table.delete("b");
    world.table.put("a", "second");
    var streamed = world.table.streamed();
    enqueued.send(world, streamed.get(0), streamed.get(1));
    enqueued.send(world, streamed.get(2), streamed.get(3));
    ReplayReply reply = world.handlers.replay();
    assertThat(world.index.documents())
        .isEqualTo(world.table.items())
        .isEqualTo(Map.of("a", "second"));
    assertThat(world.queue.counts()).containsExactly(0, 0);
    assertThat(reply.stopped()).isEqualTo(Stopped.EMPTY);
    var totals = reply.totals();
    assertThat(List.of(totals.messages(), totals.deleted(), totals.kept(), totals.records()))
        .containsExactly(2, 2, 0, 4);
    assertThat(totals.count(Kind.APPLIED) + totals.count(Kind.SUPERSEDED)).isEqualTo(4);
    Replayed last =
        reply.messages().stream()
            .flatMap(message -> message.records().stream())
            .filter(each -> streamed.get(3).sequenceNumber().equals(each.sequenceNumber()))
            .findFirst()
            .orElseThrow();
    assertThat(last.id()).isEqualTo("a");
    assertThat(last.eventName()).isEqualTo("MODIFY");
    assertThat(last.outcome()).isEqualTo(Kind.APPLIED);
    assertThat(last.version()).endsWith(streamed.get(3).sequenceNumber());
    assertThat(last.changedAt()).isNotNull();
  }

  @ParameterizedTest
  @EnumSource
  void newerChangesAreNotOverwritten(Enqueued enqueued) {
    world.table.put("a", "first");
    world.table.put("b", "first");
    world.table.put("a", "second");
    world.table.delete("b");
    var streamed = world.table.streamed();
    world.handlers.replicate(streamed.get(2), streamed.get(3));
    enqueued.send(world, streamed.get(0), streamed.get(1));
    ReplayReply reply = world.handlers.replay();
    assertThat(world.index.documents()).isEqualTo(Map.of("a", "second"));
    assertThat(Replies.outcomes(reply)).containsExactly(Kind.SUPERSEDED, Kind.SUPERSEDED);
    assertThat(world.queue.counts()).containsExactly(0, 0);
  }

  @ParameterizedTest
  @EnumSource
  void rejectedRecordsAreReportedAndKeptUntilTheCauseIsFixed(Enqueued enqueued) {
    world.table.put("other", "x");
    world.table.put("small", "x");
    world.table.put("large", "x".repeat(100_000));
    var streamed = world.table.streamed();
    world.handlers.replicate(streamed.get(0));
    enqueued.send(world, streamed.get(1), streamed.get(2));
    world.handlers.caller = new LimitedCaller(64 << 10);
    for (ReplayReply reply :
        List.of(world.handlers.dryRun(), world.handlers.replay(), world.handlers.replay())) {
      ReplayReply.Message message = reply.messages().getFirst();
      assertThat(message.fate()).isEqualTo(Fate.KEPT);
      Replayed refused = Replies.record(message, "large");
      assertThat(refused.outcome()).isEqualTo(Kind.REJECTED);
      assertThat(refused.reason()).isEqualTo("status 413");
      assertThat(Replies.record(message, "small").outcome().isProcessed()).isTrue();
      assertThat(world.queue.counts()).containsExactly(1, 0);
    }
    assertThat(world.handlers.replay().messages().getFirst().note())
        .contains("1 of 2 records is not processed");
    world.handlers.caller = new SocketCaller();
    assertThat(world.handlers.replay().totals().deleted()).isEqualTo(1);
    assertThat(world.index.documents()).containsOnlyKeys("other", "small", "large");
    assertThat(world.queue.counts()).containsExactly(0, 0);
  }

  @Test
  void foreignAndMalformedMessagesStayAndAreReported() {
    world.table.put("a", "first");
    String foreign =
        Failures.json(
            Failures.STREAM, "shardId-1", "1", "2", 1, Instant.parse("2026-11-21T00:00:00Z"));
    world.queue.send(
        foreign,
        "hello",
        "{\"a\":1}",
        "{\"utsushi\":\"captured/1\"}",
        world.table.failure(world.table.streamed().getFirst()));
    ReplayReply reply = world.handlers.replay();
    assertThat(reply.messages().stream().map(ReplayReply.Message::form))
        .containsExactlyInAnyOrder(
            Form.FOREIGN, Form.MALFORMED, Form.FOREIGN, Form.MALFORMED, Form.REFERENCE);
    for (ReplayReply.Message message : reply.messages()) {
      boolean ours = message.form() == Form.REFERENCE;
      assertThat(message.fate()).isEqualTo(ours ? Fate.DELETED : Fate.KEPT);
      assertThat(message.note() == null).isEqualTo(ours);
    }
    assertThat(world.queue.bodies()).hasSize(4).contains(foreign, "hello");
  }

  @Test
  void anUnreadableRecordKeepsItsMessage() {
    world.table.put("a", "first");
    var first = world.table.streamed().getFirst();
    String good = RecordTexts.of(first.streamRecord(), world.table.stream);
    String bad = good.replace("\"INSERT\"", "\"UPSERT\"");
    world.queue.send(Enqueued.captured(world.table.failure(first), good, bad, "{}"));
    ReplayReply reply = world.handlers.replay();
    assertThat(Replies.outcomes(reply))
        .containsExactly(Kind.UNREADABLE, Kind.UNREADABLE, Kind.APPLIED);
    assertThat(world.queue.counts()).containsExactly(1, 0);
    assertThat(world.index.documents()).containsOnlyKeys("a");
  }

  @Test
  void anEmptyQueueIsEmpty() {
    ReplayReply reply = world.handlers.replay();
    assertThat(reply.stopped()).isEqualTo(Stopped.EMPTY);
    assertThat(reply.messages()).isEmpty();
  }

  @Test
  void duplicatesCountOnceAndAreDeletedTogether() {
    world.table.put("a", "first");
    world.table.put("b", "first");
    var streamed = world.table.streamed();
    String failure = world.table.failure(streamed.get(0), streamed.get(1));
    String first = RecordTexts.of(streamed.get(0).streamRecord(), world.table.stream);
    String second = RecordTexts.of(streamed.get(1).streamRecord(), world.table.stream);
    world.queue.send(
        Enqueued.captured(failure, first, second),
        Enqueued.captured(failure, second),
        Enqueued.captured(failure, first));
    ReplayReply reply = world.handlers.replay();
    assertThat(reply.messages()).hasSize(1);
    assertThat(reply.messages().getFirst().copies()).isEqualTo(3);
    assertThat(Replies.outcomes(reply)).containsExactly(Kind.APPLIED, Kind.APPLIED);
    assertThat(world.index.documents()).isEqualTo(world.table.items());
    assertThat(world.queue.counts()).containsExactly(0, 0);
  }

  @Test
  void whatWasSentToTheQueueAgainForWeeksBringsNoDeletedItemBack() {
    world.table.put("gone", "first");
    world.table.put("there", "first");
    world.table.put("there", "second");
    world.table.delete("gone");
    var streamed = world.table.streamed();
    world.handlers.replicate(streamed.get(1));
    world.queue.send(
        renewed(Duration.ofDays(15), streamed.get(0)),
        renewed(Duration.ofDays(15), streamed.get(2)));
    for (ReplayReply reply : List.of(world.handlers.dryRun(), world.handlers.replay())) {
      var withheld = record(reply, "gone");
      assertThat(withheld.outcome()).isEqualTo(Kind.REJECTED);
      assertThat(withheld.reason()).contains("14 days", "verify --repair");
      assertThat(record(reply, "there").outcome()).isEqualTo(Kind.APPLIED);
    }
    assertThat(world.index.documents()).isEqualTo(Map.of("there", "second"));
    assertThat(world.queue.counts()).containsExactly(1, 0);
    world.queue.send(renewed(Duration.ofDays(15), streamed.get(3)));
    world.handlers.replay();
    assertThat(record(world.handlers.replay(), "gone").outcome()).isEqualTo(Kind.SUPERSEDED);
    assertThat(world.queue.counts()).containsExactly(0, 0);
  }

  @Test
  void whatFailedWithinTwoWeeksIsWrittenWhateverTheIndexHolds() {
    world.table.put("a", "first");
    world.queue.send(renewed(Duration.ofDays(13), world.table.streamed().getFirst()));
    assertThat(world.handlers.replay().totals().deleted()).isEqualTo(1);
    assertThat(world.index.documents()).isEqualTo(world.table.items());
  }

  /** A captured message that failed so long ago: SQS does not know. */
  private String renewed(Duration age, StreamedTable.Streamed streamed) {
    return Enqueued.captured(
        world.table.failure(Instant.now().minus(age), streamed),
        RecordTexts.of(streamed.streamRecord(), world.table.stream));
  }

  private static Replayed record(ReplayReply reply, String id) {
    return reply.messages().stream()
        .flatMap(message -> message.records().stream())
        .filter(each -> id.equals(each.id()))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void twoReplaysAtOnceAreSafe() throws Exception {
    for (int i = 0; i < 40; i++) {
      world.table.put("item-" + i % 7, "version " + i);
    }
    world
        .table
        .streamed()
        .forEach(each -> world.queue.send(world.table.failure(each), world.table.failure(each)));
    List<Callable<ReplayReply>> both = List.of(world.handlers::replay, world.handlers::replay);
    try (ExecutorService executor = Executors.newFixedThreadPool(2)) {
      for (var reply : executor.invokeAll(both)) {
        assertThat(reply.get().totals().kept()).isZero();
      }
    }
    assertThat(world.index.documents()).isEqualTo(world.table.items());
    assertThat(world.queue.counts()).containsExactly(0, 0);
  }
}
