package dev.utsushi.cli.load;

import dev.utsushi.loadtest.generator.WriteTarget;
import dev.utsushi.loadtest.traffic.PlannedWrite;
import java.time.Instant;
import java.util.BitSet;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.AbortedException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;

/**
 * Writes a run's items to somebody's table, never over one that is there, and knows afterwards
 * which may be there by its doing. Safe for use by several threads.
 */
final class OwnItemsTarget implements WriteTarget {
  private static final int TRIES = 5;
  private static final int FIRST_WAIT_MILLIS = 50;

  private final DynamoDbClient dynamoDb;
  private final String table;
  private final OwnItems items;
  private final Instant start;
  private final BitSet written = new BitSet();
  private int underWay;
  private boolean stopped;

  /**
   * @param dynamoDb one that never tries again by itself: a second try that finds the first one's
   *     item would be taken for somebody else's
   * @param start when the schedule begins
   */
  OwnItemsTarget(DynamoDbClient dynamoDb, String table, OwnItems items, Instant start) {
    this.dynamoDb = dynamoDb;
    this.table = table;
    this.items = items;
    this.start = start;
  }

  @Override
  public void write(PlannedWrite write) {
    begin();
    try {
      put(write.number(), item(write));
    } finally {
      end();
    }
  }

  Map<String, AttributeValue> item(PlannedWrite write) {
    return items.item(write.number(), write.bytes(), start.plusNanos(write.scheduledNanos()));
  }

  private synchronized void begin() {
    if (stopped) {
      throw new IllegalStateException("the run is over");
    }
    underWay++;
  }

  private synchronized void end() {
    underWay--;
    notifyAll();
  }

  private void put(int number, Map<String, AttributeValue> item) {
    boolean mayBeThere = false;
    for (int attempt = 1; true; attempt++) {
      try {
        note(number, true);
        putOnce(item);
        return;
      } catch (ConditionalCheckFailedException e) {
        if (mayBeThere) {
          // An earlier try of ours arrived, and its answer did not.
          return;
        }
        note(number, false);
        throw e;
      } catch (SdkException e) {
        boolean refused = e instanceof AwsServiceException answer && answer.statusCode() < 500;
        mayBeThere |= !refused;
        note(number, mayBeThere);
        if (attempt == TRIES || !isWorthAnotherTry(e)) {
          throw e;
        }
        pause(attempt);
      }
    }
  }

  private void putOnce(Map<String, AttributeValue> item) {
    dynamoDb.putItem(
        put ->
            put.tableName(table)
                .item(item)
                .conditionExpression("attribute_not_exists(#key)")
                .expressionAttributeNames(Map.of("#key", items.partitionKey())));
  }

  /** Throttled, or no answer, or one that says to try again. */
  static boolean isWorthAnotherTry(SdkException e) {
    return switch (e) {
      case AbortedException _ -> false;
      case AwsServiceException answer ->
          answer.isThrottlingException() || answer.statusCode() >= 500;
      default -> true;
    };
  }

  /** With full jitter. */
  static void pause(int attempt) {
    try {
      Thread.sleep(ThreadLocalRandom.current().nextInt(FIRST_WAIT_MILLIS << attempt));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("stopped", e);
    }
  }

  private synchronized void note(int number, boolean mayBeThere) {
    written.set(number, mayBeThere);
  }

  /**
   * Begins no further write, and waits for those under way: what is deleted must not come again.
   */
  synchronized void stop() throws InterruptedException {
    stopped = true;
    while (underWay > 0) {
      wait();
    }
  }

  /** The items that are in the table by this run's doing, or may be. */
  synchronized BitSet written() {
    return (BitSet) written.clone();
  }
}
