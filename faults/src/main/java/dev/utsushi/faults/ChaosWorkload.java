package dev.utsushi.faults;

import static software.amazon.awssdk.services.dynamodb.model.AttributeValue.fromBool;
import static software.amazon.awssdk.services.dynamodb.model.AttributeValue.fromL;
import static software.amazon.awssdk.services.dynamodb.model.AttributeValue.fromM;
import static software.amazon.awssdk.services.dynamodb.model.AttributeValue.fromN;
import static software.amazon.awssdk.services.dynamodb.model.AttributeValue.fromNs;
import static software.amazon.awssdk.services.dynamodb.model.AttributeValue.fromNul;
import static software.amazon.awssdk.services.dynamodb.model.AttributeValue.fromS;

import dev.utsushi.faults.history.History;
import dev.utsushi.faults.history.ItemName;
import dev.utsushi.faults.history.Operation.StreamChange;
import dev.utsushi.faults.history.Operation.TableWrite;
import dev.utsushi.testbed.activity.ActivityLog;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * Writes to the table. A sales team's activity, and what is harder: a few items that are written,
 * deleted and written again all the time, attributes that change their type, numbers of 38 digits,
 * empty values, names that no engine accepts, keys with the id's own separators, items that expire,
 * items too big for the engine. The same seed gives the same writes.
 */
final class ChaosWorkload {
  /** Written before all others: the first write of {@link #run} may delete what is not there. */
  static final ItemName FIRST = new ItemName("first", "first");

  /** Written after all others. */
  static final ItemName LAST = new ItemName("last", "last");

  private static final String EXPIRES_AT = "expiresAt";

  /** In the past, but less than the five years after which DynamoDB ignores it. */
  private static final Instant EXPIRED = Instant.parse("2025-11-01T00:00:00Z");

  private static final int HISTORY_CHARS = 800;
  private static final int POISON_CHARS = 80_000;
  private static final List<String> HOT_KEYS = List.of("a", "b|c", "b%7Cc", "100%", "熱", "x");
  private static final List<String> NAMES =
      List.of("memo", "amount", "when", "durationMinutes", "_id", "a.b", "a", "_replication", ".");

  private final DynamoDbClient dynamoDb;
  private final String table;
  private final History history;
  private final ChaosTargets targets;
  private final ActivityLog activity;
  private final Random random;
  private int actions;
  private long count;
  private long oddItems;

  /**
   * Creates the workload of a table.
   *
   * @param before how many actions the table has already
   * @param targets decide what an item has beside its activity
   */
  ChaosWorkload(
      DynamoDbClient dynamoDb,
      String table,
      long seed,
      int before,
      ChaosTargets targets,
      History history) {
    actions = before;
    this.targets = targets;
    this.dynamoDb = dynamoDb;
    this.table = table;
    this.history = history;
    activity = new ActivityLog(seed);
    random = new Random(seed);
    dynamoDb.updateTimeToLive(
        update ->
            update
                .tableName(table)
                .timeToLiveSpecification(spec -> spec.attributeName(EXPIRES_AT).enabled(true)));
  }

  /**
   * Returns the items that the table has before its stream: this many actions, and some of what is
   * harder.
   */
  static List<Map<String, AttributeValue>> before(long seed, int actions, ChaosTargets targets) {
    var activity = new ActivityLog(seed);
    List<Map<String, AttributeValue>> items =
        new ArrayList<>(
            IntStream.range(0, actions)
                .mapToObj(activity::item)
                .map(ChaosWorkload::withHistory)
                .toList());
    for (String name : HOT_KEYS) {
      var item = key("hot", name);
      item.put("_id", fromN("1234567890.1234567890123456789012345678"));
      items.add(item);
    }
    var poison = key("poison", "before");
    poison.put(StreamChange.POISON, fromS("x".repeat(POISON_CHARS)));
    items.add(poison);
    return items.stream().map(targets::entity).toList();
  }

  /** So large that the read capacity is what the backfill waits for. */
  private static Map<String, AttributeValue> withHistory(Map<String, AttributeValue> item) {
    Map<String, AttributeValue> larger = new HashMap<>(item);
    larger.put("history", fromS("x".repeat(HISTORY_CHARS)));
    return larger;
  }

  /** Writes until it is interrupted, each write at its time, however long the one before took. */
  void run(int writesPerSecond) throws InterruptedException {
    long start = System.nanoTime();
    for (long i = 0; ; i++) {
      long due = start + i * Duration.ofSeconds(1).toNanos() / writesPerSecond;
      Thread.sleep(Duration.ofNanos(Math.max(0, due - System.nanoTime())));
      writeNext();
    }
  }

  /** Writes the first item; it is in each index once. */
  void putFirst() {
    targets.inEach(FIRST.key()).forEach(this::putAsIs);
  }

  /** Writes an item that has nothing but its key. */
  void put(ItemName item) {
    put(item.key());
  }

  /**
   * Deletes the items that have not expired yet: DynamoDB Local expires 20 items in 10 s, and one
   * that expired while table and index are compared would be a difference.
   */
  void deleteExpiring() {
    dynamoDb
        .scanPaginator(
            scan ->
                scan.tableName(table)
                    .consistentRead(true)
                    .filterExpression("attribute_exists(" + EXPIRES_AT + ")"))
        .items()
        .forEach(item -> delete(ItemName.of(item).key()));
  }

  synchronized void whileNobodyWrites(Runnable action) {
    action.run();
  }

  private void put(Map<String, AttributeValue> item) {
    putAsIs(targets.entity(item));
  }

  private void putAsIs(Map<String, AttributeValue> item) {
    String action = item.containsKey(StreamChange.POISON) ? "put poison" : "put";
    write(item, action, () -> dynamoDb.putItem(put -> put.tableName(table).item(item)));
  }

  private void delete(Map<String, AttributeValue> key) {
    write(key, "delete", () -> dynamoDb.deleteItem(delete -> delete.tableName(table).key(key)));
  }

  /** One write at a time, so that each item has one history. */
  private synchronized void write(
      Map<String, AttributeValue> item, String action, Runnable request) {
    history.append(new TableWrite(ItemName.of(item), action));
    request.run();
  }

  private void writeNext() {
    count++;
    int which = random.nextInt(100);
    // Early, and again and again, so that every run has poison and items that expire.
    if (count % 150 == 20) {
      put(poison());
    } else if (count % 40 == 10) {
      put(expiring());
    } else if (which < 40) {
      writeHot();
    } else if (which < 50) {
      put(withOddValues(oddKey()));
    } else {
      writeActivity();
    }
  }

  private void writeHot() {
    var key = key("hot", HOT_KEYS.get(random.nextInt(HOT_KEYS.size())));
    if (random.nextInt(4) == 0) {
      delete(key);
    } else {
      put(withOddValues(key));
    }
  }

  /** New actions for the most part; an edit of one that was deleted restores it. */
  private void writeActivity() {
    int which = random.nextInt(100);
    if (actions == 0 || which < 70) {
      put(activity.item(actions++));
    } else if (which < 92) {
      put(activity.edited(random.nextInt(actions), which));
    } else {
      delete(activity.key(random.nextInt(actions)));
    }
  }

  private Map<String, AttributeValue> oddKey() {
    return key("odd|" + random.nextInt(3), "item %" + ++oddItems);
  }

  private static Map<String, AttributeValue> key(String deal, String action) {
    return new ItemName(deal, action).key();
  }

  private Map<String, AttributeValue> withOddValues(Map<String, AttributeValue> key) {
    key.put("write", fromN(Long.toString(count)));
    for (int i = random.nextInt(5); i > 0; i--) {
      key.put(NAMES.get(random.nextInt(NAMES.size())), oddValue());
    }
    return key;
  }

  private AttributeValue oddValue() {
    return switch (random.nextInt(8)) {
      case 0 -> fromS("");
      case 1 -> fromS("text " + count);
      case 2 -> fromN("1234567890.1234567890123456789012345678");
      case 3 -> fromNs(List.of("-9.9999999999999999999999999999999999999E+125", "1E-130"));
      case 4 -> fromBool(random.nextBoolean());
      case 5 -> fromL(List.of(fromNul(true), fromS(""), fromL(List.of())));
      case 6 -> fromM(Map.of("nested", fromN(Integer.toString(random.nextInt(100)))));
      default -> fromM(Map.of());
    };
  }

  private Map<String, AttributeValue> poison() {
    boolean hot = random.nextInt(3) == 0;
    var item = hot ? key("hot", HOT_KEYS.getFirst()) : key("poison", "p" + count);
    item.put(StreamChange.POISON, fromS("x".repeat(POISON_CHARS)));
    return item;
  }

  private Map<String, AttributeValue> expiring() {
    var item = key("expiring", "e" + count);
    item.put(EXPIRES_AT, fromN(Long.toString(EXPIRED.getEpochSecond())));
    return item;
  }
}
