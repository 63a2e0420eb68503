package dev.utsushi.lambda;

import static dev.utsushi.lambda.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.utsushi.core.index.EngineIndex;
import dev.utsushi.local.dynamodb.LocalDynamoDb;
import dev.utsushi.local.lambda.LambdaConfiguration;
import dev.utsushi.local.lambda.LambdaFunction;
import dev.utsushi.local.mapping.EventSourceMapping;
import dev.utsushi.local.mapping.EventSourceMappingSettings;
import dev.utsushi.local.mapping.MappingContext;
import dev.utsushi.local.queue.LocalSqs;
import dev.utsushi.local.search.LocalOpenSearch;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.StreamViewType;
import software.amazon.awssdk.services.sqs.model.Message;

/** A change to a table becomes searchable, through every real part that there is. */
final class PipelineIT {
  private static final int LARGEST_REQUEST_BYTES = 64 << 10;
  private static final AtomicInteger TABLES = new AtomicInteger();

  private static LocalDynamoDb dynamoDb;
  private static LocalSqs sqs;

  /** Its own: it goes down, and takes less than others in one request. */
  private static LocalOpenSearch engine;

  private final String table = "action_logs_" + TABLES.incrementAndGet();

  @BeforeAll
  static void start() {
    String limit = LARGEST_REQUEST_BYTES + "b";
    var own =
        CompletableFuture.supplyAsync(
            () -> LocalOpenSearch.start(Map.of("http.max_content_length", limit)));
    dynamoDb = SharedServers.dynamoDb();
    sqs = SharedServers.sqs();
    engine = own.join();
  }

  @AfterAll
  static void stop() {
    engine.close();
  }

  @Test
  void changesBecomeSearchable() throws Exception {
    String stream = StreamedTable.create(dynamoDb, table, StreamViewType.NEW_AND_OLD_IMAGES);
    try (LambdaFunction function = function();
        EventSourceMapping mapping = mapping(stream, function, queue())) {
      mapping.start();
      put("a", "first");
      put("b", "first");
      put("a", "second");
      delete("b");
      await().until(() -> mapping.counters().settledRecords() == 4);
      Map<String, JsonNode> found = index().found();
      assertThat(found).containsOnlyKeys("a");
      assertThat(found.getOrDefault("a", missing()).path("memo").asText()).isEqualTo("second");
    }
  }

  @Test
  void anOutageOfTheEngineLosesNothing() throws Exception {
    String stream = StreamedTable.create(dynamoDb, table, StreamViewType.NEW_IMAGE);
    try (LambdaFunction function = function();
        EventSourceMapping mapping = mapping(stream, function, queue())) {
      mapping.start();
      put("before", "x");
      await().until(() -> mapping.counters().settledRecords() == 1);
      engine.stop();
      try {
        put("during", "x");
        await()
            .until(
                () ->
                    mapping.counters().failedInvocations() + mapping.counters().polledRecords()
                        > 1);
      } finally {
        engine.restart();
      }
      put("after", "x");
      await().until(() -> mapping.counters().settledRecords() == 3);
      assertThat(index().found()).containsOnlyKeys("before", "during", "after");
    }
  }

  @Test
  void aRejectedRecordIsInvokedFourTimesAndThenADeadLetter() throws Exception {
    String stream = StreamedTable.create(dynamoDb, table, StreamViewType.NEW_IMAGE);
    String queue = queue();
    try (LambdaFunction function = function();
        EventSourceMapping mapping = mapping(stream, function, queue)) {
      mapping.start();
      put("poison", "x".repeat(2 * LARGEST_REQUEST_BYTES));
      put("later", "x");
      await().until(() -> mapping.counters().settledRecords() == 2);
      assertThat(mapping.counters().failedInvocations()).isEqualTo(4);
      assertThat(index().found()).containsOnlyKeys("later");
      Message message =
          sqs.client().receiveMessage(request -> request.queueUrl(queue)).messages().getFirst();
      assertDeadLetter(message, stream);
      assertThat(sqs.client().receiveMessage(request -> request.queueUrl(queue)).messages())
          .isEmpty();
    }
  }

  @Test
  void aRejectedChangeDoesNotHideAnOlderOneOfItsItem() throws Exception {
    String stream = StreamedTable.create(dynamoDb, table, StreamViewType.NEW_IMAGE);
    put("a", "first");
    put("a", "second");
    put("a", "x".repeat(2 * LARGEST_REQUEST_BYTES));
    try (LambdaFunction function = function();
        EventSourceMapping mapping = mapping(stream, function, queue(), 10)) {
      mapping.start();
      await().until(() -> mapping.counters().settledRecords() == 3);
      assertThat(mapping.counters().deliveredRecords()).isEqualTo(1);
      Map<String, JsonNode> found = index().found();
      assertThat(found.getOrDefault("a", missing()).path("memo").asText()).isEqualTo("second");
    }
  }

  private static void assertDeadLetter(Message message, String stream)
      throws JsonProcessingException {
    JsonNode body = new ObjectMapper().readTree(message.body());
    assertThat(body.at("/requestContext/condition").asText()).isEqualTo("RetryAttemptsExhausted");
    assertThat(body.at("/requestContext/approximateInvokeCount").asInt()).isEqualTo(4);
    assertThat(body.at("/responseContext/statusCode").asInt()).isEqualTo(200);
    assertThat(body.at("/responseContext/functionError").isNull()).isTrue();
    assertThat(body.at("/version").asText()).isEqualTo("1.0");
    assertThat(Instant.parse(body.at("/timestamp").asText())).isBefore(Instant.now());
    JsonNode batch = body.path("DDBStreamBatchInfo");
    assertThat(batch.path("streamArn").asText()).isEqualTo(stream);
    assertThat(batch.path("batchSize").asInt()).isEqualTo(1);
    assertThat(batch.path("shardId").asText()).startsWith("shardId-");
    assertThat(batch.path("startSequenceNumber").asText())
        .isNotEmpty()
        .isEqualTo(batch.path("endSequenceNumber").asText());
    assertThat(message.body()).doesNotContain("poison");
  }

  @Test
  void aRecordWithoutImagesBecomesADeadLetter() throws Exception {
    String stream = StreamedTable.create(dynamoDb, table, StreamViewType.KEYS_ONLY);
    String queue = queue();
    try (LambdaFunction function = function();
        EventSourceMapping mapping = mapping(stream, function, queue)) {
      mapping.start();
      put("a", "x");
      await().until(() -> mapping.counters().deliveredRecords() == 1);
      assertThat(mapping.counters().failedInvocations()).isEqualTo(4);
    }
  }

  private LambdaFunction function() {
    Map<String, String> environment = new HashMap<>();
    environment.put("UTSUSHI_SEARCH_ENDPOINT", engine.endpoint().toString());
    environment.put("UTSUSHI_SEARCH_AUTH", "none");
    environment.put("UTSUSHI_INDEX", table.replace('_', '-'));
    environment.put("UTSUSHI_PARTITION_KEY", "id");
    return new LambdaFunction(
        LambdaConfiguration.of(
                "replication",
                List.of(Path.of("target/utsushi-function.jar")),
                ReplicationHandler.class.getName() + "::handleRequest")
            .withEnvironment(environment)
            .withTimeout(Duration.ofSeconds(8)));
  }

  private static EventSourceMapping mapping(String stream, LambdaFunction function, String queue) {
    return mapping(stream, function, queue, 1);
  }

  private static EventSourceMapping mapping(
      String stream, LambdaFunction function, String queue, int batchSize) {
    return new EventSourceMapping(
        dynamoDb.streams(),
        MappingContext.of(
                stream,
                function,
                EventSourceMappingSettings.defaults()
                    .withBatchSize(batchSize)
                    .withMaximumRetryAttempts(3)
                    .withReportBatchItemFailures(true))
            .withOnFailure(sqs.client(), queue));
  }

  private EngineIndex index() {
    return new EngineIndex(engine.endpoint(), table.replace('_', '-'));
  }

  private String queue() {
    return sqs.client().createQueue(request -> request.queueName(table)).queueUrl();
  }

  private void put(String id, String memo) {
    dynamoDb
        .client()
        .putItem(
            request ->
                request
                    .tableName(table)
                    .item(
                        Map.of(
                            "id", AttributeValue.fromS(id), "memo", AttributeValue.fromS(memo))));
  }

  private void delete(String id) {
    dynamoDb
        .client()
        .deleteItem(
            request -> request.tableName(table).key(Map.of("id", AttributeValue.fromS(id))));
  }

  private static JsonNode missing() {
    return com.fasterxml.jackson.databind.node.MissingNode.getInstance();
  }
}
