package dev.utsushi.local.mapping;

import static dev.utsushi.local.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.utsushi.local.kinesis.LocalKinesis;
import dev.utsushi.local.mapping.EventSourceMappingSettings.StartingPosition;
import dev.utsushi.local.mapping.KinesisFunction.Seen;
import dev.utsushi.local.queue.LocalSqs;
import dev.utsushi.local.stream.CheckpointStore;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.kinesis.model.PutRecordsRequestEntry;
import software.amazon.awssdk.services.kinesis.model.Shard;

/** What differs with Kinesis, and that the rest does not. */
@SuppressWarnings("NullAway.Init") // JUnit starts the servers before any test.
class KinesisMappingIT {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final EventSourceMappingSettings ONE_BY_ONE =
      EventSourceMappingSettings.defaults()
          .withBatchSize(1)
          .withMaximumRetryAttempts(3)
          .withReportBatchItemFailures(true);

  private static LocalKinesis kinesis;
  private static LocalSqs sqs;

  private final String stream = "s-" + UUID.randomUUID();
  private final KinesisFunction function = new KinesisFunction();
  private final CheckpointStore checkpoints = new CheckpointStore();
  private final List<MappingEvent> events = new CopyOnWriteArrayList<>();
  private String arn;

  @BeforeAll
  static void startServers() {
    kinesis = LocalKinesis.start();
    sqs = LocalSqs.start();
  }

  @AfterAll
  static void stopServers() {
    kinesis.close();
    sqs.close();
  }

  @BeforeEach
  void createStream() {
    arn = kinesis.createStream(stream, 2);
  }

  @Test
  void anEventHasTheDocumentedForm() throws Exception {
    put("key", "{\"n\":1}");
    try (var mapping = start(ONE_BY_ONE)) {
      Await.settled(mapping, 1);
    }
    JsonNode record = JSON.readTree(function.payloads().getFirst()).path("Records").path(0);
    String number = record.path("kinesis").path("sequenceNumber").asText();
    JsonNode time = record.path("kinesis").path("approximateArrivalTimestamp");
    assertThat(record.toString())
        .matches(
            """
            \\{"kinesis":\\{"kinesisSchemaVersion":"1.0","partitionKey":"key",\
            "sequenceNumber":"\\d{56}","data":"eyJuIjoxfQ==",\
            "approximateArrivalTimestamp":[0-9.E]+},"eventSource":"aws:kinesis",\
            "eventVersion":"1.0","eventID":"shardId-\\d{12}:%s",\
            "eventName":"aws:kinesis:record","invokeIdentityArn":"arn:aws:iam::\\d{12}:role/local",\
            "awsRegion":"us-east-1","eventSourceARN":"%s"}\
            """
                .formatted(number, arn));
    assertThat(function.payloads().getFirst())
        .containsPattern("\"approximateArrivalTimestamp\":\\d{10}\\.\\d{3}}");
    assertThat(Instant.ofEpochMilli((long) (time.asDouble() * 1000)))
        .isBetween(Instant.now().minusSeconds(60), Instant.now().plusSeconds(1));
  }

  @Test
  void tenLanesKeepTheOrderOfEachPartitionKey() {
    try (var mapping = start(ONE_BY_ONE.withParallelizationFactor(10))) {
      for (int n = 1; n <= 20; n++) {
        putAll(n, IntStream.range(0, 20).mapToObj(item -> "item-" + item).toList());
      }
      Await.settled(mapping, 400);
    }
    for (int item = 0; item < 20; item++) {
      assertThat(function.seenOf("item-" + item))
          .containsExactlyElementsOf(IntStream.rangeClosed(1, 20).boxed().toList());
    }
    assertThat(lanes()).hasSizeGreaterThan(5);
  }

  @Test
  void aPoisonRecordIsInvokedFourTimesThenSentToTheQueueAndTheShardMovesOn() throws Exception {
    String queue = createQueue();
    function.poison(1);
    put("a", 1);
    put("a", 2);
    var context = context(ONE_BY_ONE).withOnFailure(sqs.client(), queue);
    try (var mapping = start(context)) {
      Await.settled(mapping, 2);
      assertThat(mapping.counters().deliveredRecords()).isEqualTo(1);
    }
    assertThat(function.seenOf("a")).containsExactly(1, 1, 1, 1, 2);
    JsonNode message = onlyMessage(queue);
    assertThat(message.path("requestContext").path("condition").asText())
        .isEqualTo("RetryAttemptsExhausted");
    assertThat(message.path("requestContext").path("approximateInvokeCount").asInt()).isEqualTo(4);
    assertThat(message.has("DDBStreamBatchInfo")).isFalse();
    Seen first = function.seen().getFirst();
    String time = "\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z";
    assertThat(message.path("KinesisBatchInfo").toString())
        .matches(
            """
            \\{"shardId":"%s","startSequenceNumber":"%s","endSequenceNumber":"%s",\
            "approximateArrivalOfFirstRecord":"%s","approximateArrivalOfLastRecord":"%s",\
            "batchSize":1,"streamArn":"%s"}\
            """
                .formatted(first.shardId(), first.number(), first.number(), time, time, arn));
  }

  @Test
  void recordsBeforeTheReportedOneDoNotComeAgain() {
    function.poison(3);
    IntStream.rangeClosed(1, 4).forEach(n -> put("a", n));
    var settings = ONE_BY_ONE.withBatchSize(10).withMaximumRetryAttempts(1);
    try (var mapping = start(settings)) {
      Await.settled(mapping, 4);
      assertThat(mapping.counters().droppedRecords()).isEqualTo(2);
    }
    assertThat(function.seenOf("a")).containsExactly(1, 2, 3, 4, 3, 4);
  }

  @Test
  void bisectingFindsThePoison() {
    function.poison(3);
    function.throwForPoison();
    IntStream.rangeClosed(1, 4).forEach(n -> put("a", n));
    var settings =
        ONE_BY_ONE
            .withBatchSize(10)
            .withMaximumRetryAttempts(0)
            .withReportBatchItemFailures(false)
            .withBisectBatchOnFunctionError(true);
    try (var mapping = start(settings)) {
      Await.settled(mapping, 4);
      assertThat(mapping.counters().droppedRecords()).isEqualTo(1);
    }
    assertThat(function.seenOf("a")).containsExactly(1, 2, 3, 4, 1, 2, 3, 4, 3, 4);
  }

  @Test
  void recordsThatAreTooOldAreNotInvoked() throws Exception {
    String queue = createQueue();
    put("a", 1);
    var settings = ONE_BY_ONE.withMaximumRecordAge(Duration.ofMinutes(1));
    var context =
        context(settings)
            .withOnFailure(sqs.client(), queue)
            .withClock(() -> Instant.now().plusSeconds(90));
    try (var mapping = start(context)) {
      Await.settled(mapping, 1);
    }
    assertThat(function.seen()).isEmpty();
    assertThat(onlyMessage(queue).path("requestContext").path("condition").asText())
        .isEqualTo("RecordAgeExceeded");
  }

  @Test
  void childrenOfASplitAreReadAfterItsParent() {
    arn = kinesis.createStream(stream + "-one", 1);
    IntStream.rangeClosed(1, 5).forEach(n -> putAll(n, List.of("a", "b", "c", "d")));
    split(shards().getFirst());
    IntStream.rangeClosed(6, 10).forEach(n -> putAll(n, List.of("a", "b", "c", "d")));
    function.poison(3);
    // The parent's failing record holds up the children.
    try (var mapping = start(ONE_BY_ONE.withMaximumRetryAttempts(1_000))) {
      await().until(() -> mapping.counters().failedInvocations() > 3);
      assertThat(shardsSeen()).hasSize(1);
      function.heal();
      Await.settled(mapping, 40);
    }
    assertThat(shardsSeen()).hasSize(3);
    for (String key : List.of("a", "b", "c", "d")) {
      assertThat(function.lastSeenOf(key))
          .containsExactlyElementsOf(IntStream.rangeClosed(1, 10).boxed().toList());
    }
  }

  @Test
  void aMergedShardIsReadAfterBothParents() {
    List<String> keys = List.of("a", "b", "c", "d", "e", "f");
    IntStream.rangeClosed(1, 5).forEach(n -> putAll(n, keys));
    List<String> parents = shards().stream().map(Shard::shardId).toList();
    kinesis
        .client()
        .mergeShards(
            merge ->
                merge
                    .streamARN(arn)
                    .shardToMerge(parents.getFirst())
                    .adjacentShardToMerge(parents.getLast()));
    kinesis.awaitActive(stream);
    IntStream.rangeClosed(6, 10).forEach(n -> putAll(n, keys));
    try (var mapping = start(ONE_BY_ONE)) {
      Await.settled(mapping, 60);
    }
    List<String> order = function.seen().stream().map(Seen::shardId).toList();
    String merged = order.getLast();
    assertThat(parents).doesNotContain(merged);
    assertThat(order.indexOf(merged)).as("all of both parents").isEqualTo(30);
    for (String key : keys) {
      assertThat(function.seenOf(key))
          .containsExactlyElementsOf(IntStream.rangeClosed(1, 10).boxed().toList());
    }
  }

  @Test
  void reshardingWhileItRunsLosesNothingAndKeepsTheOrder() {
    List<String> keys = IntStream.range(0, 10).mapToObj(item -> "item-" + item).toList();
    try (var mapping = start(ONE_BY_ONE.withParallelizationFactor(10))) {
      for (int n = 1; n <= 20; n++) {
        putAll(n, keys);
        if (n % 5 == 0) {
          int count = n / 5 % 2 == 1 ? 4 : 2;
          kinesis
              .client()
              .updateShardCount(
                  update ->
                      update.streamARN(arn).targetShardCount(count).scalingType("UNIFORM_SCALING"));
          kinesis.awaitActive(stream);
        }
      }
      Await.settled(mapping, 200);
    }
    for (String key : keys) {
      assertThat(function.seenOf(key))
          .containsExactlyElementsOf(IntStream.rangeClosed(1, 20).boxed().toList());
    }
  }

  @Test
  void latestReadsOnlyRecordsAfterTheStart() {
    put("a", 1);
    var settings = ONE_BY_ONE.withStartingPosition(StartingPosition.LATEST);
    try (var mapping = start(settings)) {
      put("a", 2);
      Await.settled(mapping, 1);
    }
    put("a", 3);
    // A restart continues from the checkpoint.
    try (var mapping = start(settings)) {
      Await.settled(mapping, 1);
    }
    assertThat(function.seenOf("a")).containsExactly(2, 3);
  }

  @Test
  void atTimestampReadsRecordsFromThatTimeOn() throws Exception {
    put("a", 1);
    Thread.sleep(50);
    Instant time = Instant.now();
    Thread.sleep(50);
    put("a", 2);
    try (var mapping = start(ONE_BY_ONE.startingAt(time))) {
      put("a", 3);
      Await.settled(mapping, 2);
    }
    assertThat(function.seenOf("a")).containsExactly(2, 3);
  }

  @Test
  void filtersSeeTheDecodedDataAndOtherDataIsDropped() {
    put("a", "{\"n\":1,\"kind\":\"mail\"}");
    put("a", "{\"n\":2,\"kind\":\"visit\"}");
    put("a", "{\"kind\":\"mail\"");
    put("a", "no JSON");
    put("a", "{\"n\":5,\"kind\":\"mail\"}");
    var settings = ONE_BY_ONE.withFilters(FilterCriteria.of("{\"data\":{\"kind\":[\"mail\"]}}"));
    try (var mapping = start(settings)) {
      Await.settled(mapping, 5);
      assertThat(mapping.counters().filteredRecords()).isEqualTo(3);
    }
    assertThat(function.seenOf("a")).containsExactly(1, 5);
  }

  @Test
  void filtersOnMetadataKeepDataThatIsNotJson() {
    put("a", "no JSON");
    put("b", "no JSON");
    var settings =
        ONE_BY_ONE.withFilters(FilterCriteria.of("{\"kinesis\":{\"partitionKey\":[\"b\"]}}"));
    try (var mapping = start(settings)) {
      Await.settled(mapping, 2);
      assertThat(mapping.counters().invocations()).isEqualTo(1);
    }
  }

  @Test
  void theSizeOfARecordIsThatOfItsEncodedData() {
    put("a", "x".repeat(3_000));
    try (var mapping = start(ONE_BY_ONE)) {
      Await.settled(mapping, 1);
    }
    int bytes =
        events.stream()
            .filter(MappingEvent.Invoked.class::isInstance)
            .map(MappingEvent.Invoked.class::cast)
            .mapToInt(invoked -> invoked.records().getFirst().bytes())
            .sum();
    assertThat(bytes)
        .isEqualTo(function.payloads().getFirst().length() - "{\"Records\":[]}".length());
    assertThat(bytes).isGreaterThan(4_000);
  }

  @Test
  void aShardIsPolledOnceASecond() {
    List<Duration> waits = new CopyOnWriteArrayList<>();
    var context =
        context(ONE_BY_ONE)
            .withSleeper(
                wait -> {
                  if (Thread.currentThread().getName().startsWith("poll-")) {
                    waits.add(wait);
                  }
                  Thread.sleep(wait.dividedBy(10));
                });
    try (var _ = start(context)) {
      await().until(() -> waits.size() > 6);
    }
    // A wait is shorter by what the poll took.
    assertThat(waits)
        .allSatisfy(wait -> assertThat(wait).isLessThanOrEqualTo(Duration.ofSeconds(1)))
        .anySatisfy(wait -> assertThat(wait).isGreaterThan(Duration.ofMillis(500)));
  }

  @Test
  void aConsumersRecordsNameTheConsumerAndComeWithoutTheWait() {
    String consumer =
        kinesis
            .client()
            .registerStreamConsumer(register -> register.streamARN(arn).consumerName("c"))
            .consumer()
            .consumerARN();
    put("a", 1);
    try (var mapping = start(context(ONE_BY_ONE).withStreamArn(consumer))) {
      Await.settled(mapping, 1);
    }
    assertThat(function.payloads().getFirst()).contains("\"eventSourceARN\":\"" + consumer + "\"");
    assertThat(context(ONE_BY_ONE).withStreamArn(consumer).kind().pollInterval())
        .isLessThan(Duration.ofMillis(200));
  }

  @Test
  void aDeletedStreamEndsTheMapping() {
    put("a", 1);
    try (var mapping = start(ONE_BY_ONE)) {
      Await.settled(mapping, 1);
      kinesis.client().deleteStream(delete -> delete.streamARN(arn));
      await().until(() -> events.stream().anyMatch(e -> e instanceof MappingEvent.StreamDeleted));
    }
  }

  private MappingContext context(EventSourceMappingSettings settings) {
    return MappingContext.of(arn, function, settings)
        .withCheckpoints(checkpoints)
        .withListener(events::add)
        .withBackoff(Contexts.backoff(Duration.ofMillis(1), Duration.ofMillis(5)))
        .withSleeper(wait -> Thread.sleep(wait.dividedBy(5)));
  }

  private EventSourceMapping start(EventSourceMappingSettings settings) {
    return start(context(settings));
  }

  private static EventSourceMapping start(MappingContext context) {
    var mapping = new EventSourceMapping(kinesis.client(), context);
    mapping.start();
    return mapping;
  }

  private void put(String key, int n) {
    put(key, "{\"n\":" + n + "}");
  }

  private void put(String key, String data) {
    kinesis
        .client()
        .putRecord(put -> put.streamARN(arn).partitionKey(key).data(SdkBytes.fromUtf8String(data)));
  }

  private void putAll(int n, List<String> keys) {
    List<PutRecordsRequestEntry> entries =
        keys.stream()
            .map(
                key ->
                    PutRecordsRequestEntry.builder()
                        .partitionKey(key)
                        .data(SdkBytes.fromUtf8String("{\"n\":" + n + "}"))
                        .build())
            .toList();
    assertThat(
            kinesis
                .client()
                .putRecords(put -> put.streamARN(arn).records(entries))
                .failedRecordCount())
        .isZero();
  }

  private List<Shard> shards() {
    return kinesis.client().listShards(list -> list.streamARN(arn)).shards();
  }

  private void split(Shard shard) {
    var range = shard.hashKeyRange();
    String middle =
        new BigInteger(range.startingHashKey())
            .add(new BigInteger(range.endingHashKey()))
            .shiftRight(1)
            .toString();
    kinesis
        .client()
        .splitShard(
            split -> split.streamARN(arn).shardToSplit(shard.shardId()).newStartingHashKey(middle));
    kinesis.awaitActive(arn.substring(arn.indexOf('/') + 1));
  }

  private Set<String> shardsSeen() {
    Set<String> shards = new HashSet<>();
    function.seen().forEach(seen -> shards.add(seen.shardId()));
    return shards;
  }

  private Set<MappingEvent.LaneId> lanes() {
    Set<MappingEvent.LaneId> lanes = new HashSet<>();
    for (MappingEvent event : events) {
      if (event instanceof MappingEvent.Invoked invoked) {
        lanes.add(invoked.lane());
      }
    }
    return lanes;
  }

  private static String createQueue() {
    return sqs.client()
        .createQueue(create -> create.queueName("q-" + UUID.randomUUID()))
        .queueUrl();
  }

  private static JsonNode onlyMessage(String queue) throws Exception {
    var messages =
        sqs.client()
            .receiveMessage(receive -> receive.queueUrl(queue).waitTimeSeconds(1))
            .messages();
    assertThat(messages).hasSize(1);
    return JSON.readTree(messages.getFirst().body());
  }
}
