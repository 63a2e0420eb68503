package dev.utsushi.cli.chaos;

import static software.amazon.awssdk.services.dynamodb.model.AttributeValue.fromBool;
import static software.amazon.awssdk.services.dynamodb.model.AttributeValue.fromL;
import static software.amazon.awssdk.services.dynamodb.model.AttributeValue.fromM;
import static software.amazon.awssdk.services.dynamodb.model.AttributeValue.fromN;
import static software.amazon.awssdk.services.dynamodb.model.AttributeValue.fromNs;
import static software.amazon.awssdk.services.dynamodb.model.AttributeValue.fromNul;
import static software.amazon.awssdk.services.dynamodb.model.AttributeValue.fromS;

import dev.utsushi.testbed.activity.ActivityChange;
import dev.utsushi.testbed.activity.ActivityGenerator;
import dev.utsushi.testbed.activity.ActivityTable;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * A sales team's activity, and what is nastier: a few items that are written, deleted and written
 * again all the time, attributes that change their type, numbers of 38 digits, empty values, names
 * that no engine takes, keys with the id's own separators, items that expire, items too big for the
 * engine. Same seed, same writes.
 */
final class Workload {
  /** Any fixed moment: the writes must not depend on when they are made. */
  private static final Instant MOMENT = Instant.parse("2026-11-01T00:00:00Z");

  /** Past, and not so long past that DynamoDB would leave such an item alone (five years). */
  private static final Instant EXPIRED = Instant.parse("2025-11-01T00:00:00Z");

  private static final int HOT_ITEMS = 6;
  private static final int POISON_CHARS = 80_000;
  private static final List<String> HOT_KEYS = List.of("a", "b|c", "b%7Cc", "100%", "熱", "x");
  private static final List<String> NAMES =
      List.of("memo", "amount", "when", "durationMinutes", "_id", "a.b", "a", "_replication", ".");

  private final ActivityGenerator activity;
  private final Random random;
  private long count;
  private long odd;

  Workload(long seed) {
    activity = new ActivityGenerator(seed, MOMENT);
    random = new Random(seed);
  }

  ActivityChange next() {
    count++;
    // Early enough, and again and again, so that every storm has them.
    if (count % 150 == 20) {
      return new ActivityChange.Put(poison());
    }
    if (count % 40 == 10) {
      return new ActivityChange.Put(expiring());
    }
    int which = random.nextInt(100);
    if (which < 40) {
      return hot();
    }
    return which < 50 ? new ActivityChange.Put(oddItem(oddKey())) : activity.next();
  }

  static Map<String, AttributeValue> key(String deal, String action) {
    Map<String, AttributeValue> key = new LinkedHashMap<>();
    key.put(ActivityTable.PARTITION_KEY, fromS(deal));
    key.put(ActivityTable.SORT_KEY, fromS(action));
    return key;
  }

  private ActivityChange hot() {
    int which = random.nextInt(HOT_ITEMS);
    var key = key("hot", HOT_KEYS.get(which));
    return random.nextInt(4) == 0
        ? new ActivityChange.Delete(key)
        : new ActivityChange.Put(oddItem(key));
  }

  private Map<String, AttributeValue> oddKey() {
    return key("odd|" + random.nextInt(3), "item %" + ++odd);
  }

  private Map<String, AttributeValue> oddItem(Map<String, AttributeValue> key) {
    key.put("write", fromN(Long.toString(count)));
    for (int i = random.nextInt(5); i > 0; i--) {
      key.put(NAMES.get(random.nextInt(NAMES.size())), value());
    }
    return key;
  }

  private AttributeValue value() {
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
    item.put(ChaosTable.POISON, fromS("x".repeat(POISON_CHARS)));
    return item;
  }

  private Map<String, AttributeValue> expiring() {
    var item = key("expiring", "e" + count);
    item.put(ChaosTable.EXPIRES_AT, fromN(Long.toString(EXPIRED.getEpochSecond())));
    return item;
  }
}
