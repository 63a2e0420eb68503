package dev.utsushi.lambda;

import static org.assertj.core.api.Assertions.assertThat;

import dev.utsushi.deadletter.DeadLetter;
import dev.utsushi.deadletter.Failures;
import dev.utsushi.local.dynamodb.LocalDynamoDb;
import dev.utsushi.search.HttpReply;
import java.io.ByteArrayInputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.streams.DynamoDbStreamsClient;
import software.amazon.awssdk.services.sqs.SqsClient;

/** Lambda's messages become messages that hold their records, whatever comes in between. */
final class CaptureIT {
  private static final String FOREIGN = "{\"foreign\":true}";

  private final Bench bench = new Bench();

  @Test
  void recordsAreParkedWithTheirMessage() {
    bench.put("a", "first");
    bench.put("a", "second");
    bench.delete("a");
    var streamed = bench.streamed();
    String failure = bench.failure(streamed.get(0), streamed.get(1), streamed.get(2));
    assertThat(bench.capture(false, failure)).isEmpty();
    var captured = (DeadLetter.Captured) DeadLetter.parse(bench.parked().getFirst());
    assertThat(captured.failure().json()).isEqualTo(failure);
    assertThat(captured.reason()).isNull();
    assertThat(captured.records()).hasSize(3);
    assertThat(captured.records().get(1))
        .contains("\"MODIFY\"", streamed.get(1).sequenceNumber(), "second", bench.stream)
        .doesNotContain("first");
    assertThat(bench.counts()).containsExactly(1, 0);
  }

  @Test
  void whatTheSecondChanceSettlesIsNoDeadLetter() {
    bench.put("a", "first");
    bench.put("b", "first");
    var streamed = bench.streamed();
    assertThat(bench.capture(true, bench.failure(streamed.get(0)), bench.failure(streamed.get(1))))
        .isEmpty();
    assertThat(bench.counts()).containsExactly(0, 0);
    assertThat(bench.documents()).isEqualTo(Map.of("a", "first", "b", "first"));
  }

  @Test
  void whatTheSecondChanceLeavesIsParkedWithItsReason() {
    bench.put("small", "x");
    bench.put("large", "x".repeat(100_000));
    var streamed = bench.streamed();
    bench.caller = new LimitedCaller(64 << 10);
    assertThat(bench.capture(true, bench.failure(streamed.get(0), streamed.get(1)))).isEmpty();
    var captured = (DeadLetter.Captured) DeadLetter.parse(bench.parked().getFirst());
    assertThat(captured.records()).hasSize(1);
    assertThat(captured.records().getFirst()).contains("large");
    assertThat(captured.reason()).isEqualTo("rejected: status 413");
    assertThat(bench.documents()).containsOnlyKeys("small");
  }

  @Test
  void anEngineThatIsDownTakesItsTimeOnceAndAllIsParked() {
    for (int i = 0; i < 10; i++) {
      bench.put("item-" + i, "x");
    }
    bench.caller = _ -> new HttpReply(503, new ByteArrayInputStream(new byte[0]));
    bench.time = Duration.ofSeconds(8);
    Instant before = Instant.now();
    String[] failures = bench.streamed().stream().map(bench::failure).toArray(String[]::new);
    assertThat(bench.capture(true, failures)).isEmpty();
    assertThat(Instant.now()).isBefore(before.plusSeconds(20));
    assertThat(bench.counts()).containsExactly(10, 0);
    assertThat(((DeadLetter.Captured) DeadLetter.parse(bench.parked().getFirst())).reason())
        .isEqualTo("deferred: status 503");
  }

  @Test
  void expiredIsPassedOnAsItCame() {
    try (LocalDynamoDb dynamoDb = LocalDynamoDb.start()) {
      Bench bench = new Bench(dynamoDb);
      bench.put("a", "first");
      String failure = bench.failure(bench.streamed().getFirst());
      dynamoDb.ageStreams(Duration.ofHours(25));
      assertThat(bench.capture(true, failure)).isEmpty();
      assertThat(bench.parked()).containsExactly(failure);
    }
  }

  @Test
  void partlyExpiredIsParkedAndPassedOn() {
    bench.put("b", "first");
    String failure = bench.failureWithOneForgotten(bench.streamed().getFirst());
    assertThat(bench.capture(false, failure)).isEmpty();
    List<String> parked = bench.parked();
    assertThat(parked).hasSize(2).contains(failure);
    assertThat(parked.stream().map(DeadLetter::parse).filter(DeadLetter.Captured.class::isInstance))
        .singleElement()
        .satisfies(letter -> assertThat(((DeadLetter.Captured) letter).records()).hasSize(1));
  }

  @Test
  void aMessageOfOneMebibyteIsPassedOnWhole() {
    String large = "x".repeat(1 << 20);
    assertThat(bench.capture(false, large)).isEmpty();
    assertThat(bench.parked()).containsExactly(large);
  }

  @Test
  void whatIsNotOursIsPassedOnAsItCame() {
    String foreign =
        Failures.json(
            Failures.STREAM, "shardId-1", "1", "2", 1, Instant.parse("2026-11-21T00:00:00Z"));
    String[] bodies = {"hello", "{\"a\": 1}", "{\"DDBStreamBatchInfo\":{}}", foreign};
    assertThat(bench.capture(true, bodies)).isEmpty();
    assertThat(bench.parked()).containsExactlyInAnyOrder(bodies);
  }

  @Test
  void capturedOnceIsNotCapturedAgain() {
    bench.put("a", "first");
    bench.capture(false, bench.failure(bench.streamed().getFirst()));
    String captured = bench.parked().getFirst();
    assertThat(bench.capture(false, captured)).isEmpty();
    assertThat(bench.parked()).containsExactly(captured, captured);
  }

  @Test
  void aClosedShardIsReadToo() {
    try (LocalDynamoDb dynamoDb = LocalDynamoDb.start()) {
      Bench bench = new Bench(dynamoDb);
      bench.put("a", "first");
      var first = bench.streamed().getFirst();
      dynamoDb.rollOverShards();
      bench.put("b", "first");
      var all = bench.streamed();
      assertThat(all.getLast().shardId()).isNotEqualTo(first.shardId());
      assertThat(bench.capture(true, bench.failure(first), bench.failure(all.getLast()))).isEmpty();
      assertThat(bench.documents()).containsOnlyKeys("a", "b");
    }
  }

  @Test
  void aStreamThatCannotBeReadMakesItComeAgainAndNothingElse() {
    bench.put("a", "first");
    String failure = bench.failure(bench.streamed().getFirst());
    bench.streams = Denying.all(DynamoDbStreamsClient.class);
    assertThat(bench.capture(false, failure, "foreign")).containsExactly(0);
    assertThat(bench.parked()).containsExactly("foreign");
  }

  @Test
  void aQueueThatTakesNothingMakesAllComeAgain() {
    bench.put("a", "first");
    String failure = bench.failure(bench.streamed().getFirst());
    bench.sqs = Denying.all(SqsClient.class);
    assertThat(bench.capture(false, failure, "foreign")).containsExactly(0, 1);
  }

  @Test
  void largeRecordsAreParkedInParts() {
    Random random = new Random(1);
    for (int i = 0; i < 4; i++) {
      byte[] bytes = new byte[390_000];
      random.nextBytes(bytes);
      bench.put(
          Map.of(
              "id", AttributeValue.fromS("large-" + i),
              "memo", AttributeValue.fromB(SdkBytes.fromByteArray(bytes))));
    }
    var streamed = bench.streamed();
    assertThat(bench.capture(false, bench.failure(streamed.toArray(Bench.Streamed[]::new))))
        .isEmpty();
    List<String> records = new ArrayList<>();
    List<String> parked = bench.parked();
    assertThat(parked.size()).isGreaterThan(1);
    for (String body : parked) {
      records.addAll(((DeadLetter.Captured) DeadLetter.parse(body)).records());
    }
    assertThat(records).hasSize(4);
    assertThat(bench.replay().totals().deleted()).isEqualTo(parked.size());
    assertThat(bench.documents()).hasSize(4);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void killedAtAnyStepItLosesNothing(boolean secondChance) {
    int steps = 0;
    for (int killAt = 1; killAt == 1 || steps >= killAt - 1; killAt++) {
      for (boolean after : List.of(false, true)) {
        Bench each = new Bench();
        each.put("a", "first");
        each.put("large", "x".repeat(100_000));
        var streamed = each.streamed();
        String[] failures = {each.failure(streamed.get(0), streamed.get(1)), FOREIGN};
        KillSwitch kill = new KillSwitch(killAt, after);
        each.caller = kill.wrap(new LimitedCaller(64 << 10));
        each.sqs = kill.wrap(SqsClient.class, Bench.sqs().client());
        each.streams = kill.wrap(DynamoDbStreamsClient.class, each.dynamoDb().streams());
        List<String> toCapture = new ArrayList<>(List.of(failures));
        try {
          List<Integer> again = each.capture(secondChance, failures);
          // What is reported as done is deleted by Lambda and will not come again.
          toCapture = new ArrayList<>(again.stream().map(i -> failures[i]).toList());
        } catch (KillSwitch.Killed e) {
          // Nothing was reported: all come again.
        }
        steps = kill.steps().size();
        each.caller = new LimitedCaller(64 << 10);
        each.sqs = Bench.sqs().client();
        each.streams = each.dynamoDb().streams();
        each.capture(secondChance, toCapture.toArray(String[]::new));
        each.caller = new dev.utsushi.search.UrlConnectionCaller();
        String step =
            "killed at %d, %s it, of %s"
                .formatted(killAt, after ? "after" : "before", kill.steps());
        assertThat(each.parked()).as(step).contains(FOREIGN);
        var reply = each.replay();
        assertThat(each.documents()).as(step).isEqualTo(each.items());
        assertThat(reply.messages())
            .as(step)
            .allSatisfy(
                message ->
                    assertThat(message.form() == DeadLetter.Form.FOREIGN)
                        .isEqualTo(
                            message.fate() == dev.utsushi.deadletter.ReplayedMessage.Fate.KEPT));
      }
    }
    assertThat(steps).isGreaterThanOrEqualTo(secondChance ? 5 : 4);
  }
}
