package dev.utsushi.cli.load;

import static software.amazon.awssdk.services.dynamodb.model.AttributeValue.fromN;

import dev.utsushi.loadtest.generator.WriteTarget;
import dev.utsushi.loadtest.measurement.DeliveredChange;
import dev.utsushi.loadtest.traffic.PlannedWrite;
import dev.utsushi.testbed.activity.ActivityTable;
import dev.utsushi.testbed.activity.NumberedActions;
import java.time.Instant;
import java.util.Map;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * Writes actions to a table. An item carries when its write was due, in milliseconds, and the
 * write's number, so that a change is known again wherever it turns up.
 */
final class ActivityTarget implements WriteTarget {
  private final DynamoDbClient dynamoDb;
  private final String table;
  private final NumberedActions actions;
  private final Instant start;

  /**
   * @param start when the schedule begins
   */
  ActivityTarget(DynamoDbClient dynamoDb, String table, NumberedActions actions, Instant start) {
    this.dynamoDb = dynamoDb;
    this.table = table;
    this.actions = actions;
    this.start = start;
  }

  @Override
  public void write(PlannedWrite write) {
    switch (write.operation()) {
      case INSERT, UPDATE -> {
        var item = item(write);
        dynamoDb.putItem(put -> put.tableName(table).item(item));
      }
      case DELETE -> {
        var key = actions.key(write.item());
        dynamoDb.deleteItem(delete -> delete.tableName(table).key(key));
      }
    }
  }

  Map<String, AttributeValue> item(PlannedWrite write) {
    var item =
        switch (write.operation()) {
          case INSERT -> actions.recorded(write.item());
          case UPDATE -> actions.edited(write.item(), write.number());
          case DELETE -> throw new IllegalArgumentException("a deletion has no item");
        };
    long writtenAt = start.plusNanos(write.scheduledNanos()).toEpochMilli();
    item.put(ActivityTable.WRITTEN_AT, fromN(Long.toString(writtenAt)));
    item.put(DeliveredChange.WRITE_NUMBER, fromN(Integer.toString(write.number())));
    NumberedActions.enlarge(item, write.bytes());
    return item;
  }
}
