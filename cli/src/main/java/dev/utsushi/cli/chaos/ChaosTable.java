package dev.utsushi.cli.chaos;

import dev.utsushi.testbed.activity.ActivityTable;
import java.util.List;
import java.util.Map;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeDefinition;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.BillingMode;
import software.amazon.awssdk.services.dynamodb.model.CreateTableRequest;
import software.amazon.awssdk.services.dynamodb.model.KeySchemaElement;
import software.amazon.awssdk.services.dynamodb.model.KeyType;
import software.amazon.awssdk.services.dynamodb.model.ScalarAttributeType;
import software.amazon.awssdk.services.dynamodb.model.StreamViewType;

/** The table under test: the activity log's keys, a stream, items that expire. */
final class ChaosTable {
  static final String NAME = "chaos_action_logs";

  /** The attribute that makes an item bigger than what the engine takes. */
  static final String POISON = "poison";

  /** When an item expires, in seconds since the epoch. */
  static final String EXPIRES_AT = "expiresAt";

  private final DynamoDbClient dynamoDb;

  private ChaosTable(DynamoDbClient dynamoDb) {
    this.dynamoDb = dynamoDb;
  }

  static ChaosTable create(DynamoDbClient dynamoDb) {
    dynamoDb.createTable(request());
    dynamoDb.updateTimeToLive(
        update ->
            update
                .tableName(NAME)
                .timeToLiveSpecification(spec -> spec.attributeName(EXPIRES_AT).enabled(true)));
    return new ChaosTable(dynamoDb);
  }

  private static CreateTableRequest request() {
    return CreateTableRequest.builder()
        .tableName(NAME)
        .attributeDefinitions(text(ActivityTable.PARTITION_KEY), text(ActivityTable.SORT_KEY))
        .keySchema(
            key(ActivityTable.PARTITION_KEY, KeyType.HASH),
            key(ActivityTable.SORT_KEY, KeyType.RANGE))
        .billingMode(BillingMode.PAY_PER_REQUEST)
        .streamSpecification(
            stream -> stream.streamEnabled(true).streamViewType(StreamViewType.NEW_AND_OLD_IMAGES))
        .build();
  }

  private static AttributeDefinition text(String name) {
    return AttributeDefinition.builder()
        .attributeName(name)
        .attributeType(ScalarAttributeType.S)
        .build();
  }

  private static KeySchemaElement key(String name, KeyType type) {
    return KeySchemaElement.builder().attributeName(name).keyType(type).build();
  }

  DynamoDbClient client() {
    return dynamoDb;
  }

  String latestStreamArn() {
    return dynamoDb.describeTable(request -> request.tableName(NAME)).table().latestStreamArn();
  }

  /** What is written in between is in no stream, so nobody may write. */
  String switchStreamOffAndOn() {
    dynamoDb.updateTable(
        update ->
            update.tableName(NAME).streamSpecification(stream -> stream.streamEnabled(false)));
    dynamoDb.updateTable(
        update ->
            update
                .tableName(NAME)
                .streamSpecification(
                    stream ->
                        stream
                            .streamEnabled(true)
                            .streamViewType(StreamViewType.NEW_AND_OLD_IMAGES)));
    return latestStreamArn();
  }

  void put(Map<String, AttributeValue> item) {
    dynamoDb.putItem(put -> put.tableName(NAME).item(item));
  }

  void delete(Map<String, AttributeValue> key) {
    dynamoDb.deleteItem(delete -> delete.tableName(NAME).key(key));
  }

  /** The keys of items that are to expire and still stand. */
  List<Map<String, AttributeValue>> expiring() {
    return dynamoDb
        .scanPaginator(
            scan ->
                scan.tableName(NAME)
                    .consistentRead(true)
                    .filterExpression("attribute_exists(" + EXPIRES_AT + ")"))
        .items()
        .stream()
        .map(ItemName::of)
        .map(item -> Workload.key(item.deal(), item.action()))
        .toList();
  }

  List<Map<String, AttributeValue>> items() {
    return dynamoDb
        .scanPaginator(scan -> scan.tableName(NAME).consistentRead(true))
        .items()
        .stream()
        .toList();
  }
}
