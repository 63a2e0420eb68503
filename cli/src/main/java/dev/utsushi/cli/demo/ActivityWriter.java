package dev.utsushi.cli.demo;

import static software.amazon.awssdk.services.dynamodb.model.AttributeValue.fromN;

import dev.utsushi.testbed.activity.ActivityChange;
import dev.utsushi.testbed.activity.ActivityGenerator;
import dev.utsushi.testbed.activity.ActivityTable;
import java.time.Duration;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** Writes made-up activity to the table at an open-loop rate: a late write delays no later one. */
final class ActivityWriter {
  private final DynamoDbClient dynamoDb;
  private final ActivityGenerator activity;
  private final InstantSource clock;
  private final AtomicLong written = new AtomicLong();

  ActivityWriter(DynamoDbClient dynamoDb, ActivityGenerator activity, InstantSource clock) {
    this.dynamoDb = dynamoDb;
    this.activity = activity;
    this.clock = clock;
  }

  long written() {
    return written.get();
  }

  /**
   * Writes for so long; each write has its time on the schedule, whatever the one before took.
   *
   * @return how long it took
   */
  Duration run(int writesPerSecond, Duration duration) throws InterruptedException {
    long writes = writesPerSecond * duration.toMillis() / 1000;
    long start = System.nanoTime();
    for (long i = 0; i < writes; i++) {
      sleepUntil(start + i * 1_000_000_000L / writesPerSecond);
      writeNext();
    }
    sleepUntil(start + duration.toNanos());
    return Duration.ofNanos(System.nanoTime() - start);
  }

  private static void sleepUntil(long nanoTime) throws InterruptedException {
    Thread.sleep(Duration.ofNanos(Math.max(0, nanoTime - System.nanoTime())));
  }

  void writeNext() {
    switch (activity.next()) {
      case ActivityChange.Put(var item) -> {
        var stamped = stamped(item);
        dynamoDb.putItem(put -> put.tableName(ActivityTable.NAME).item(stamped));
      }
      case ActivityChange.Delete(var key) ->
          dynamoDb.deleteItem(delete -> delete.tableName(ActivityTable.NAME).key(key));
    }
    written.incrementAndGet();
  }

  private Map<String, AttributeValue> stamped(Map<String, AttributeValue> item) {
    Map<String, AttributeValue> stamped = new LinkedHashMap<>(item);
    stamped.put(ActivityTable.WRITTEN_AT, fromN(Long.toString(clock.millis())));
    return stamped;
  }
}
