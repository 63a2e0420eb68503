package dev.utsushi.local.mapping;

import static dev.utsushi.local.mapping.Contexts.batch;
import static dev.utsushi.local.stream.Records.ARRIVAL;
import static org.assertj.core.api.Assertions.assertThat;

import dev.utsushi.local.lambda.Invocable;
import dev.utsushi.local.lambda.InvocationResult;
import dev.utsushi.local.mapping.MappingEvent.DiscardCondition;
import dev.utsushi.local.mapping.MappingEvent.LaneId;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class BatchProcessorTest {

  private static final LaneId LANE = new LaneId("shard", 0);
  private static final InvocationResult THROWN = new InvocationResult.FunctionError("r", "E", "{}");
  private static final InvocationResult THROTTLED = new InvocationResult.Throttled("r");
  private static final InvocationResult FINE = new InvocationResult.Succeeded("r", "{}");

  private final List<String> invocations = new ArrayList<>();
  private final List<Integer> processed = new ArrayList<>();
  private final List<String> settled = new ArrayList<>();
  private final List<String> discarded = new ArrayList<>();
  private final List<Duration> waits = new ArrayList<>();
  private Instant now = ARRIVAL;
  private EventSourceMappingSettings settings =
      EventSourceMappingSettings.defaults()
          .withMaximumRetryAttempts(3)
          .withReportBatchItemFailures(true);

  @Test
  void threeRetriesAreFourInvocationsWithGrowingWaits() throws Exception {
    process(batch(1, 1), event -> THROWN);
    assertThat(invocations).containsExactly("1", "1", "1", "1");
    assertThat(processed).containsExactly(0, 0, 0, 0);
    assertThat(discarded).containsExactly("1 RETRY_ATTEMPTS_EXHAUSTED");
    assertThat(settled).containsExactly("1");
    assertThat(waits).hasSize(3);
    assertThat(waits.get(0)).isBetween(Duration.ofMillis(50), Duration.ofMillis(100));
    assertThat(waits.get(1)).isBetween(Duration.ofMillis(100), Duration.ofMillis(200));
    assertThat(waits.get(2)).isBetween(Duration.ofMillis(200), Duration.ofMillis(400));
  }

  @Test
  void zeroRetriesAreOneInvocation() throws Exception {
    settings = settings.withMaximumRetryAttempts(0);
    process(batch(1, 2), event -> THROWN);
    assertThat(invocations).containsExactly("1,2");
    assertThat(discarded).containsExactly("1,2 RETRY_ATTEMPTS_EXHAUSTED");
  }

  @Test
  void throttlesAndFailuresToInvokeCostNoRetry() throws Exception {
    process(
        batch(1, 1),
        event ->
            switch (invocations.size()) {
              case 1, 2, 3, 4, 5 -> THROTTLED;
              case 6 -> throw new IllegalStateException("no JVM");
              case 7, 8, 9 -> THROWN;
              default -> FINE;
            });
    assertThat(invocations).hasSize(10);
    assertThat(processed).as("throttles are no invocations").containsExactly(0, 0, 0, 1);
    assertThat(discarded).isEmpty();
    assertThat(settled).containsExactly("1");
  }

  @Test
  void recordsBeforeTheReportedFailureAreSettledAndTheRestIsRetried() throws Exception {
    process(batch(1, 4), event -> invocations.size() == 1 ? reported(3) : FINE);
    assertThat(invocations).containsExactly("1,2,3,4", "3,4");
    assertThat(processed).containsExactly(2, 2);
    assertThat(settled).containsExactly("1", "2", "3", "4");
  }

  @Test
  void theLowestSequenceNumberWinsAndNumbersAreNotComparedAsText() throws Exception {
    process(batch(9, 12), event -> invocations.size() == 1 ? reported(12, 10) : FINE);
    process(batch(9, 12), event -> invocations.size() == 3 ? reported(10, 9) : FINE);
    assertThat(invocations).containsExactly("9,10,11,12", "10,11,12", "9,10,11,12", "9,10,11,12");
  }

  @Test
  void bisectingFindsThePoisonAndSplitsCostNoRetry() throws Exception {
    settings = settings.withBisectBatchOnFunctionError(true).withMaximumRetryAttempts(1);
    process(batch(1, 4), event -> event.contains("3") ? THROWN : FINE);
    assertThat(invocations).containsExactly("1,2,3,4", "1,2", "3,4", "3", "3", "4");
    assertThat(discarded).containsExactly("3 RETRY_ATTEMPTS_EXHAUSTED");
    assertThat(settled).containsExactly("1", "2", "3", "4");
  }

  @Test
  void aReportedFailureBisectsTheBatchWhereItIsAndCostsNoRetry() throws Exception {
    settings = settings.withBisectBatchOnFunctionError(true).withMaximumRetryAttempts(1);
    process(batch(1, 6), event -> event.contains("4") ? reported(4) : FINE);
    assertThat(invocations).containsExactly("1,2,3,4,5,6", "4,5,6", "4", "4", "5,6");
    assertThat(discarded).containsExactly("4 RETRY_ATTEMPTS_EXHAUSTED");
    assertThat(settled).containsExactly("1", "2", "3", "4", "5", "6");
  }

  @Test
  void withoutBisectingRecordsAfterAReportedFailureFailWithIt() throws Exception {
    settings = settings.withMaximumRetryAttempts(1);
    process(batch(1, 6), event -> event.contains("4") ? reported(4) : FINE);
    assertThat(invocations).containsExactly("1,2,3,4,5,6", "4,5,6");
    assertThat(discarded).containsExactly("4,5,6 RETRY_ATTEMPTS_EXHAUSTED");
  }

  @Test
  void recordsThatGrowTooOldWhileTheFunctionIsThrottledAreDiscarded() throws Exception {
    settings = settings.withMaximumRecordAge(Duration.ofMinutes(1));
    process(
        batch(1, 1),
        event -> {
          now = now.plusSeconds(30);
          return THROTTLED;
        });
    assertThat(invocations).hasSize(3);
    assertThat(discarded).containsExactly("1 RECORD_AGE_EXCEEDED");
  }

  @Test
  void recordsBeyondTheMaximumAgeAreNotInvoked() throws Exception {
    settings = settings.withMaximumRecordAge(Duration.ofMinutes(1));
    now = ARRIVAL.plusSeconds(61);
    process(batch(1, 2), event -> FINE);
    assertThat(invocations).isEmpty();
    assertThat(discarded).containsExactly("1,2 RECORD_AGE_EXCEEDED");
    assertThat(settled).containsExactly("1", "2");
  }

  @Test
  void aBatchThatGrowsTooOldBetweenRetriesIsDiscarded() throws Exception {
    settings = EventSourceMappingSettings.defaults().withMaximumRecordAge(Duration.ofMinutes(1));
    process(
        batch(1, 1),
        event -> {
          now = now.plusSeconds(30);
          return THROWN;
        });
    assertThat(invocations).hasSize(3);
    assertThat(discarded).containsExactly("1 RECORD_AGE_EXCEEDED");
  }

  @Test
  void withoutAMaximumItRetriesUntilTheFunctionSucceeds() throws Exception {
    settings = EventSourceMappingSettings.defaults();
    process(batch(1, 1), event -> invocations.size() < 500 ? THROWN : FINE);
    assertThat(invocations).hasSize(500);
    assertThat(waits.getLast()).isBetween(Duration.ofSeconds(30), Duration.ofSeconds(60));
  }

  private static InvocationResult reported(int... numbers) {
    String failures =
        IntStream.of(numbers)
            .mapToObj("{\"itemIdentifier\":\"%d\"}"::formatted)
            .collect(Collectors.joining(","));
    return new InvocationResult.Succeeded("r", "{\"batchItemFailures\":[" + failures + "]}");
  }

  private void process(RecordBatch batch, Function<String, InvocationResult> function)
      throws InterruptedException {
    var context =
        Contexts.context(invocable(function), settings)
            .withListener(this::note)
            .withBackoff(Contexts.backoff(Duration.ofMillis(100), Duration.ofSeconds(60)))
            .withClock(() -> now)
            .withSleeper(waits::add);
    new BatchProcessor(
            context,
            LANE,
            records -> records.forEach(record -> settled.add(record.sequenceNumber())))
        .process(batch);
  }

  /** Returns a function whose event is the numbers of a batch's records: "1,2". */
  private Invocable invocable(Function<String, InvocationResult> function) {
    return new Invocable() {
      @Override
      public InvocationResult invoke(byte[] payload) {
        String numbers = new String(payload, StandardCharsets.UTF_8).replaceAll("[^0-9,]", "");
        invocations.add(numbers);
        return function.apply(numbers);
      }

      @Override
      public String arn() {
        return "arn";
      }
    };
  }

  private void note(MappingEvent event) {
    switch (event) {
      case MappingEvent.Invoked invoked -> processed.add(invoked.processed());
      case MappingEvent.Discarded(
              _,
              int records,
              DiscardCondition condition,
              boolean delivered) -> {
        assertThat(delivered).isFalse();
        String numbers =
            IntStream.rangeClosed(settled.size() + 1, settled.size() + records)
                .mapToObj(Integer::toString)
                .collect(Collectors.joining(","));
        discarded.add(numbers + " " + condition);
      }
      default -> {}
    }
  }
}
