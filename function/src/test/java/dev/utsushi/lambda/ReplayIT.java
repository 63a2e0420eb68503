package dev.utsushi.lambda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.utsushi.deadletter.CapturedWriter;
import dev.utsushi.deadletter.DeadLetter;
import dev.utsushi.deadletter.DeadLetter.Form;
import dev.utsushi.deadletter.Failures;
import dev.utsushi.deadletter.QueueException;
import dev.utsushi.deadletter.RecordTexts;
import dev.utsushi.deadletter.ReplayReply;
import dev.utsushi.deadletter.ReplayReply.Stopped;
import dev.utsushi.deadletter.ReplayRequest;
import dev.utsushi.deadletter.ReplayedMessage;
import dev.utsushi.deadletter.ReplayedMessage.Fate;
import dev.utsushi.deadletter.ReplayedRecord;
import dev.utsushi.deadletter.ReplayedRecord.Outcome;
import dev.utsushi.local.dynamodb.LocalDynamoDb;
import dev.utsushi.search.HttpReply;
import dev.utsushi.search.UrlConnectionCaller;
import java.io.ByteArrayInputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.streams.DynamoDbStreamsClient;
import software.amazon.awssdk.services.sqs.SqsClient;

/** A message goes when its records are in the index, and only then. */
final class ReplayIT {
  private final Bench bench = new Bench();

  /** The two forms in which a failed batch can lie in the queue. */
  enum Parked {
    AS_REFERENCE,
    CAPTURED;

    void park(Bench bench, Bench.Streamed... batch) {
      switch (this) {
        case AS_REFERENCE -> bench.park(bench.failure(batch));
        case CAPTURED -> assertThat(bench.capture(false, bench.failure(batch))).isEmpty();
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void recordsReachTheIndexAndTheMessageGoes(Parked parked) {
    bench.put("a", "first");
    bench.put("b", "first");
    bench.delete("b");
    bench.put("a", "second");
    var streamed = bench.streamed();
    parked.park(bench, streamed.get(0), streamed.get(1));
    parked.park(bench, streamed.get(2), streamed.get(3));
    ReplayReply reply = bench.replay();
    assertThat(bench.documents()).isEqualTo(bench.items()).isEqualTo(Map.of("a", "second"));
    assertThat(bench.counts()).containsExactly(0, 0);
    assertThat(reply.stopped()).isEqualTo(Stopped.EMPTY);
    var totals = reply.totals();
    assertThat(List.of(totals.messages(), totals.deleted(), totals.kept(), totals.records()))
        .containsExactly(2, 2, 0, 4);
    assertThat(totals.count(Outcome.APPLIED) + totals.count(Outcome.SUPERSEDED)).isEqualTo(4);
    ReplayedRecord last =
        reply.messages().stream()
            .flatMap(message -> message.records().stream())
            .filter(each -> streamed.get(3).sequenceNumber().equals(each.sequenceNumber()))
            .findFirst()
            .orElseThrow();
    assertThat(last.id()).isEqualTo("a");
    assertThat(last.eventName()).isEqualTo("MODIFY");
    assertThat(last.outcome()).isEqualTo(Outcome.APPLIED);
    assertThat(last.version()).endsWith(streamed.get(3).sequenceNumber());
    assertThat(last.changedAt()).isNotNull();
  }

  @ParameterizedTest
  @EnumSource
  void newerChangesAreNotOverwritten(Parked parked) {
    bench.put("a", "first");
    bench.put("b", "first");
    bench.put("a", "second");
    bench.delete("b");
    var streamed = bench.streamed();
    bench.replicate(streamed.get(2), streamed.get(3));
    parked.park(bench, streamed.get(0), streamed.get(1));
    ReplayReply reply = bench.replay();
    assertThat(bench.documents()).isEqualTo(Map.of("a", "second"));
    assertThat(outcomes(reply)).containsExactly(Outcome.SUPERSEDED, Outcome.SUPERSEDED);
    assertThat(bench.counts()).containsExactly(0, 0);
  }

  @ParameterizedTest
  @EnumSource
  void whatTheEngineRefusesIsToldAndKeptUntilThatIsMended(Parked parked) {
    bench.put("other", "x");
    bench.put("small", "x");
    bench.put("large", "x".repeat(100_000));
    var streamed = bench.streamed();
    bench.replicate(streamed.get(0));
    parked.park(bench, streamed.get(1), streamed.get(2));
    bench.caller = new LimitedCaller(64 << 10);
    for (ReplayReply reply : List.of(bench.dryRun(), bench.replay(), bench.replay())) {
      ReplayedMessage message = reply.messages().getFirst();
      assertThat(message.fate()).isEqualTo(Fate.KEPT);
      ReplayedRecord refused = record(message, "large");
      assertThat(refused.outcome()).isEqualTo(Outcome.REJECTED);
      assertThat(refused.reason()).isEqualTo("status 413");
      assertThat(record(message, "small").outcome().isSettled()).isTrue();
      assertThat(bench.counts()).containsExactly(1, 0);
    }
    assertThat(bench.replay().messages().getFirst().note())
        .contains("1 of 2 records is not settled");
    bench.caller = new UrlConnectionCaller();
    assertThat(bench.replay().totals().deleted()).isEqualTo(1);
    assertThat(bench.documents()).containsOnlyKeys("other", "small", "large");
    assertThat(bench.counts()).containsExactly(0, 0);
  }

  @ParameterizedTest
  @EnumSource
  void aDryRunSaysAllAndDoesNothing(Parked parked) {
    bench.put("applied", "first");
    bench.put("superseded", "first");
    bench.put("gone", "first");
    bench.put("applied", "second");
    bench.put("superseded", "second");
    bench.delete("gone");
    var streamed = bench.streamed();
    bench.replicate(streamed.get(0), streamed.get(4), streamed.get(5));
    parked.park(bench, streamed.get(1), streamed.get(2), streamed.get(3));
    Map<String, String> before = bench.documents();
    ReplayReply reply = bench.dryRun();
    assertThat(bench.documents()).isEqualTo(before);
    assertThat(bench.counts()).containsExactly(1, 0);
    assertThat(reply.dryRun()).isTrue();
    ReplayedMessage message = reply.messages().getFirst();
    assertThat(message.fate()).isEqualTo(Fate.KEPT);
    ReplayedRecord applied = record(message, "applied");
    assertThat(applied.outcome()).isEqualTo(Outcome.APPLIED);
    assertThat(Objects.requireNonNull(applied.standing()).version())
        .endsWith(streamed.get(0).sequenceNumber());
    ReplayedRecord superseded = record(message, "superseded");
    assertThat(superseded.outcome()).isEqualTo(Outcome.SUPERSEDED);
    assertThat(Objects.requireNonNull(superseded.standing()).deleted()).isFalse();
    ReplayedRecord gone = record(message, "gone");
    assertThat(gone.outcome()).isEqualTo(Outcome.SUPERSEDED);
    assertThat(Objects.requireNonNull(gone.standing()).deleted()).isTrue();
    assertThat(gone.standing().indexedAt()).isAfter(Instant.now().minusSeconds(300));
    assertThat(outcomes(bench.replay())).hasSameElementsAs(outcomes(reply));
  }

  @Test
  void aDryRunMakesNoIndexAndSaysThatThereIsNone() {
    bench.put("a", "first");
    bench.park(bench.failure(bench.streamed().getFirst()));
    ReplayedRecord replayed = bench.dryRun().messages().getFirst().records().getFirst();
    assertThat(replayed.outcome()).isEqualTo(Outcome.REJECTED);
    assertThat(replayed.reason()).contains("write alias is gone");
    assertThat(bench.index().send("GET", "/_cat/indices?format=json", "").toString())
        .doesNotContain(bench.index + "-0");
  }

  @Test
  void aDryRunMeetsABlockedIndexAsAReplayWould() {
    bench.put("a", "first");
    bench.put("a", "second");
    var streamed = bench.streamed();
    bench.replicate(streamed.getFirst());
    bench.park(bench.failure(streamed.getLast()));
    bench
        .index()
        .send("PUT", "/" + bench.index + "-000001/_settings", "{\"index.blocks.write\":true}");
    bench.time = Duration.ofSeconds(6);
    ReplayedRecord replayed = bench.dryRun().messages().getFirst().records().getFirst();
    assertThat(replayed.outcome()).isEqualTo(Outcome.DEFERRED);
    assertThat(replayed.reason()).contains("cluster_block_exception");
    bench
        .index()
        .send("PUT", "/" + bench.index + "-000001/_settings", "{\"index.blocks.write\":false}");
    bench.time = Duration.ofSeconds(60);
    assertThat(outcomes(bench.dryRun())).containsExactly(Outcome.APPLIED);
  }

  @Test
  void whatTheStreamHasForgottenIsToldAndKept() {
    try (LocalDynamoDb dynamoDb = LocalDynamoDb.start()) {
      Bench bench = new Bench(dynamoDb);
      bench.put("a", "first");
      var first = bench.streamed().getFirst();
      bench.park(bench.failure(first));
      dynamoDb.ageStreams(Duration.ofHours(25));
      for (ReplayReply reply : List.of(bench.dryRun(), bench.replay())) {
        ReplayedMessage message = reply.messages().getFirst();
        assertThat(message.form()).isEqualTo(Form.REFERENCE);
        assertThat(message.fate()).isEqualTo(Fate.KEPT);
        assertThat(message.note()).contains("Write the items again").contains("purge");
        ReplayedRecord expired = message.records().getFirst();
        assertThat(expired.outcome()).isEqualTo(Outcome.EXPIRED);
        assertThat(expired.id()).isNull();
        assertThat(expired.reason()).contains(first.shardId(), first.sequenceNumber());
        assertThat(reply.totals().count(Outcome.EXPIRED)).isEqualTo(1);
        assertThat(bench.counts()).containsExactly(1, 0);
      }
    }
  }

  @Test
  void capturedRecordsReplayAfterTheStreamHasForgotten() {
    try (LocalDynamoDb dynamoDb = LocalDynamoDb.start()) {
      Bench bench = new Bench(dynamoDb);
      bench.put("a", "first");
      Parked.CAPTURED.park(bench, bench.streamed().getFirst());
      dynamoDb.ageStreams(Duration.ofHours(25));
      assertThat(outcomes(bench.replay())).containsExactly(Outcome.APPLIED);
      assertThat(bench.documents()).isEqualTo(bench.items());
      assertThat(bench.counts()).containsExactly(0, 0);
    }
  }

  @Test
  void whatIsLeftOfARangeIsWrittenAndTheMessageKept() {
    bench.put("b", "first");
    bench.park(bench.failureWithOneForgotten(bench.streamed().getFirst()));
    ReplayReply reply = bench.replay();
    assertThat(outcomes(reply)).containsExactlyInAnyOrder(Outcome.APPLIED, Outcome.EXPIRED);
    assertThat(bench.documents()).containsOnlyKeys("b");
    assertThat(bench.counts()).containsExactly(1, 0);
  }

  @Test
  void foreignAndMalformedMessagesStayAndAreTold() {
    bench.put("a", "first");
    String foreign =
        Failures.json(
            Failures.STREAM, "shardId-1", "1", "2", 1, Instant.parse("2026-11-21T00:00:00Z"));
    bench.park(
        foreign,
        "hello",
        "{\"a\":1}",
        "{\"utsushi\":\"captured/1\"}",
        bench.failure(bench.streamed().getFirst()));
    ReplayReply reply = bench.replay();
    assertThat(reply.messages().stream().map(ReplayedMessage::form))
        .containsExactlyInAnyOrder(
            Form.FOREIGN, Form.MALFORMED, Form.FOREIGN, Form.MALFORMED, Form.REFERENCE);
    for (ReplayedMessage message : reply.messages()) {
      boolean ours = message.form() == Form.REFERENCE;
      assertThat(message.fate()).isEqualTo(ours ? Fate.DELETED : Fate.KEPT);
      assertThat(message.note() == null).isEqualTo(ours);
    }
    assertThat(bench.parked()).hasSize(4).contains(foreign, "hello");
  }

  @Test
  void anUnreadableRecordKeepsItsMessage() {
    bench.put("a", "first");
    var first = bench.streamed().getFirst();
    String good = RecordTexts.of(first.streamRecord(), bench.stream);
    String bad = good.replace("\"INSERT\"", "\"UPSERT\"");
    bench.park(captured(bench.failure(first), good, bad, "{}"));
    ReplayReply reply = bench.replay();
    assertThat(outcomes(reply))
        .containsExactly(Outcome.UNREADABLE, Outcome.UNREADABLE, Outcome.APPLIED);
    assertThat(bench.counts()).containsExactly(1, 0);
    assertThat(bench.documents()).containsOnlyKeys("a");
  }

  @Test
  void anEmptyQueueIsEmpty() {
    ReplayReply reply = bench.replay();
    assertThat(reply.stopped()).isEqualTo(Stopped.EMPTY);
    assertThat(reply.messages()).isEmpty();
  }

  @Test
  void withoutPermissionThereIsOneClearError() {
    bench.sqs = Denying.all(SqsClient.class);
    assertThatThrownBy(bench::replay)
        .isInstanceOf(QueueException.class)
        .hasMessageContaining(bench.queueUrl)
        .hasMessageContaining("AccessDenied")
        .hasMessageContaining("sqs:ReceiveMessage");
  }

  @Test
  void aStreamThatMayNotBeReadIsToldAndTheMessageKept() {
    bench.put("a", "first");
    bench.park(bench.failure(bench.streamed().getFirst()));
    bench.streams = Denying.all(DynamoDbStreamsClient.class);
    ReplayedMessage message = bench.replay().messages().getFirst();
    assertThat(message.fate()).isEqualTo(Fate.KEPT);
    assertThat(message.note()).contains("AccessDenied").contains("replay again");
    assertThat(bench.counts()).containsExactly(1, 0);
  }

  @Test
  void aMessageThatMayNotBeDeletedIsKeptAndTold() {
    bench.put("a", "first");
    bench.park(bench.failure(bench.streamed().getFirst()));
    bench.sqs = Denying.some(SqsClient.class, Bench.sqs().client(), Set.of("deleteMessageBatch"));
    ReplayedMessage message = bench.replay().messages().getFirst();
    assertThat(message.fate()).isEqualTo(Fate.KEPT);
    assertThat(message.note()).contains("AccessDenied").contains("settled");
    assertThat(bench.documents()).containsOnlyKeys("a");
    assertThat(bench.counts()).containsExactly(1, 0);
  }

  @Test
  void ofTenDeletesSomeMayFail() {
    for (int i = 0; i < 5; i++) {
      bench.put("item-" + i, "x");
    }
    bench.streamed().forEach(each -> bench.park(bench.failure(each)));
    bench.sqs = new HalfDeleting(Bench.sqs().client()).client();
    ReplayReply reply = bench.replay();
    assertThat(reply.totals().deleted()).isEqualTo(4);
    assertThat(reply.messages().stream().filter(each -> each.fate() == Fate.KEPT))
        .singleElement()
        .satisfies(each -> assertThat(each.note()).contains("ReceiptHandleIsInvalid"));
    assertThat(bench.counts()).containsExactly(1, 0);
    bench.sqs = Bench.sqs().client();
    assertThat(outcomes(bench.replay())).containsExactly(Outcome.SUPERSEDED);
    assertThat(bench.counts()).containsExactly(0, 0);
  }

  @Test
  void copiesCountOnceAndGoTogether() {
    bench.put("a", "first");
    bench.put("b", "first");
    var streamed = bench.streamed();
    String failure = bench.failure(streamed.get(0), streamed.get(1));
    String first = RecordTexts.of(streamed.get(0).streamRecord(), bench.stream);
    String second = RecordTexts.of(streamed.get(1).streamRecord(), bench.stream);
    bench.park(
        captured(failure, first, second), captured(failure, second), captured(failure, first));
    ReplayReply reply = bench.replay();
    assertThat(reply.messages()).hasSize(1);
    assertThat(reply.messages().getFirst().copies()).isEqualTo(3);
    assertThat(outcomes(reply)).containsExactly(Outcome.APPLIED, Outcome.APPLIED);
    assertThat(bench.documents()).isEqualTo(bench.items());
    assertThat(bench.counts()).containsExactly(0, 0);
  }

  @Test
  void twoReplaysAtOnceDoNoHarm() throws Exception {
    for (int i = 0; i < 40; i++) {
      bench.put("item-" + i % 7, "version " + i);
    }
    bench.streamed().forEach(each -> bench.park(bench.failure(each), bench.failure(each)));
    List<Callable<ReplayReply>> both = List.of(bench::replay, bench::replay);
    try (ExecutorService executor = Executors.newFixedThreadPool(2)) {
      for (var reply : executor.invokeAll(both)) {
        assertThat(reply.get().totals().kept()).isZero();
      }
    }
    assertThat(bench.documents()).isEqualTo(bench.items());
    assertThat(bench.counts()).containsExactly(0, 0);
  }

  @Test
  void noMoreIsLookedAtThanAsked() {
    for (int i = 0; i < 5; i++) {
      bench.put("item-" + i, "x");
    }
    bench.streamed().forEach(each -> bench.park(bench.failure(each)));
    ReplayReply reply = bench.replay(new ReplayRequest(false, 2, Duration.ZERO, 0));
    assertThat(reply.stopped()).isEqualTo(Stopped.MAX);
    assertThat(reply.totals().deleted()).isEqualTo(2);
    assertThat(bench.counts()).containsExactly(3, 0);
  }

  @Test
  void youngMessagesWait() {
    bench.put("old", "x");
    bench.put("young", "x");
    var streamed = bench.streamed();
    bench.park(
        bench.failure(Instant.now().minusSeconds(3600), streamed.get(0)),
        bench.failure(Instant.now(), streamed.get(1)));
    ReplayReply reply = bench.replay(new ReplayRequest(false, 0, Duration.ofMinutes(30), 0));
    assertThat(reply.stopped()).isEqualTo(Stopped.EMPTY);
    assertThat(reply.messages()).hasSize(1);
    assertThat(bench.documents()).containsOnlyKeys("old");
    assertThat(bench.counts()).containsExactly(1, 0);
  }

  @Test
  void aRateIsKept() {
    for (int i = 0; i < 6; i++) {
      bench.put("item-" + i, "x");
    }
    bench.streamed().forEach(each -> bench.park(bench.failure(each)));
    Instant before = Instant.now();
    ReplayReply reply = bench.replay(new ReplayRequest(false, 0, Duration.ZERO, 2));
    assertThat(reply.totals().deleted()).isEqualTo(6);
    assertThat(Duration.between(before, Instant.now())).isGreaterThan(Duration.ofSeconds(2));
  }

  @Test
  void itStopsBeforeItsTimeIsUpAndSaysSo() {
    bench.put("a", "first");
    bench.put("b", "first");
    bench.streamed().forEach(each -> bench.park(bench.failure(each)));
    bench.caller = _ -> new HttpReply(503, new ByteArrayInputStream(new byte[0]));
    bench.time = Duration.ofSeconds(6);
    Instant before = Instant.now();
    ReplayReply reply = bench.replay();
    assertThat(Instant.now()).isBefore(before.plusSeconds(6));
    assertThat(reply.stopped()).isEqualTo(Stopped.DEADLINE);
    assertThat(outcomes(reply)).isNotEmpty().containsOnly(Outcome.DEFERRED);
    assertThat(bench.counts()).containsExactly(2, 0);
    bench.caller = new UrlConnectionCaller();
    bench.time = Duration.ofSeconds(60);
    assertThat(bench.replay().totals().deleted()).isEqualTo(2);
  }

  @Test
  void aReplyStaysWithinLambdasLimitAndItsTotalsAddUp() {
    String shard = "shardId-1";
    List<String> records = new ArrayList<>();
    Bench.Streamed any = someRecord();
    for (int i = 0; i < 2_000; i++) {
      records.add(
          RecordTexts.of(any.streamRecord(), bench.stream)
              .replace("\"any\"", "\"item-%05d-%s\"".formatted(i, "x".repeat(200)))
              .replace(any.sequenceNumber(), "%021d".formatted(i + 1)));
    }
    for (int message = 0; message < 14; message++) {
      String failure =
          Failures.json(
              bench.stream, shard, "1", Integer.toString(2000 + message), 2000, Instant.now());
      bench.park(captured(failure, records.toArray(String[]::new)));
    }
    ReplayReply reply = bench.replay();
    assertThat(reply.stopped()).isEqualTo(Stopped.REPLY_FULL);
    assertThat(reply.toJson().length()).isBetween(2 << 20, 6_000_000);
    assertThat(reply.messages().getFirst().unlisted()).isNotEmpty();
    assertThat(reply.totals().records()).isEqualTo(2_000 * reply.messages().size());
    assertThat(reply.totals().count(Outcome.APPLIED)).isEqualTo(2_000);
    assertThat(bench.counts().getFirst()).isEqualTo(14 - reply.messages().size());
  }

  @Test
  void killedAtAnyStepItLosesNothing() {
    int steps = 0;
    for (int killAt = 1; killAt == 1 || steps >= killAt - 1; killAt++) {
      for (boolean after : List.of(false, true)) {
        Bench each = new Bench();
        each.put("a", "first");
        each.put("large", "x".repeat(100_000));
        each.put("b", "first");
        var streamed = each.streamed();
        each.park(each.failure(streamed.get(0)), each.failure(streamed.get(1)));
        each.capture(false, each.failure(streamed.get(2)));
        KillSwitch kill = new KillSwitch(killAt, after);
        each.caller = kill.wrap(new LimitedCaller(64 << 10));
        List<String> receipts = new ArrayList<>();
        each.sqs = kill.wrap(SqsClient.class, ReceiptNoting.of(Bench.sqs().client(), receipts));
        each.streams = kill.wrap(DynamoDbStreamsClient.class, each.dynamoDb().streams());
        try {
          each.replay();
        } catch (KillSwitch.Killed e) {
          // As wanted.
        }
        steps = kill.steps().size();
        String step =
            "killed at %d, %s it, of %s"
                .formatted(killAt, after ? "after" : "before", kill.steps());
        // Nothing that is not in the index has left the queue.
        assertThat(each.counts().getFirst() + each.counts().getLast())
            .as(step)
            .isGreaterThanOrEqualTo(3 - each.documents().size());
        each.hiddenComeBack(receipts);
        each.caller = new UrlConnectionCaller();
        each.sqs = Bench.sqs().client();
        each.streams = each.dynamoDb().streams();
        ReplayReply reply = each.replay();
        assertThat(each.documents()).as(step).isEqualTo(each.items());
        assertThat(each.counts()).as(step).containsExactly(0, 0);
        assertThat(reply.totals().kept()).as(step).isZero();
      }
    }
    assertThat(steps).isGreaterThan(8);
  }

  private Bench.Streamed someRecord() {
    bench.put(Map.of("id", AttributeValue.fromS("any"), "memo", AttributeValue.fromS("x")));
    return bench.streamed().getFirst();
  }

  private static String captured(String failure, String... records) {
    var reference = (DeadLetter.Reference) DeadLetter.parse(failure);
    List<String> bodies =
        new CapturedWriter(reference.failure(), Instant.now(), null).write(Arrays.asList(records));
    assertThat(bodies).hasSize(1);
    return bodies.getFirst();
  }

  private static List<Outcome> outcomes(ReplayReply reply) {
    return reply.messages().stream()
        .flatMap(message -> message.records().stream())
        .map(ReplayedRecord::outcome)
        .toList();
  }

  private static ReplayedRecord record(ReplayedMessage message, String id) {
    return message.records().stream()
        .filter(each -> id.equals(each.id()))
        .findFirst()
        .orElseThrow();
  }
}
