package dev.utsushi.loadtest.run;

import static software.amazon.awssdk.services.dynamodb.model.AttributeValue.fromN;
import static software.amazon.awssdk.services.dynamodb.model.AttributeValue.fromS;

import dev.utsushi.operations.stack.OperationException;
import dev.utsushi.testbed.comparison.TableKeys;
import dev.utsushi.testbed.comparison.TableKeys.KeyAttribute;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.DeleteItemResponse;
import software.amazon.awssdk.services.dynamodb.model.ReturnValuesOnConditionCheckFailure;
import software.amazon.awssdk.services.dynamodb.model.ScalarAttributeType;
import software.amazon.awssdk.services.dynamodb.model.ScanResponse;
import software.amazon.awssdk.services.dynamodb.model.TableDescription;

/**
 * The items of one run in a table that others use. Their keys carry a random run id, and they have
 * no needless attribute, because an index keeps a field for each attribute that it ever indexed.
 * Safe for use by several threads.
 */
public final class TestItems {
  private static final String PREFIX = "utsushi-load-";
  private static final String FILLER = "utsushiLoadFiller";

  /** Negated, far below the numbers of real items, and still within a {@code long} field. */
  private static final long FIRST_NUMBER = 9_000_000_000_000_000_000L;

  private static final long RUNS = 10_000_000_000L;
  private static final int ITEMS_PER_RUN = 10_000_000;
  private static final Pattern TEXT_KEY = Pattern.compile(PREFIX + "([0-9a-z]{1,7})-(\\d{1,7})");

  private final Set<Integer> written = new ConcurrentSkipListSet<>();
  private final DynamoDbClient dynamoDb;
  private final TableDescription table;
  private final TableKeys keys;
  private final KeyAttribute partition;
  private final @Nullable String lagAttribute;
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
    this.table = table;
    this.lagAttribute = lagAttribute;
    keys = TableKeys.of(table);
    partition = keys.attributes().getFirst();
    for (KeyAttribute each : keys.attributes()) {
      if (each.type() != ScalarAttributeType.S && each.type() != ScalarAttributeType.N) {
        throw OperationException.failed(
            "table %s has a key of type %s, %s; a load test makes keys of type S and N only"
                .formatted(table(), each.type(), each.name()));
      }
    }
    run = random.nextLong(RUNS);
  }

  private TestItems(TestItems other, long run) {
    dynamoDb = other.dynamoDb;
    table = other.table;
    keys = other.keys;
    partition = other.partition;
    lagAttribute = other.lagAttribute;
    this.run = run;
  }

  TableKeys keys() {
    return keys;
  }

  /** Returns the name of the table. */
  public String table() {
    return table.tableName();
  }

  /** Returns the id of the run. */
  public String run() {
    return Long.toString(run, Character.MAX_RADIX);
  }

  /** Describes the partition keys of the run. */
  public String keyRange() {
    return partition.type() == ScalarAttributeType.N
        ? "%s from %d down".formatted(partition.name(), number(0))
        : "%s %s-…".formatted(partition.name(), runId());
  }

  private String runId() {
    return PREFIX + run();
  }

  private long number(int item) {
    return -(FIRST_NUMBER + run * ITEMS_PER_RUN + item);
  }

  /** Returns the key in the order of the table's schema. */
  Map<String, AttributeValue> key(int item) {
    Map<String, AttributeValue> key = new LinkedHashMap<>();
    for (KeyAttribute each : keys.attributes()) {
      boolean first = each.equals(partition);
      key.put(
          each.name(),
          each.type() == ScalarAttributeType.N
              ? fromN(Long.toString(first ? number(item) : 0))
              : fromS(first ? runId() + "-" + item : runId()));
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
      attributes.putIfAbsent(lagAttribute, time(lagAttribute, writtenAt));
    }
    if (bytes > 0) {
      attributes.put(FILLER, fromS("x".repeat(bytes)));
    }
    return attributes;
  }

  /** A number, unless the attribute is a text in the key of a secondary index. */
  private AttributeValue time(String attribute, Instant time) {
    boolean isText =
        table.attributeDefinitions().stream()
            .filter(each -> each.attributeName().equals(attribute))
            .anyMatch(each -> each.attributeType() == ScalarAttributeType.S);
    return isText ? fromS(time.toString()) : fromN(Long.toString(time.toEpochMilli()));
  }

  /**
   * Writes a new item.
   *
   * @throws ConditionalCheckFailedException if the table has another item with this key
   */
  void put(int number, Map<String, AttributeValue> item) {
    written.add(number);
    try {
      dynamoDb.putItem(
          put ->
              put.tableName(table())
                  .item(item)
                  .conditionExpression("attribute_not_exists(#key)")
                  .expressionAttributeNames(Map.of("#key", partition.name()))
                  .returnValuesOnConditionCheckFailure(
                      ReturnValuesOnConditionCheckFailure.ALL_OLD));
    } catch (ConditionalCheckFailedException e) {
      // When the SDK retries, it may find the item that its first attempt wrote.
      if (!e.item().equals(item)) {
        written.remove(number);
        throw e;
      }
    }
  }

  /** Returns the numbers of the items that the table has, or may have, from this run. */
  Set<Integer> written() {
    return written;
  }

  /** Returns how many items the table has, or may have, from this run. */
  public int count() {
    return written.size();
  }

  /** Returns the items in the table of all runs, by run id. Reads the whole table. */
  SortedMap<String, TestItems> leftBehind(Consumer<String> status) {
    boolean isNumber = partition.type() == ScalarAttributeType.N;
    Map<String, AttributeValue> values =
        isNumber
            ? Map.of(
                ":least", fromN(Long.toString(-(FIRST_NUMBER + RUNS * ITEMS_PER_RUN))),
                ":most", fromN(Long.toString(-FIRST_NUMBER)))
            : Map.of(":prefix", fromS(PREFIX));
    var pages =
        dynamoDb.scanPaginator(
            scan ->
                scan.tableName(table())
                    .consistentRead(true)
                    .filterExpression(
                        isNumber ? "#key BETWEEN :least AND :most" : "begins_with(#key, :prefix)")
                    .expressionAttributeNames(Map.of("#key", partition.name()))
                    .expressionAttributeValues(values));
    SortedMap<String, TestItems> runs = new TreeMap<>();
    long seen = 0;
    for (ScanResponse page : pages) {
      page.items().forEach(item -> add(item, runs));
      seen += page.scannedCount();
      status.accept("looking for items of load tests: %,d items read".formatted(seen));
    }
    return runs;
  }

  /** Adds an item if it is exactly as a run writes it: nobody else's is ever deleted. */
  private void add(Map<String, AttributeValue> found, Map<String, TestItems> runs) {
    long number = serial(found.get(partition.name()));
    if (number < 0) {
      return;
    }
    var ofRun = new TestItems(this, number / ITEMS_PER_RUN);
    int item = (int) (number % ITEMS_PER_RUN);
    var expected = ofRun.item(item, 1, Instant.EPOCH);
    boolean hasKey =
        ofRun.key(item).entrySet().stream()
            .allMatch(each -> isSame(each.getValue(), found.get(each.getKey())));
    if (hasKey && expected.keySet().containsAll(found.keySet())) {
      runs.computeIfAbsent(ofRun.run(), _ -> ofRun).written.add(item);
    }
  }

  /** A table may write a number otherwise than it was sent. */
  private static boolean isSame(AttributeValue ours, @Nullable AttributeValue found) {
    return (found != null && ours.n() != null && found.n() != null)
        ? new BigDecimal(ours.n()).compareTo(new BigDecimal(found.n())) == 0
        : ours.equals(found);
  }

  /** Returns run and item as one number; negative if the key is not ours. */
  private static long serial(@Nullable AttributeValue key) {
    if (key == null) {
      return -1;
    }
    if (key.n() != null) {
      var number = new BigDecimal(key.n());
      return number.scale() <= 0 ? -number.longValue() - FIRST_NUMBER : -1;
    }
    Matcher matcher = TEXT_KEY.matcher(String.valueOf(key.s()));
    return matcher.matches()
        ? Long.parseLong(matcher.group(1), Character.MAX_RADIX) * ITEMS_PER_RUN
            + Long.parseLong(matcher.group(2))
        : -1;
  }

  DeleteItemResponse delete(int number) {
    var response = dynamoDb.deleteItem(delete -> delete.tableName(table()).key(key(number)));
    written.remove(number);
    return response;
  }
}
