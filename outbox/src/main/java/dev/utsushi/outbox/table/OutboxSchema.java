package dev.utsushi.outbox.table;

import java.util.List;
import software.amazon.awssdk.services.dynamodb.model.AttributeDefinition;
import software.amazon.awssdk.services.dynamodb.model.BillingMode;
import software.amazon.awssdk.services.dynamodb.model.CreateTableRequest;
import software.amazon.awssdk.services.dynamodb.model.GlobalSecondaryIndex;
import software.amazon.awssdk.services.dynamodb.model.KeySchemaElement;
import software.amazon.awssdk.services.dynamodb.model.KeyType;
import software.amazon.awssdk.services.dynamodb.model.ProjectionType;
import software.amazon.awssdk.services.dynamodb.model.ScalarAttributeType;
import software.amazon.awssdk.services.dynamodb.model.StreamSpecification;
import software.amazon.awssdk.services.dynamodb.model.StreamViewType;
import software.amazon.awssdk.services.dynamodb.model.UpdateTimeToLiveRequest;

/** The definition of the outbox table. */
public final class OutboxSchema {
  /** The index of what is unpublished: keys only, sparse, and in shards. */
  public static final String INDEX = "unpublished";

  /** The partition key of the index. Only what is unpublished has it. */
  public static final String SHARD = "shard";

  /** The sort key of the index: when the event was created, and the row's revision. */
  public static final String STAMP = "stamp";

  /** When DynamoDB deletes a row, in seconds since the epoch. Only what is settled has it. */
  public static final String EXPIRES = "expires";

  /** The filter of the stream relay's event source mapping: marks need no invocation. */
  public static final String STREAM_FILTER = "{\"eventName\":[\"INSERT\"]}";

  /**
   * Fixed, so that a writer and a poller can't have different numbers. A shard takes 1,000 writes
   * per second, and a look at an empty one costs half a read unit.
   */
  public static final int SHARDS = 8;

  /** The shard of events behind a parked one of their key. */
  static final String WAITING = "waiting";

  /** The shard of parked events. */
  static final String PARKED = "parked";

  private OutboxSchema() {}

  /** Returns the request that creates the table. */
  public static CreateTableRequest creation(String table) {
    return CreateTableRequest.builder()
        .tableName(table)
        .keySchema(
            element(EventItems.KEY, KeyType.HASH), element(EventItems.SEQUENCE, KeyType.RANGE))
        .attributeDefinitions(
            attribute(EventItems.KEY, ScalarAttributeType.S),
            attribute(EventItems.SEQUENCE, ScalarAttributeType.N),
            attribute(SHARD, ScalarAttributeType.S),
            attribute(STAMP, ScalarAttributeType.S))
        .globalSecondaryIndexes(index())
        .streamSpecification(
            StreamSpecification.builder()
                .streamEnabled(true)
                .streamViewType(StreamViewType.NEW_IMAGE)
                .build())
        .billingMode(BillingMode.PAY_PER_REQUEST)
        .build();
  }

  /** Returns the request that makes published events expire. */
  public static UpdateTimeToLiveRequest expiry(String table) {
    return UpdateTimeToLiveRequest.builder()
        .tableName(table)
        .timeToLiveSpecification(ttl -> ttl.attributeName(EXPIRES).enabled(true))
        .build();
  }

  /**
   * Returns the shard of a key's events. {@code Math.abs} would not do: the least integer has no
   * absolute value.
   */
  static String shard(String key) {
    return Integer.toString(Math.floorMod(key.hashCode(), SHARDS));
  }

  private static GlobalSecondaryIndex index() {
    return GlobalSecondaryIndex.builder()
        .indexName(INDEX)
        .keySchema(List.of(element(SHARD, KeyType.HASH), element(STAMP, KeyType.RANGE)))
        .projection(projection -> projection.projectionType(ProjectionType.KEYS_ONLY))
        .build();
  }

  private static KeySchemaElement element(String name, KeyType type) {
    return KeySchemaElement.builder().attributeName(name).keyType(type).build();
  }

  private static AttributeDefinition attribute(String name, ScalarAttributeType type) {
    return AttributeDefinition.builder().attributeName(name).attributeType(type).build();
  }
}
