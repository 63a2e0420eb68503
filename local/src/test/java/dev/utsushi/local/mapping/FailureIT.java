package dev.utsushi.local.mapping;

import static dev.utsushi.local.Patience.await;
import static dev.utsushi.local.mapping.MappedPipeline.ONE_BY_ONE;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.utsushi.local.lambda.Invocable;
import dev.utsushi.local.lambda.InvocationResult;
import dev.utsushi.local.mapping.MappingContext.Backoff;
import dev.utsushi.local.stream.SequenceNumber;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FailureIT {

  private static final ObjectMapper JSON = new ObjectMapper();

  @RegisterExtension static final MappedPipeline PIPELINE = new MappedPipeline();

  @Test
  void aReportedPoisonRecordIsInvokedFourTimesThenSentToTheQueueAndTheShardMovesOn()
      throws Exception {
    assertThat(poisoned("report")).contains("\"functionError\":null");
  }

  @Test
  void aThrowingPoisonRecordIsUnhandled() throws Exception {
    assertThat(poisoned("throw")).contains("\"functionError\":\"Unhandled\"");
  }

  /** Returns the only message in the queue, and checks all of it but the error. */
  private static String poisoned(String command) throws Exception {
    MappedTable table = PIPELINE.table();
    String queue = table.createQueue(PIPELINE.sqs());
    try (var mapping = start(ONE_BY_ONE, queue)) {
      table.putPoison("a", 1, command);
      table.put("a", 2);
      Await.settled(mapping, 2);
      assertThat(table.seenOf("a")).containsExactly(1, 1, 1, 1, 2);
      assertThat(mapping.counters().deliveredRecords()).isEqualTo(1);
      assertThat(mapping.counters().failedInvocations()).isEqualTo(4);
    }
    var messages = PIPELINE.receive(queue);
    assertThat(messages).hasSize(1);
    String number = table.seen().getFirst().sequenceNumber();
    String time = "\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d";
    assertThat(messages.getFirst().body())
        .matches(
            """
            \\{"requestContext":\\{"requestId":"[0-9a-f-]{36}",\
            "functionArn":"arn:aws:lambda:us-east-1:000000000000:function:recording",\
            "condition":"RetryAttemptsExhausted","approximateInvokeCount":4},\
            "responseContext":\\{"statusCode":200,"executedVersion":"\\$LATEST",\
            "functionError":(null|"Unhandled")},\
            "version":"1.0","timestamp":"%s\\.\\d{3}Z",\
            "DDBStreamBatchInfo":\\{"shardId":"shardId-[^"]+",\
            "startSequenceNumber":"%s","endSequenceNumber":"%s",\
            "approximateArrivalOfFirstRecord":"%sZ","approximateArrivalOfLastRecord":"%sZ",\
            "batchSize":1,"streamArn":"%s"}}\
            """
                .formatted(time, number, number, time, time, table.streamArn()));
    return messages.getFirst().body();
  }

  @Test
  void theMessageHasTheFirstAndTheLastSequenceNumberAndTheirTimes() throws Exception {
    MappedTable table = PIPELINE.table();
    String queue = table.createQueue(PIPELINE.sqs());
    table.put("a", 1);
    PIPELINE.dynamoDb().ageStreams(Duration.ofMinutes(5));
    table.put("a", 2);
    table.putPoison("a", 3, "throw");
    var settings = EventSourceMappingSettings.defaults().withMaximumRetryAttempts(0);
    try (var mapping = start(settings, queue)) {
      Await.settled(mapping, 3);
    }
    JsonNode message = onlyMessage(queue);
    JsonNode batch = message.path("DDBStreamBatchInfo");
    List<MappedTable.Seen> seen = table.seen();
    assertThat(batch.path("startSequenceNumber").asText())
        .isEqualTo(seen.getFirst().sequenceNumber());
    assertThat(batch.path("endSequenceNumber").asText()).isEqualTo(seen.getLast().sequenceNumber());
    assertThat(batch.path("batchSize").asInt()).isEqualTo(3);
    assertThat(message.path("requestContext").path("approximateInvokeCount").asInt()).isEqualTo(1);
    // DynamoDB Local cuts times to the minute: these are five or six minutes apart.
    Instant first = Instant.parse(batch.path("approximateArrivalOfFirstRecord").asText());
    Instant last = Instant.parse(batch.path("approximateArrivalOfLastRecord").asText());
    assertThat(Duration.between(first, last))
        .isBetween(Duration.ofMinutes(5), Duration.ofMinutes(6));
  }

  @Test
  void recordsThatAreTooOldGoToTheQueueWithoutAnInvocation() throws Exception {
    MappedTable table = PIPELINE.table();
    String queue = table.createQueue(PIPELINE.sqs());
    table.put("a", 1);
    table.put("a", 2);
    PIPELINE.dynamoDb().ageStreams(Duration.ofMinutes(30));
    table.put("a", 3);
    var settings =
        EventSourceMappingSettings.defaults().withMaximumRecordAge(Duration.ofMinutes(15));
    try (var mapping = start(settings, queue)) {
      Await.settled(mapping, 3);
      assertThat(mapping.counters().deliveredRecords()).isEqualTo(2);
    }
    assertThat(table.seenOf("a")).containsExactly(3);
    JsonNode message = onlyMessage(queue);
    assertThat(message.path("requestContext").path("condition").asText())
        .isEqualTo("RecordAgeExceeded");
    assertThat(message.path("requestContext").path("approximateInvokeCount").asInt()).isZero();
    JsonNode batch = message.path("DDBStreamBatchInfo");
    assertThat(batch.path("batchSize").asInt()).isEqualTo(2);
    var third = new SequenceNumber(table.seen().getFirst().sequenceNumber());
    var end = new SequenceNumber(batch.path("endSequenceNumber").asText());
    var start = new SequenceNumber(batch.path("startSequenceNumber").asText());
    assertThat(start).isLessThan(end);
    assertThat(end).isLessThan(third);
  }

  @Test
  void recordsThatGrowTooOldBetweenRetriesGoToTheQueue() throws Exception {
    MappedTable table = PIPELINE.table();
    String queue = table.createQueue(PIPELINE.sqs());
    assertThat(table.function().initialize()).isEmpty();
    // DynamoDB Local cuts times to the minute: a record seems older by the seconds of this minute.
    Duration seeming = Duration.ofSeconds(Instant.now().getEpochSecond() % 60);
    table.putPoison("a", 1, "throw");
    PIPELINE.dynamoDb().ageStreams(Duration.ofMinutes(1));
    var settings =
        EventSourceMappingSettings.defaults()
            .withMaximumRecordAge(seeming.plus(Duration.ofMinutes(1)).plusSeconds(6));
    var context =
        PIPELINE
            .mapping(settings)
            .withOnFailure(PIPELINE.sqs().client(), queue)
            .withBackoff(new Backoff(Duration.ofMillis(100), Duration.ofSeconds(1)));
    try (var mapping = PIPELINE.start(context)) {
      await().until(() -> mapping.counters().failedInvocations() > 1);
      await().until(() -> mapping.counters().deliveredRecords() == 1);
      JsonNode request = onlyMessage(queue).path("requestContext");
      assertThat(request.path("condition").asText()).isEqualTo("RecordAgeExceeded");
      assertThat(request.path("approximateInvokeCount").asLong())
          .isEqualTo(mapping.counters().failedInvocations());
    }
  }

  @Test
  void bisectingAndReportsTogetherDiscardOnlyThePoison() throws Exception {
    MappedTable table = PIPELINE.table();
    String queue = table.createQueue(PIPELINE.sqs());
    IntStream.rangeClosed(1, 9)
        .forEach(
            n -> {
              if (n == 6) {
                table.putPoison("a", n, "report");
              } else {
                table.put("a", n);
              }
            });
    var settings =
        EventSourceMappingSettings.defaults()
            .withMaximumRetryAttempts(1)
            .withReportBatchItemFailures(true)
            .withBisectBatchOnFunctionError(true);
    try (var mapping = start(settings, queue)) {
      Await.settled(mapping, 9);
      assertThat(mapping.counters().deliveredRecords()).isEqualTo(1);
    }
    // The whole batch, the rest from the sixth record, its half, a quarter of it, and that again.
    assertThat(table.seenOf("a")).containsExactly(1, 2, 3, 4, 5, 6, 6, 6, 6, 6, 7, 8, 9);
    assertThat(onlyMessage(queue).path("DDBStreamBatchInfo").path("startSequenceNumber").asText())
        .isEqualTo(table.seen().get(5).sequenceNumber());
  }

  @Test
  void theMessageHasTheVersionBehindAnAlias() throws Exception {
    MappedTable table = PIPELINE.table();
    String queue = table.createQueue(PIPELINE.sqs());
    var live = new Alias(table.function(), table.function().arn() + ":live", "7");
    var context =
        PIPELINE
            .mapping(ONE_BY_ONE.withMaximumRetryAttempts(0))
            .withFunction(live)
            .withOnFailure(PIPELINE.sqs().client(), queue);
    try (var mapping = PIPELINE.start(context)) {
      table.putPoison("a", 1, "throw");
      Await.settled(mapping, 1);
    }
    JsonNode message = onlyMessage(queue);
    assertThat(message.path("requestContext").path("functionArn").asText())
        .isEqualTo("arn:aws:lambda:us-east-1:000000000000:function:recording:live");
    assertThat(message.path("responseContext").path("executedVersion").asText()).isEqualTo("7");
  }

  private record Alias(Invocable function, String arn, String executedVersion)
      implements Invocable {
    @Override
    public InvocationResult invoke(byte[] payload) throws InterruptedException {
      return function.invoke(payload);
    }
  }

  @Test
  void aTimeOutKillsTheEnvironmentAndTheRecordIsRetried() throws Exception {
    MappedTable table = PIPELINE.tableWith(function -> function.withTimeout(Duration.ofSeconds(2)));
    try (var mapping = PIPELINE.start(ONE_BY_ONE.withMaximumRetryAttempts(10))) {
      table.putPoison("a", 1, "hang");
      await().until(() -> mapping.counters().failedInvocations() == 1);
      table.heal();
      Await.settled(mapping, 1);
      assertThat(table.seenOf("a").stream().distinct()).containsExactly(1);
      assertThat(mapping.counters().droppedRecords()).isZero();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"exit", "fill"})
  void aCrashAndAnOutOfMemoryCostOneRetryEachAndTheRecordIsRetried(String command)
      throws Exception {
    MappedTable table = PIPELINE.tableWith(function -> function.withMemoryMegabytes(128));
    try (var mapping = PIPELINE.start(ONE_BY_ONE.withMaximumRetryAttempts(1))) {
      table.putPoison("a", 1, command);
      table.put("a", 2);
      Await.settled(mapping, 2);
      assertThat(mapping.counters().failedInvocations()).isEqualTo(2);
      assertThat(mapping.counters().droppedRecords()).isEqualTo(1);
      assertThat(table.seenOf("a")).containsExactly(1, 1, 2);
    }
  }

  @Test
  void killingEnvironmentsLosesNoRecord() throws Exception {
    MappedTable table = PIPELINE.table();
    var endless = EventSourceMappingSettings.defaults().withBatchSize(1);
    try (var mapping = PIPELINE.start(endless.withParallelizationFactor(4))) {
      for (int n = 1; n <= 60; n++) {
        table.put("item-" + n % 6, n);
        if (n % 20 == 0) {
          await().until(() -> !table.function().environments().isEmpty());
          table.function().environments().forEach(ProcessHandle::destroyForcibly);
        }
      }
      Await.settled(mapping, 60);
      assertThat(mapping.counters().droppedRecords()).isZero();
      for (int item = 0; item < 6; item++) {
        int remainder = item;
        assertThat(table.seenOf("item-" + item).stream().distinct())
            .containsExactlyElementsOf(
                IntStream.rangeClosed(1, 60).filter(n -> n % 6 == remainder).boxed().toList());
      }
    }
  }

  @Test
  void withReservedConcurrencyZeroRecordsWaitAndCostNoRetry() throws Exception {
    MappedTable table = PIPELINE.tableWith(function -> function.withReservedConcurrency(0));
    try (var mapping = PIPELINE.start(ONE_BY_ONE.withMaximumRetryAttempts(0))) {
      table.put("a", 1);
      await().until(() -> mapping.counters().throttles() > 3);
      assertThat(mapping.counters().settledRecords()).isZero();
      assertThat(mapping.counters().failedInvocations()).isZero();
      assertThat(mapping.counters().invocations()).isZero();
    }
  }

  private static EventSourceMapping start(EventSourceMappingSettings settings, String queue) {
    return PIPELINE.start(PIPELINE.mapping(settings).withOnFailure(PIPELINE.sqs().client(), queue));
  }

  private static JsonNode onlyMessage(String queue) throws Exception {
    var messages = PIPELINE.receive(queue);
    assertThat(messages).hasSize(1);
    return JSON.readTree(messages.getFirst().body());
  }
}
