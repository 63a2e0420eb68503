package dev.utsushi.loadtest.run;

import static software.amazon.awssdk.services.dynamodb.model.AttributeValue.fromN;
import static software.amazon.awssdk.services.dynamodb.model.AttributeValue.fromS;

import dev.utsushi.core.change.ItemKey;
import dev.utsushi.core.change.Value;
import dev.utsushi.core.document.DocumentId;
import dev.utsushi.operations.stack.OperationException;
import dev.utsushi.testbed.comparison.TableKeys;
import dev.utsushi.testbed.comparison.TableKeys.KeyAttribute;
import java.time.Instant;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.DeleteItemResponse;
import software.amazon.awssdk.services.dynamodb.model.ReturnValuesOnConditionCheckFailure;
import software.amazon.awssdk.services.dynamodb.model.ScalarAttributeType;
import software.amazon.awssdk.services.dynamodb.model.TableDescription;

/**
 * The items of one run in a table that others use. Their keys carry a random run id, and they have
 * no needless attribute, because an index keeps a field for each attribute that it ever indexed.
 * Safe for use by several threads.
 */
final class TestItems {
  private static final String PREFIX = "utsushi-load-";
  private static final String FILLER = "utsushiLoadFiller";

  /** Far below zero, where nobody counts, and within a {@code long} field. */
  private static final long FIRST_NUMBER = 9_000_000_000_000_000_000L;

  private static final long RUNS = 10_000_000_000L;
  private static final int ITEMS_PER_RUN = 10_000_000;

  private final BitSet written = new BitSet();
  private final DynamoDbClient dynamoDb;
  private final String table;
  private final TableKeys keys;
  private final @Nullable String lagAttribute;
  private final boolean lagIsText;
  private final long run;

  /**
   * @param lagAttribute the attribute that gets the time of the write; null for none
   * @param random draws the run id
   * @throws OperationException if the table has a binary key
   */
  TestItems(
      DynamoDbClient dynamoDb,
      TableDescription table,
      @Nullable String lagAttribute,
      RandomGenerator random) {
    this.dynamoDb = dynamoDb;
    this.table = table.tableName();
    keys = TableKeys.of(table);
    for (KeyAttribute each : keys.attributes()) {
      if (each.type() != ScalarAttributeType.S && each.type() != ScalarAttributeType.N) {
        throw OperationException.failed(
            "table %s has a key of type %s, %s; a load test makes keys of type S and N only"
                .formatted(table.tableName(), each.type(), each.name()));
      }
    }
    boolean isKey = keys.attributes().stream().anyMatch(each -> each.name().equals(lagAttribute));
    this.lagAttribute = isKey ? null : lagAttribute;
    lagIsText =
        table.attributeDefinitions().stream()
            .anyMatch(
                each ->
                    each.attributeName().equals(lagAttribute)
                        && each.attributeType() == ScalarAttributeType.S);
    run = random.nextLong(RUNS);
  }

  TableKeys keys() {
    return keys;
  }

  String table() {
    return table;
  }

  private String partitionKey() {
    return keys.attributes().getFirst().name();
  }

  /** Describes the partition keys of the run. */
  String keyRange() {
    return keys.attributes().getFirst().type() == ScalarAttributeType.N
        ? "%s from %d down".formatted(partitionKey(), number(0))
        : "%s %s-…".formatted(partitionKey(), runId());
  }

  private String runId() {
    return PREFIX + Long.toString(run, Character.MAX_RADIX);
  }

  private long number(int item) {
    return -(FIRST_NUMBER + run * ITEMS_PER_RUN + item);
  }

  /** Returns the key in the order of the table's schema. */
  Map<String, AttributeValue> key(int item) {
    Map<String, AttributeValue> key = new LinkedHashMap<>();
    KeyAttribute partition = keys.attributes().getFirst();
    key.put(
        partition.name(),
        partition.type() == ScalarAttributeType.N
            ? fromN(Long.toString(number(item)))
            : fromS(runId() + "-" + item));
    if (keys.attributes().size() > 1) {
      KeyAttribute sort = keys.attributes().getLast();
      key.put(sort.name(), sort.type() == ScalarAttributeType.N ? fromN("0") : fromS(runId()));
    }
    return key;
  }

  /**
   * Returns the whole item.
   *
   * @param bytes about the least size
   */
  Map<String, AttributeValue> item(int item, int bytes, Instant writtenAt) {
    Map<String, AttributeValue> attributes = key(item);
    if (lagAttribute != null) {
      attributes.put(
          lagAttribute,
          lagIsText ? fromS(writtenAt.toString()) : fromN(Long.toString(writtenAt.toEpochMilli())));
    }
    if (bytes > 0) {
      attributes.put(FILLER, fromS("x".repeat(bytes)));
    }
    return attributes;
  }

  /**
   * Writes a new item.
   *
   * @throws ConditionalCheckFailedException if the table has another item with this key
   */
  void put(int number, Map<String, AttributeValue> item) {
    setWritten(number, true);
    try {
      dynamoDb.putItem(
          put ->
              put.tableName(table)
                  .item(item)
                  .conditionExpression("attribute_not_exists(#key)")
                  .expressionAttributeNames(Map.of("#key", partitionKey()))
                  .returnValuesOnConditionCheckFailure(
                      ReturnValuesOnConditionCheckFailure.ALL_OLD));
    } catch (ConditionalCheckFailedException e) {
      // When the SDK retries, it may find the item that its first attempt wrote.
      if (!e.item().equals(item)) {
        setWritten(number, false);
        throw e;
      }
    }
  }

  private void setWritten(int number, boolean value) {
    synchronized (written) {
      written.set(number, value);
    }
  }

  /** Returns the numbers of the items that the table has, or may have, from this run. */
  BitSet written() {
    synchronized (written) {
      return (BitSet) written.clone();
    }
  }

  DeleteItemResponse delete(int number) {
    return dynamoDb.deleteItem(delete -> delete.tableName(table).key(key(number)));
  }

  /** Returns the {@code _id} of the item's document. */
  String documentId(int item) {
    List<Value> values = key(item).values().stream().map(TestItems::value).toList();
    return DocumentId.of(
        new ItemKey(values.getFirst(), values.size() == 1 ? null : values.getLast()));
  }

  private static Value value(AttributeValue value) {
    return value.s() == null ? new Value.Decimal(value.n()) : new Value.Text(value.s());
  }
}
