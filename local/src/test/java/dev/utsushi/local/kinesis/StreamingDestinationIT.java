package dev.utsushi.local.kinesis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.utsushi.local.dynamodb.LocalDynamoDb;
import dev.utsushi.local.kinesis.StreamingDestination.Precision;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import software.amazon.awssdk.services.dynamodb.model.AttributeDefinition;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.BillingMode;
import software.amazon.awssdk.services.dynamodb.model.KeySchemaElement;
import software.amazon.awssdk.services.dynamodb.model.KeyType;
import software.amazon.awssdk.services.dynamodb.model.ScalarAttributeType;
import software.amazon.awssdk.services.dynamodb.model.StreamViewType;
import software.amazon.awssdk.services.kinesis.model.Record;
import software.amazon.awssdk.services.kinesis.model.ShardIteratorType;

@SuppressWarnings("NullAway.Init") // JUnit starts the servers before any test.
class StreamingDestinationIT {
  private static final ObjectMapper JSON = new ObjectMapper();

  private static LocalDynamoDb dynamoDb;
  private static LocalKinesis kinesis;

  private final String table = "t-" + UUID.randomUUID();
  private String streamArn;

  @BeforeAll
  static void startServers() {
    dynamoDb = LocalDynamoDb.start();
    kinesis = LocalKinesis.start();
  }

  @AfterAll
  static void stopServers() {
    dynamoDb.close();
    kinesis.close();
  }

  @BeforeEach
  void createStream() {
    streamArn = kinesis.createStream(table, 4);
  }

  @Test
  void aChangeHasTheDocumentedForm() throws IOException {
    Instant before = Instant.now();
    try (var destination = start(Precision.MICROSECOND, DeliveryFaults.NONE)) {
      put("a", 1);
      put("a", 2);
      remove("a");
      destination.awaitForwarded();
    }

    List<JsonNode> changes = changes();
    assertThat(changes).hasSize(3);
    JsonNode modify = changes.get(1);
    assertThat(modify.path("eventID").asText()).isNotEmpty();
    JsonNode change = modify.path("dynamodb");
    long micros = change.path("ApproximateCreationDateTime").longValue();
    assertThat(Instant.EPOCH.plus(micros, ChronoUnit.MICROS))
        .isBetween(before, Instant.now().plusMillis(1));
    assertThat(modify.toString())
        .isEqualTo(
            """
            {"awsRegion":"us-east-1","eventID":"%s","eventName":"MODIFY","userIdentity":null,\
            "recordFormat":"application/json","tableName":"%s",\
            "dynamodb":{"ApproximateCreationDateTime":%d,\
            "ApproximateCreationDateTimePrecision":"MICROSECOND",\
            "Keys":{"id":{"S":"a"}},"NewImage":%s,"OldImage":%s,"SizeBytes":%d},\
            "eventSource":"aws:dynamodb"}\
            """
                .formatted(
                    modify.path("eventID").asText(),
                    table,
                    micros,
                    change.path("NewImage"),
                    change.path("OldImage"),
                    change.path("SizeBytes").intValue()));
    assertThat(change.path("NewImage").path("n").path("N").asText()).isEqualTo("2");
    assertThat(change.path("OldImage").path("n").path("N").asText()).isEqualTo("1");
    assertThat(changes.getLast().path("eventName").asText()).isEqualTo("REMOVE");
    assertThat(changes.getLast().path("dynamodb").has("NewImage")).isFalse();
    assertThat(changes.getFirst().path("dynamodb").has("OldImage")).isFalse();
  }

  @Test
  void millisecondsAreCutFromTheMicroseconds() throws IOException {
    try (var destination = start(Precision.MILLISECOND, DeliveryFaults.NONE)) {
      put("a", 1);
      destination.awaitForwarded();
    }
    JsonNode change = changes().getFirst().path("dynamodb");
    assertThat(change.path("ApproximateCreationDateTimePrecision").asText())
        .isEqualTo("MILLISECOND");
    assertThat(Instant.ofEpochMilli(change.path("ApproximateCreationDateTime").longValue()))
        .isBetween(Instant.now().minusSeconds(60), Instant.now());
  }

  @Test
  void itemsSpreadOverShardsAndEachKeepsItsShardAndItsOrder() throws IOException {
    try (var destination = start(Precision.MICROSECOND, DeliveryFaults.NONE)) {
      IntStream.range(0, 200).forEach(n -> put("item-" + n % 20, n));
      dynamoDb.rollOverShards();
      IntStream.range(200, 400).forEach(n -> put("item-" + n % 20, n));
      destination.awaitForwarded();
    }
    List<List<Record>> shards = shards();
    Set<String> seen = new LinkedHashSet<>();
    Map<String, Integer> last = new HashMap<>();
    int total = 0;
    for (List<Record> shard : shards) {
      Set<String> items = new LinkedHashSet<>();
      long time = 0;
      for (Record record : shard) {
        JsonNode change = JSON.readTree(record.data().asByteArray()).path("dynamodb");
        String item = change.path("Keys").path("id").path("S").asText();
        items.add(item);
        int n = change.path("NewImage").path("n").path("N").asInt();
        assertThat(n).isGreaterThan(last.getOrDefault(item, -1));
        last.put(item, n);
        assertThat(change.path("ApproximateCreationDateTime").longValue()).isGreaterThan(time);
        time = change.path("ApproximateCreationDateTime").longValue();
        total++;
      }
      assertThat(seen).doesNotContainAnyElementsOf(items);
      seen.addAll(items);
    }
    assertThat(total).isEqualTo(400);
    assertThat(shards).filteredOn(shard -> !shard.isEmpty()).hasSizeGreaterThan(2);
  }

  @Test
  void onlyChangesFromTheStartOnAreForwarded() throws IOException {
    String stream = createTable(StreamViewType.NEW_AND_OLD_IMAGES);
    put("before", 1);
    dynamoDb.rollOverShards();
    put("before", 2);
    try (var destination = start(stream, Precision.MICROSECOND, DeliveryFaults.NONE)) {
      put("after", 3);
      destination.awaitForwarded();
    }
    put("later", 4);
    assertThat(changes()).extracting(StreamingDestinationIT::n).containsExactly(3);
  }

  @Test
  void recordsComeTwiceOutOfOrderAndLateAsOftenAsAskedFor() throws IOException {
    streamArn = kinesis.createStream(table + "-one", 1);
    var faults =
        new DeliveryFaults(0.2, 0.3, 0.1, Duration.ofMillis(300), Duration.ofSeconds(1), 42);
    try (var destination = start(Precision.MICROSECOND, faults)) {
      IntStream.range(0, 300).forEach(n -> put("a", n));
      destination.awaitForwarded();
    }
    List<Integer> order = changes().stream().map(StreamingDestinationIT::n).toList();
    assertThat(order.size() - 300).as("records that came twice").isBetween(30, 90);
    assertThat(Set.copyOf(order)).hasSize(300);
    long overtaken =
        IntStream.range(1, order.size()).filter(i -> order.get(i) < order.get(i - 1)).count();
    assertThat(overtaken).as("records after a later one").isGreaterThan(20);
  }

  @Test
  void closingForwardsWhatIsHeldBack() throws IOException {
    var faults = new DeliveryFaults(0, 0, 1, Duration.ZERO, Duration.ofHours(1), 1);
    try (var _ = start(Precision.MICROSECOND, faults)) {
      put("a", 1);
      sleep(Duration.ofMillis(500));
      assertThat(changes()).isEmpty();
    }
    assertThat(changes()).hasSize(1);
  }

  @ParameterizedTest
  @EnumSource(names = {"KEYS_ONLY", "NEW_IMAGE", "OLD_IMAGE"})
  void aTableStreamWithoutImagesIsRefused(StreamViewType view) {
    String stream = createTable(view);
    assertThatThrownBy(() -> start(stream, Precision.MICROSECOND, DeliveryFaults.NONE).close())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("needs NEW_AND_OLD_IMAGES, not " + view);
  }

  private StreamingDestination start(Precision precision, DeliveryFaults faults) {
    return start(createTable(StreamViewType.NEW_AND_OLD_IMAGES), precision, faults);
  }

  private StreamingDestination start(
      String tableStream, Precision precision, DeliveryFaults faults) {
    return StreamingDestination.start(
        dynamoDb.streams(), tableStream, kinesis.client(), streamArn, precision, faults);
  }

  private String createTable(StreamViewType view) {
    return dynamoDb
        .client()
        .createTable(
            create ->
                create
                    .tableName(table)
                    .attributeDefinitions(
                        AttributeDefinition.builder()
                            .attributeName("id")
                            .attributeType(ScalarAttributeType.S)
                            .build())
                    .keySchema(
                        KeySchemaElement.builder()
                            .attributeName("id")
                            .keyType(KeyType.HASH)
                            .build())
                    .billingMode(BillingMode.PAY_PER_REQUEST)
                    .streamSpecification(stream -> stream.streamEnabled(true).streamViewType(view)))
        .tableDescription()
        .latestStreamArn();
  }

  private void put(String id, int n) {
    dynamoDb
        .client()
        .putItem(
            put ->
                put.tableName(table)
                    .item(
                        Map.of(
                            "id",
                            AttributeValue.fromS(id),
                            "n",
                            AttributeValue.fromN(Integer.toString(n)))));
  }

  private void remove(String id) {
    dynamoDb
        .client()
        .deleteItem(delete -> delete.tableName(table).key(Map.of("id", AttributeValue.fromS(id))));
  }

  private List<JsonNode> changes() throws IOException {
    List<JsonNode> changes = new ArrayList<>();
    for (List<Record> shard : shards()) {
      for (Record record : shard) {
        changes.add(JSON.readTree(record.data().asByteArray()));
      }
    }
    return changes;
  }

  private static int n(JsonNode change) {
    return change.path("dynamodb").path("NewImage").path("n").path("N").asInt();
  }

  private List<List<Record>> shards() {
    return kinesis.client().listShards(list -> list.streamARN(streamArn)).shards().stream()
        .map(shard -> records(shard.shardId()))
        .toList();
  }

  private List<Record> records(String shardId) {
    String iterator =
        kinesis
            .client()
            .getShardIterator(
                get ->
                    get.streamARN(streamArn)
                        .shardId(shardId)
                        .shardIteratorType(ShardIteratorType.TRIM_HORIZON))
            .shardIterator();
    return kinesis
        .client()
        .getRecords(get -> get.streamARN(streamArn).shardIterator(iterator))
        .records();
  }

  private static void sleep(Duration duration) {
    try {
      Thread.sleep(duration);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
