package dev.utsushi.local.dynamodb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.dynamodb.model.AttributeDefinition;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.BillingMode;
import software.amazon.awssdk.services.dynamodb.model.GetRecordsResponse;
import software.amazon.awssdk.services.dynamodb.model.GlobalSecondaryIndexUpdate;
import software.amazon.awssdk.services.dynamodb.model.KeySchemaElement;
import software.amazon.awssdk.services.dynamodb.model.KeyType;
import software.amazon.awssdk.services.dynamodb.model.OperationType;
import software.amazon.awssdk.services.dynamodb.model.ProjectionType;
import software.amazon.awssdk.services.dynamodb.model.Record;
import software.amazon.awssdk.services.dynamodb.model.ScalarAttributeType;
import software.amazon.awssdk.services.dynamodb.model.Shard;
import software.amazon.awssdk.services.dynamodb.model.ShardFilterType;
import software.amazon.awssdk.services.dynamodb.model.ShardIteratorType;
import software.amazon.awssdk.services.dynamodb.model.StreamViewType;
import software.amazon.awssdk.services.dynamodb.model.TrimmedDataAccessException;

class LocalDynamoDbIT {
  private static final Duration PATIENCE = Duration.ofMinutes(3);

  private static LocalDynamoDb dynamoDb;
  private static String plainStream;
  private static String indexedStream;

  private static Map<String, AttributeValue> expired;

  /**
   * DynamoDB Local deletes expired items every ten seconds: both tests wait for the same deletion.
   */
  @BeforeAll
  static void start() {
    dynamoDb = LocalDynamoDb.start();
    String past = Long.toString(Instant.now().minus(Duration.ofHours(1)).getEpochSecond());
    expired = Map.of("pk", AttributeValue.fromS("a"), "until", AttributeValue.fromN(past));
    plainStream = table("ttl");
    putExpired("ttl", expired);
    indexedStream = table("indexed");
    addIndexOver("indexed", "group");
    var indexed = new HashMap<>(expired);
    indexed.put("group", AttributeValue.fromS("g"));
    putExpired("indexed", indexed);
  }

  @AfterAll
  static void close() {
    dynamoDb.close();
  }

  @Test
  void aPutItemIsInTheTableAndInTheStream() {
    String stream = table("put");
    dynamoDb.client().putItem(put -> put.tableName("put").item(item("a")));

    assertThat(dynamoDb.client().getItem(get -> get.tableName("put").key(item("a"))).item())
        .isEqualTo(item("a"));
    assertThat(records(stream, shards(stream).getFirst(), 1))
        .singleElement()
        .satisfies(record -> assertThat(record.eventName()).isEqualTo(OperationType.INSERT))
        .satisfies(record -> assertThat(record.dynamodb().newImage()).isEqualTo(item("a")))
        .satisfies(record -> assertThat(record.userIdentity()).isNull());
  }

  @Test
  void anExpiryIsARemoveByTheService() {
    Record expiry = records(plainStream, shards(plainStream).getFirst(), 2).get(1);

    assertThat(expiry.eventNameAsString()).isEqualTo("REMOVE");
    assertThat(expiry.dynamodb().oldImage()).isEqualTo(expired);
    assertThat(expiry.userIdentity().type()).isEqualTo("Service");
    assertThat(expiry.userIdentity().principalId()).isEqualTo("dynamodb.amazonaws.com");
  }

  @Test
  void anExpiryHasTheKeysOfTheTableAndNotThoseOfItsIndexes() {
    Record expiry = records(indexedStream, shards(indexedStream).getFirst(), 2).get(1);

    assertThat(expiry.eventNameAsString()).isEqualTo("REMOVE");
    assertThat(expiry.dynamodb().keys()).isEqualTo(item("a"));
  }

  private static void putExpired(String table, Map<String, AttributeValue> item) {
    dynamoDb
        .client()
        .updateTimeToLive(
            ttl ->
                ttl.tableName(table)
                    .timeToLiveSpecification(spec -> spec.attributeName("until").enabled(true)));
    dynamoDb.client().putItem(put -> put.tableName(table).item(item));
  }

  private static void addIndexOver(String table, String attribute) {
    var key = KeySchemaElement.builder().attributeName(attribute).keyType(KeyType.HASH).build();
    dynamoDb
        .client()
        .updateTable(
            update ->
                update
                    .tableName(table)
                    .attributeDefinitions(definition("pk"), definition(attribute))
                    .globalSecondaryIndexUpdates(
                        GlobalSecondaryIndexUpdate.builder()
                            .create(
                                index ->
                                    index
                                        .indexName("by-" + attribute)
                                        .keySchema(key)
                                        .projection(all -> all.projectionType(ProjectionType.ALL)))
                            .build()));
  }

  private static AttributeDefinition definition(String name) {
    return AttributeDefinition.builder()
        .attributeName(name)
        .attributeType(ScalarAttributeType.S)
        .build();
  }

  @Test
  void theStreamHasEmptyValuesAsTheyWereWritten() {
    String stream = table("empty");
    Map<String, AttributeValue> written =
        Map.of(
            "pk", AttributeValue.fromS("a"),
            "map", AttributeValue.fromM(Map.of()),
            "list", AttributeValue.fromL(List.of(AttributeValue.fromM(Map.of()))),
            "nested", AttributeValue.fromM(Map.of("map", AttributeValue.fromM(Map.of()))),
            "text", AttributeValue.fromS(""));
    dynamoDb.client().putItem(put -> put.tableName("empty").item(written));

    Record insert = records(stream, shards(stream).getFirst(), 1).getFirst();

    assertThat(insert.dynamodb().newImage()).isEqualTo(written);
  }

  @Test
  void aRolledOverShardIsClosedAndItsChildHasLaterRecords() {
    try (var own = LocalDynamoDb.start()) {
      String stream = table(own, "roll");
      own.client().putItem(put -> put.tableName("roll").item(item("before")));
      own.rollOverShards();
      own.client().putItem(put -> put.tableName("roll").item(item("after")));

      List<Shard> shards = shards(own, stream);

      assertThat(shards).hasSize(2);
      Shard parent = shards.get(0);
      Shard child = shards.get(1);
      assertThat(child.parentShardId()).isEqualTo(parent.shardId());
      assertThat(parent.sequenceNumberRange().endingSequenceNumber()).isNotNull();
      assertThat(firstRecords(own, stream, parent))
          .singleElement()
          .satisfies(record -> assertThat(record.dynamodb().keys()).isEqualTo(item("before")));
      assertThat(firstRecords(own, stream, child))
          .singleElement()
          .satisfies(record -> assertThat(record.dynamodb().keys()).isEqualTo(item("after")));
    }
  }

  @Test
  void theFilterOfAShardFindsItsChildren() {
    try (var own = LocalDynamoDb.start()) {
      String stream = table(own, "family");
      for (String key : List.of("grandparent", "parent", "child")) {
        own.client().putItem(put -> put.tableName("family").item(item(key)));
        own.rollOverShards();
      }

      List<Shard> shards = shards(own, stream);
      for (int i = 0; i + 1 < shards.size(); i++) {
        assertThat(children(own, stream, shards.get(i))).containsExactly(shards.get(i + 1));
      }
      assertThat(children(own, stream, shards.getLast())).isEmpty();
    }
  }

  private static List<Shard> children(LocalDynamoDb database, String stream, Shard parent) {
    return database
        .streams()
        .describeStream(
            request ->
                request
                    .streamArn(stream)
                    .shardFilter(
                        filter ->
                            filter.type(ShardFilterType.CHILD_SHARDS).shardId(parent.shardId())))
        .streamDescription()
        .shards();
  }

  @Test
  void recordsOfAnAgedStreamAreTrimmed() {
    try (var own = LocalDynamoDb.start()) {
      String stream = table(own, "old");
      own.client().putItem(put -> put.tableName("old").item(item("a")));
      Shard shard = shards(own, stream).getFirst();
      assertThat(firstRecords(own, stream, shard)).hasSize(1);

      own.ageStreams(Duration.ofHours(25));

      assertThatThrownBy(() -> firstRecords(own, stream, shard))
          .isInstanceOf(TrimmedDataAccessException.class);
    }
  }

  @Test
  void twoDatabasesDoNotShareTables() {
    table("mine");
    try (var other = LocalDynamoDb.start()) {
      assertThat(other.endpoint()).isNotEqualTo(dynamoDb.endpoint());
      assertThat(other.client().listTables().tableNames()).isEmpty();
    }
  }

  private static Map<String, AttributeValue> item(String key) {
    return Map.of("pk", AttributeValue.fromS(key));
  }

  private static String table(String name) {
    return table(dynamoDb, name);
  }

  private static String table(LocalDynamoDb database, String name) {
    return database
        .client()
        .createTable(
            table ->
                table
                    .tableName(name)
                    .billingMode(BillingMode.PAY_PER_REQUEST)
                    .attributeDefinitions(definition("pk"))
                    .keySchema(
                        KeySchemaElement.builder()
                            .attributeName("pk")
                            .keyType(KeyType.HASH)
                            .build())
                    .streamSpecification(
                        stream ->
                            stream
                                .streamEnabled(true)
                                .streamViewType(StreamViewType.NEW_AND_OLD_IMAGES)))
        .tableDescription()
        .latestStreamArn();
  }

  private static List<Shard> shards(String stream) {
    return shards(dynamoDb, stream);
  }

  private static List<Shard> shards(LocalDynamoDb database, String stream) {
    return database
        .streams()
        .describeStream(request -> request.streamArn(stream))
        .streamDescription()
        .shards();
  }

  private static String iterator(LocalDynamoDb database, String stream, Shard shard) {
    return database
        .streams()
        .getShardIterator(
            request ->
                request
                    .streamArn(stream)
                    .shardId(shard.shardId())
                    .shardIteratorType(ShardIteratorType.TRIM_HORIZON))
        .shardIterator();
  }

  private static List<Record> firstRecords(LocalDynamoDb database, String stream, Shard shard) {
    String iterator = iterator(database, stream, shard);
    return database.streams().getRecords(get -> get.shardIterator(iterator)).records();
  }

  /** Reads the shard from its start until it has returned this many records. */
  private static List<Record> records(String stream, Shard shard, int count) {
    List<Record> records = new ArrayList<>();
    String iterator = iterator(dynamoDb, stream, shard);
    Instant deadline = Instant.now().plus(PATIENCE);
    while (records.size() < count) {
      assertThat(Instant.now()).as("%s of %s records", records.size(), count).isBefore(deadline);
      String current = iterator;
      GetRecordsResponse response =
          dynamoDb.streams().getRecords(get -> get.shardIterator(current));
      records.addAll(response.records());
      iterator = response.nextShardIterator();
    }
    return records;
  }
}
