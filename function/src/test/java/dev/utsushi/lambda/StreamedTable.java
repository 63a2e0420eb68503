package dev.utsushi.lambda;

import dev.utsushi.core.deadletter.Failures;
import dev.utsushi.local.dynamodb.LocalDynamoDb;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import software.amazon.awssdk.services.dynamodb.model.AttributeDefinition;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.BillingMode;
import software.amazon.awssdk.services.dynamodb.model.KeySchemaElement;
import software.amazon.awssdk.services.dynamodb.model.KeyType;
import software.amazon.awssdk.services.dynamodb.model.Record;
import software.amazon.awssdk.services.dynamodb.model.ScalarAttributeType;
import software.amazon.awssdk.services.dynamodb.model.Shard;
import software.amazon.awssdk.services.dynamodb.model.ShardIteratorType;
import software.amazon.awssdk.services.dynamodb.model.StreamViewType;
import software.amazon.awssdk.services.dynamodb.streams.DynamoDbStreamsClient;

/** A table with a unique name, and its stream. */
final class StreamedTable {
  private static final AtomicInteger TABLES = new AtomicInteger();

  final String name = "dead_letters_" + TABLES.incrementAndGet();
  private final LocalDynamoDb dynamoDb;

  /** The stream's ARN. */
  final String stream;

  StreamedTable(LocalDynamoDb dynamoDb) {
    this.dynamoDb = dynamoDb;
    stream = create(dynamoDb, name, StreamViewType.NEW_AND_OLD_IMAGES);
  }

  /** Its database, for tests that make it older: one that ages leaves marks on what comes after. */
  LocalDynamoDb dynamoDb() {
    return dynamoDb;
  }

  /** The table's ARN. */
  String arn() {
    return stream.substring(0, stream.indexOf("/stream/"));
  }

  /**
   * Creates a table with the partition key {@code id}.
   *
   * @return its stream's ARN
   */
  static String create(LocalDynamoDb dynamoDb, String name, StreamViewType viewType) {
    return dynamoDb
        .client()
        .createTable(
            request ->
                request
                    .tableName(name)
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
                    .streamSpecification(spec -> spec.streamEnabled(true).streamViewType(viewType)))
        .tableDescription()
        .latestStreamArn();
  }

  void put(String id, String memo) {
    put(Map.of("id", AttributeValue.fromS(id), "memo", AttributeValue.fromS(memo)));
  }

  void put(Map<String, AttributeValue> item) {
    dynamoDb.client().putItem(request -> request.tableName(name).item(item));
  }

  void delete(String id) {
    dynamoDb
        .client()
        .deleteItem(request -> request.tableName(name).key(Map.of("id", AttributeValue.fromS(id))));
  }

  /** The memo of each item, by id. */
  Map<String, String> items() {
    Map<String, String> items = new HashMap<>();
    for (var item : dynamoDb.client().scanPaginator(request -> request.tableName(name)).items()) {
      items.put(text(item, "id"), text(item, "memo"));
    }
    return items;
  }

  private static String text(Map<String, AttributeValue> item, String name) {
    return Objects.requireNonNull(item.get(name)).s();
  }

  /** A record and its shard. */
  record Streamed(String shardId, Record streamRecord) {
    String sequenceNumber() {
      return streamRecord.dynamodb().sequenceNumber();
    }
  }

  /** All that the stream holds. */
  List<Streamed> streamed() {
    List<Streamed> streamed = new ArrayList<>();
    DynamoDbStreamsClient client = dynamoDb.streams();
    for (Shard shard :
        client.describeStream(request -> request.streamArn(stream)).streamDescription().shards()) {
      String iterator =
          client
              .getShardIterator(
                  request ->
                      request
                          .streamArn(stream)
                          .shardId(shard.shardId())
                          .shardIteratorType(ShardIteratorType.TRIM_HORIZON))
              .shardIterator();
      while (iterator != null) {
        String at = iterator;
        var page = client.getRecords(request -> request.shardIterator(at));
        page.records().forEach(each -> streamed.add(new Streamed(shard.shardId(), each)));
        iterator = page.records().isEmpty() ? null : page.nextShardIterator();
      }
    }
    return streamed;
  }

  /** Lambda's message about these records. */
  String failure(Streamed... batch) {
    return failure(Instant.now(), batch);
  }

  String failure(Instant failedAt, Streamed... batch) {
    Streamed last = batch[batch.length - 1];
    return Failures.json(
        stream,
        last.shardId(),
        batch[0].sequenceNumber(),
        last.sequenceNumber(),
        batch.length,
        failedAt);
  }

  /** Lambda's message about this record and one before it, of which the stream knows nothing. */
  String failureWithOneForgotten(Streamed left) {
    String number = left.sequenceNumber();
    return Failures.json(stream, left.shardId(), number, number, 2, Instant.now());
  }
}
