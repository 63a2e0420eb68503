package dev.utsushi.lambda;

import static org.assertj.core.api.Assertions.assertThat;

import dev.utsushi.core.deadletter.DeadLetter;
import dev.utsushi.core.deadletter.Failures;
import dev.utsushi.core.record.RecordJson;
import dev.utsushi.core.record.StreamRecord;
import dev.utsushi.core.search.HttpCaller.HttpReply;
import dev.utsushi.local.dynamodb.LocalDynamoDb;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.streams.DynamoDbStreamsClient;
import software.amazon.awssdk.services.sqs.SqsClient;

/** Lambda's messages become messages that hold their records, whatever fails on the way. */
final class CaptureIT {
  private static final String FOREIGN = "{\"foreign\":true}";

  private final DeadLetterWorld world = new DeadLetterWorld();

  @Test
  void recordsAreCapturedWithTheirMessage() {
    world.table.put("a", "first");
    world.table.put("a", "second");
    world.table.delete("a");
    var streamed = world.table.streamed();
    String failure = world.table.failure(streamed.get(0), streamed.get(1), streamed.get(2));
    assertThat(world.handlers.capture(false, failure)).isEmpty();
    var captured =
        (DeadLetter.Captured)
            DeadLetter.parse(world.queue.bodies().getFirst(), Set.of(world.table.arn()));
    assertThat(captured.failure().json().toString()).isEqualTo(failure);
    assertThat(captured.reason()).isNull();
    assertThat(captured.records()).hasSize(3);
    assertThat(RecordJson.write(captured.records().get(1)))
        .contains("\"MODIFY\"", streamed.get(1).sequenceNumber(), "second", world.table.stream)
        .doesNotContain("first");
    assertThat(world.queue.counts()).containsExactly(1, 0);
  }

  @Test
  void recordsThatTheSecondChanceWritesAreNoDeadLetters() {
    world.table.put("a", "first");
    world.table.put("b", "first");
    var streamed = world.table.streamed();
    assertThat(
            world.handlers.capture(
                true, world.table.failure(streamed.get(0)), world.table.failure(streamed.get(1))))
        .isEmpty();
    assertThat(world.queue.counts()).containsExactly(0, 0);
    assertThat(world.index.documents()).isEqualTo(Map.of("a", "first", "b", "first"));
  }

  @Test
  void recordsThatTheSecondChanceDoesNotWriteAreCapturedWithTheReason() {
    world.table.put("small", "x");
    world.table.put("large", "x".repeat(100_000));
    var streamed = world.table.streamed();
    world.handlers.caller = new LimitedCaller(64 << 10);
    assertThat(world.handlers.capture(true, world.table.failure(streamed.get(0), streamed.get(1))))
        .isEmpty();
    var captured =
        (DeadLetter.Captured)
            DeadLetter.parse(world.queue.bodies().getFirst(), Set.of(world.table.arn()));
    assertThat(captured.records()).hasSize(1);
    assertThat(RecordJson.write(captured.records().getFirst())).contains("large");
    assertThat(captured.reason()).isEqualTo("rejected: status 413");
    assertThat(world.index.documents()).containsOnlyKeys("small");
  }

  @Test
  void anEngineThatIsDownCostsItsTimeOnceAndAllMessagesAreCaptured() {
    for (int i = 0; i < 10; i++) {
      world.table.put("item-" + i, "x");
    }
    world.handlers.caller = _ -> new HttpReply(503, new byte[0]);
    world.handlers.time = Duration.ofSeconds(8);
    Instant before = Instant.now();
    String[] failures =
        world.table.streamed().stream().map(world.table::failure).toArray(String[]::new);
    assertThat(world.handlers.capture(true, failures)).isEmpty();
    assertThat(Instant.now()).isBefore(before.plusSeconds(20));
    assertThat(world.queue.counts()).containsExactly(10, 0);
    assertThat(
            ((DeadLetter.Captured)
                    DeadLetter.parse(world.queue.bodies().getFirst(), Set.of(world.table.arn())))
                .reason())
        .isEqualTo("deferred: status 503");
  }

  @Test
  void anExpiredReferenceIsSentUnchanged() {
    try (LocalDynamoDb dynamoDb = LocalDynamoDb.start()) {
      DeadLetterWorld world = new DeadLetterWorld(dynamoDb);
      world.table.put("a", "first");
      String failure = world.table.failure(world.table.streamed().getFirst());
      dynamoDb.ageStreams(Duration.ofHours(25));
      assertThat(world.handlers.capture(true, failure)).isEmpty();
      assertThat(world.queue.bodies()).containsExactly(failure);
    }
  }

  @Test
  void aPartlyExpiredReferenceIsCapturedAndSentUnchanged() {
    world.table.put("b", "first");
    String failure = world.table.failureWithOneForgotten(world.table.streamed().getFirst());
    assertThat(world.handlers.capture(false, failure)).isEmpty();
    List<String> sent = world.queue.bodies();
    assertThat(sent).hasSize(2).contains(failure);
    assertThat(
            sent.stream()
                .map(body -> DeadLetter.parse(body, Set.of(world.table.arn())))
                .filter(DeadLetter.Captured.class::isInstance))
        .singleElement()
        .satisfies(letter -> assertThat(((DeadLetter.Captured) letter).records()).hasSize(1));
  }

  @Test
  void aMessageOfOneMebibyteIsPassedOnWhole() {
    String large = "x".repeat(1 << 20);
    assertThat(world.handlers.capture(false, large)).isEmpty();
    assertThat(world.queue.bodies()).containsExactly(large);
  }

  @Test
  void foreignMessagesAreSentUnchanged() {
    String foreign =
        Failures.json(
            Failures.STREAM, "shardId-1", "1", "2", 1, Instant.parse("2026-11-21T00:00:00Z"));
    String[] bodies = {"hello", "{\"a\": 1}", "{\"DDBStreamBatchInfo\":{}}", foreign};
    assertThat(world.handlers.capture(true, bodies)).isEmpty();
    assertThat(world.queue.bodies()).containsExactlyInAnyOrder(bodies);
  }

  @Test
  void aCapturedMessageIsNotCapturedAgain() {
    world.table.put("a", "first");
    world.handlers.capture(false, world.table.failure(world.table.streamed().getFirst()));
    String captured = world.queue.bodies().getFirst();
    assertThat(world.handlers.capture(false, captured)).isEmpty();
    assertThat(world.queue.bodies()).containsExactly(captured, captured);
  }

  @Test
  void aClosedShardIsReadToo() {
    try (LocalDynamoDb dynamoDb = LocalDynamoDb.start()) {
      DeadLetterWorld world = new DeadLetterWorld(dynamoDb);
      world.table.put("a", "first");
      var first = world.table.streamed().getFirst();
      dynamoDb.rollOverShards();
      world.table.put("b", "first");
      var all = world.table.streamed();
      assertThat(all.getLast().shardId()).isNotEqualTo(first.shardId());
      assertThat(
              world.handlers.capture(
                  true, world.table.failure(first), world.table.failure(all.getLast())))
          .isEmpty();
      assertThat(world.index.documents()).containsOnlyKeys("a", "b");
    }
  }

  @Test
  void ifTheStreamCanNotBeReadOnlyItsMessageIsRetried() {
    world.table.put("a", "first");
    String failure = world.table.failure(world.table.streamed().getFirst());
    world.handlers.streams = Denying.all(DynamoDbStreamsClient.class);
    assertThat(world.handlers.capture(false, failure, "foreign")).containsExactly(0);
    assertThat(world.queue.bodies()).containsExactly("foreign");
  }

  @Test
  void ifTheQueueRejectsEverythingAllMessagesAreRetried() {
    world.table.put("a", "first");
    String failure = world.table.failure(world.table.streamed().getFirst());
    world.handlers.sqs = Denying.all(SqsClient.class);
    assertThat(world.handlers.capture(false, failure, "foreign")).containsExactly(0, 1);
  }

  @Test
  void largeRecordsAreCapturedInParts() {
    Random random = new Random(1);
    for (int i = 0; i < 4; i++) {
      byte[] bytes = new byte[390_000];
      random.nextBytes(bytes);
      world.table.put(
          Map.of(
              "id", AttributeValue.fromS("large-" + i),
              "memo", AttributeValue.fromB(SdkBytes.fromByteArray(bytes))));
    }
    var streamed = world.table.streamed();
    assertThat(
            world.handlers.capture(
                false, world.table.failure(streamed.toArray(StreamedTable.Streamed[]::new))))
        .isEmpty();
    List<StreamRecord> records = new ArrayList<>();
    List<String> sent = world.queue.bodies();
    assertThat(sent.size()).isGreaterThan(1);
    for (String body : sent) {
      records.addAll(
          ((DeadLetter.Captured) DeadLetter.parse(body, Set.of(world.table.arn()))).records());
    }
    assertThat(records).hasSize(4);
    assertThat(world.handlers.replay().totals().deleted()).isEqualTo(sent.size());
    assertThat(world.index.documents()).hasSize(4);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void killedAtAnyStepItLosesNothing(boolean secondChance) {
    int steps = 0;
    for (int killAt = 1; killAt == 1 || steps >= killAt - 1; killAt++) {
      for (boolean after : List.of(false, true)) {
        DeadLetterWorld each = new DeadLetterWorld();
        each.table.put("a", "first");
        each.table.put("large", "x".repeat(100_000));
        var streamed = each.table.streamed();
        String[] failures = {each.table.failure(streamed.get(0), streamed.get(1)), FOREIGN};
        KillSwitch kill = new KillSwitch(killAt, after);
        each.handlers.caller = kill.wrap(new LimitedCaller(64 << 10));
        each.handlers.sqs = kill.wrap(SqsClient.class, SharedServers.sqs().client());
        each.handlers.streams =
            kill.wrap(DynamoDbStreamsClient.class, each.table.dynamoDb().streams());
        List<String> toCapture = new ArrayList<>(List.of(failures));
        try {
          List<Integer> again = each.handlers.capture(secondChance, failures);
          // Lambda deletes the messages that are reported as processed.
          toCapture = new ArrayList<>(again.stream().map(i -> failures[i]).toList());
        } catch (KillSwitch.Killed e) {
          // Nothing was reported: Lambda retries all of them.
        }
        steps = kill.steps().size();
        each.handlers.caller = new LimitedCaller(64 << 10);
        each.handlers.sqs = SharedServers.sqs().client();
        each.handlers.streams = each.table.dynamoDb().streams();
        each.handlers.capture(secondChance, toCapture.toArray(String[]::new));
        each.handlers.caller = new dev.utsushi.core.search.SocketCaller();
        String step =
            "killed at %d, %s it, of %s"
                .formatted(killAt, after ? "after" : "before", kill.steps());
        assertThat(each.queue.bodies()).as(step).contains(FOREIGN);
        var reply = each.handlers.replay();
        assertThat(each.index.documents()).as(step).isEqualTo(each.table.items());
        assertThat(reply.messages())
            .as(step)
            .allSatisfy(
                message ->
                    assertThat(message.form() == DeadLetter.Form.FOREIGN)
                        .isEqualTo(
                            message.fate() == dev.utsushi.core.deadletter.ReplayReply.Fate.KEPT));
      }
    }
    assertThat(steps).isGreaterThanOrEqualTo(secondChance ? 5 : 4);
  }
}
