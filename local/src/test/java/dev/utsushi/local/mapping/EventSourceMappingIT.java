package dev.utsushi.local.mapping;

import static org.assertj.core.api.Assertions.assertThat;

import dev.utsushi.local.dynamodb.LocalDynamoDb;
import dev.utsushi.local.queue.LocalSqs;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.sqs.model.Message;

class EventSourceMappingIT {

  private static final EventSourceMappingSettings ONE_BY_ONE =
      EventSourceMappingSettings.defaults()
          .withBatchSize(1)
          .withMaximumRetryAttempts(3)
          .withReportBatchItemFailures(true);

  private static LocalDynamoDb dynamoDb;
  private static LocalSqs sqs;

  private final InMemoryCheckpointStore checkpoints = new InMemoryCheckpointStore();
  private MappedTable table;

  @BeforeAll
  static void startServers() {
    dynamoDb = LocalDynamoDb.start();
    sqs = LocalSqs.start();
  }

  @AfterAll
  static void stopServers() {
    dynamoDb.close();
    sqs.close();
  }

  @BeforeEach
  void createTable(@TempDir Path directory) {
    table = new MappedTable(dynamoDb, directory, Duration.ofSeconds(5));
  }

  @AfterEach
  void deleteTable() {
    table.close();
  }

  @Test
  void everyChangeReachesTheFunctionAlsoThoseBeforeTheStart() throws Exception {
    table.put("a", 1);
    try (var mapping = start(ONE_BY_ONE)) {
      table.put("a", 2);
      table.put("b", 1);
      awaitSettled(mapping, 3);
      assertThat(table.seenOf("a")).containsExactly(1, 2);
      assertThat(table.seenOf("b")).containsExactly(1);
    }
  }

  @Test
  void withLatestOnlyWhatComesAfterTheStartIsRead() throws Exception {
    table.put("a", 1);
    try (var mapping = start(ONE_BY_ONE.withStartingPosition(StartingPosition.LATEST))) {
      table.put("a", 2);
      awaitSettled(mapping, 1);
      assertThat(table.seenOf("a")).containsExactly(2);
    }
  }

  @Test
  void tenLanesKeepTheOrderOfEachItem() throws Exception {
    try (var mapping = start(ONE_BY_ONE.withParallelizationFactor(10));
        var writers = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Callable<Void>> tasks = new ArrayList<>();
      for (int item = 0; item < 20; item++) {
        String id = "item-" + item;
        tasks.add(
            () -> {
              IntStream.rangeClosed(1, 15).forEach(n -> table.put(id, n));
              return null;
            });
      }
      for (var written : writers.invokeAll(tasks)) {
        written.get();
      }
      awaitSettled(mapping, 300);
      assertThat(table.function().environments()).hasSizeGreaterThan(1);
      for (int item = 0; item < 20; item++) {
        assertThat(table.seenOf("item-" + item))
            .containsExactlyElementsOf(IntStream.rangeClosed(1, 15).boxed().toList());
      }
    }
  }

  @Test
  void aReportedPoisonRecordIsTriedFourTimesThenOneMessageLiesInTheQueueAndTheShardMovesOn()
      throws Exception {
    assertThat(poisoned("report")).contains("\"functionError\":null");
  }

  @Test
  void aThrowingPoisonRecordIsUnhandled() throws Exception {
    assertThat(poisoned("throw")).contains("\"functionError\":\"Unhandled\"");
  }

  /** Gives the one message in the queue, when all of it but the error is as it should be. */
  private String poisoned(String command) throws Exception {
    String queue = table.createQueue(sqs);
    try (var mapping = table.mapping(ONE_BY_ONE).onFailure(sqs.client(), queue).build()) {
      mapping.start();
      table.putPoison("a", 1, command);
      table.put("a", 2);
      awaitSettled(mapping, 2);
      assertThat(table.seenOf("a")).containsExactly(1, 1, 1, 1, 2);
      assertThat(mapping.counters().deliveredRecords()).isEqualTo(1);
      assertThat(mapping.counters().failedInvocations()).isEqualTo(4);
    }
    var messages = receive(queue);
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
  void aRetryingLaneBlocksOnlyItself() throws Exception {
    var settings = EventSourceMappingSettings.defaults().withBatchSize(1);
    try (var mapping = start(settings.withParallelizationFactor(10))) {
      table.putPoison("poison", 1, "throw");
      IntStream.range(0, 40).forEach(i -> table.put("item-" + i, 1));
      await(() -> mapping.counters().settledRecords() >= 30);
      assertThat(mapping.counters().failedInvocations()).isPositive();
      assertThat(mapping.counters().unsettledRecords()).isPositive();
      assertThat(checkpoints.read(table.streamArn(), shardId())).isEmpty();
      table.heal();
      awaitSettled(mapping, 41);
      assertThat(checkpoints.read(table.streamArn(), shardId())).isPresent();
    }
  }

  @Test
  void aTimeOutKillsTheEnvironmentAndTheRecordComesAgain(@TempDir Path directory) throws Exception {
    table.close();
    table = new MappedTable(dynamoDb, directory, Duration.ofSeconds(1));
    try (var mapping = start(ONE_BY_ONE)) {
      table.putPoison("a", 1, "hang");
      await(() -> mapping.counters().failedInvocations() == 1);
      table.heal();
      awaitSettled(mapping, 1);
      assertThat(table.seenOf("a")).containsExactly(1, 1);
    }
  }

  @Test
  void killingEnvironmentsWhileRecordsFlowLosesNothing() throws Exception {
    try (var mapping = start(ONE_BY_ONE.withParallelizationFactor(4))) {
      for (int n = 1; n <= 60; n++) {
        table.put("item-" + n % 6, n);
        if (n % 20 == 0) {
          await(() -> !table.function().environments().isEmpty());
          table.function().environments().forEach(ProcessHandle::destroyForcibly);
        }
      }
      awaitSettled(mapping, 60);
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
  void aChildShardIsReadAfterItsParentIsFinished() throws Exception {
    var settings = EventSourceMappingSettings.defaults().withBatchSize(1);
    try (var mapping = start(settings)) {
      table.putPoison("a", 1, "throw");
      await(() -> mapping.counters().failedInvocations() > 0);
      dynamoDb.rollOverShards();
      table.put("a", 2);
      table.put("b", 1);
      Thread.sleep(1500);
      assertThat(table.seenOf("b")).isEmpty();
      table.heal();
      awaitSettled(mapping, 3);
      assertThat(table.seenOf("a").stream().distinct()).containsExactly(1, 2);
      assertThat(table.seenOf("b")).containsExactly(1);
    }
  }

  @Test
  void aRestartGoesOnAfterTheCheckpointAndFromAnOldOneRepeats() throws Exception {
    table.put("a", 1);
    InMemoryCheckpointStore old;
    try (var mapping = start(ONE_BY_ONE)) {
      awaitSettled(mapping, 1);
      old = checkpoints.copy();
      table.put("a", 2);
      awaitSettled(mapping, 2);
    }
    table.put("a", 3);
    try (var mapping = start(ONE_BY_ONE)) {
      awaitSettled(mapping, 1);
      assertThat(table.seenOf("a")).containsExactly(1, 2, 3);
    }
    try (var mapping = table.mapping(ONE_BY_ONE).checkpoints(old).build()) {
      mapping.start();
      awaitSettled(mapping, 2);
      assertThat(table.seenOf("a")).containsExactly(1, 2, 3, 2, 3);
    }
  }

  @Test
  void theCheckpointWaitsForTheMessage() throws Exception {
    String queue = table.createQueue(sqs);
    sqs.client().deleteQueue(request -> request.queueUrl(queue));
    var settings = ONE_BY_ONE.withMaximumRetryAttempts(0);
    List<String> problems = Collections.synchronizedList(new ArrayList<>());
    try (var mapping =
        table
            .mapping(settings)
            .checkpoints(checkpoints)
            .onFailure(sqs.client(), queue)
            .listener(
                new MappingListener() {
                  @Override
                  public void problem(String where, Exception cause) {
                    problems.add(where);
                  }
                })
            .build()) {
      mapping.start();
      table.putPoison("a", 1, "throw");
      await(() -> problems.size() >= 2);
      assertThat(problems).allSatisfy(where -> assertThat(where).startsWith("on-failure queue"));
      assertThat(checkpoints.read(table.streamArn(), shardId())).isEmpty();
      String name = queue.substring(queue.lastIndexOf('/') + 1);
      sqs.client().createQueue(request -> request.queueName(name));
      awaitSettled(mapping, 1);
      assertThat(checkpoints.read(table.streamArn(), shardId())).isPresent();
    }
    assertThat(receive(queue)).hasSize(1);
  }

  @Test
  void anExpiredIteratorIsRenewedWhereReadingStopped() throws Exception {
    try (var mapping = start(ONE_BY_ONE)) {
      table.put("a", 1);
      awaitSettled(mapping, 1);
      dynamoDb.ageStreams(Duration.ofMinutes(20));
      table.put("a", 2);
      awaitSettled(mapping, 2);
      assertThat(table.seenOf("a")).containsExactly(1, 2);
    }
  }

  private EventSourceMapping start(EventSourceMappingSettings settings) {
    var mapping = table.mapping(settings).checkpoints(checkpoints).build();
    mapping.start();
    return mapping;
  }

  private String shardId() {
    return dynamoDb
        .streams()
        .describeStream(request -> request.streamArn(table.streamArn()))
        .streamDescription()
        .shards()
        .getFirst()
        .shardId();
  }

  private static List<Message> receive(String queue) {
    return sqs.client()
        .receiveMessage(
            request -> request.queueUrl(queue).maxNumberOfMessages(10).waitTimeSeconds(1))
        .messages();
  }

  private static void awaitSettled(EventSourceMapping mapping, long records) throws Exception {
    await(() -> mapping.counters().settledRecords() >= records);
    assertThat(mapping.counters().settledRecords()).isEqualTo(records);
  }

  private static void await(Callable<Boolean> condition) throws Exception {
    long giveUpAt = System.nanoTime() + Duration.ofSeconds(30).toNanos();
    while (!condition.call()) {
      assertThat(System.nanoTime()).as("within 30 s").isLessThan(giveUpAt);
      Thread.sleep(10);
    }
  }
}
