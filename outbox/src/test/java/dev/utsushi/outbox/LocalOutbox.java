package dev.utsushi.outbox;

import dev.utsushi.core.telemetry.Log;
import dev.utsushi.local.dynamodb.LocalDynamoDb;
import dev.utsushi.outbox.event.EventKey;
import dev.utsushi.outbox.table.EventTable;
import dev.utsushi.outbox.table.OutboxSchema;
import dev.utsushi.outbox.table.StoredEvent;
import java.io.OutputStream;
import java.io.PrintStream;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItemsRequest;

/** An outbox table in DynamoDB Local. */
public final class LocalOutbox implements AutoCloseable {
  public static final String TABLE = "coins-outbox";
  public static final Log NO_LOG =
      new Log(new PrintStream(OutputStream.nullOutputStream()), InstantSource.system());

  private final LocalDynamoDb dynamoDb = LocalDynamoDb.start();
  private final Outbox outbox = Outbox.of(TABLE);
  private final EventTable table = table(dynamoDb.client());

  public LocalOutbox() {
    dynamoDb.client().createTable(OutboxSchema.creation(TABLE));
    dynamoDb.client().updateTimeToLive(OutboxSchema.expiry(TABLE));
  }

  public static EventTable table(DynamoDbClient client) {
    return new EventTable(client, TABLE, Duration.ofDays(7), InstantSource.system());
  }

  public EventTable table() {
    return table;
  }

  public LocalDynamoDb dynamoDb() {
    return dynamoDb;
  }

  /** Commits events of one key, each in a transaction. */
  public void commit(String key, long from, long to) {
    for (long sequence = from; sequence <= to; sequence++) {
      commit(Outbox.event("coins").key(key).sequence(sequence).json("{\"n\":" + sequence + "}"));
    }
  }

  public void commit(EventDraft... drafts) {
    dynamoDb
        .client()
        .transactWriteItems(outbox.add(TransactWriteItemsRequest.builder().build(), drafts));
  }

  public StoredEvent event(String key, long sequence) {
    return table.get(new EventKey(key, sequence)).orElseThrow();
  }

  public Map<String, ?> item(String key, long sequence) {
    return dynamoDb
        .client()
        .getItem(
            get ->
                get.tableName(TABLE)
                    .key(
                        Map.of(
                            "key",
                            AttributeValue.fromS(key),
                            "sequence",
                            AttributeValue.fromN("" + sequence))))
        .item();
  }

  @Override
  public void close() {
    dynamoDb.close();
  }
}
