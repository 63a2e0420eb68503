package dev.utsushi.cli.demo;

import dev.utsushi.testbed.activity.ActivityTable;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeDefinition;
import software.amazon.awssdk.services.dynamodb.model.BillingMode;
import software.amazon.awssdk.services.dynamodb.model.CreateTableRequest;
import software.amazon.awssdk.services.dynamodb.model.KeySchemaElement;
import software.amazon.awssdk.services.dynamodb.model.KeyType;
import software.amazon.awssdk.services.dynamodb.model.ScalarAttributeType;
import software.amazon.awssdk.services.dynamodb.model.StreamViewType;

/** Makes the table of the activity log, with its stream. */
public final class ActivityTableSetup {
  private ActivityTableSetup() {}

  /** Returns the ARN of the stream. */
  static String create(DynamoDbClient dynamoDb) {
    return create(dynamoDb, ActivityTable.NAME);
  }

  /** Under another name; returns the ARN of the stream. */
  public static String create(DynamoDbClient dynamoDb, String name) {
    return dynamoDb.createTable(request(name)).tableDescription().latestStreamArn();
  }

  private static CreateTableRequest request(String name) {
    return CreateTableRequest.builder()
        .tableName(name)
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
}
