package dev.utsushi.outbox;

import dev.utsushi.outbox.event.EventKey;
import dev.utsushi.outbox.event.OutboxEvent;
import dev.utsushi.outbox.event.OutboxException;
import dev.utsushi.outbox.table.EventItems;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.random.RandomGenerator;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItem;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItemsRequest;

/**
 * Adds events to a transaction: they are written with the business items, or not at all. Safe for
 * use by many threads.
 *
 * {@snippet :
 * Outbox outbox = Outbox.of("orders-outbox");
 *
 * void buyCoins(DynamoDbClient dynamoDb, Wallet wallet, int coins) {
 *   long version = wallet.version() + 1;
 *   var balance =
 *       Update.builder()
 *           .tableName("wallets")
 *           .key(Map.of("id", AttributeValue.fromS(wallet.id())))
 *           .updateExpression("SET coins = coins + :coins, version = :next")
 *           .conditionExpression("version = :now") // the optimistic lock
 *           .expressionAttributeValues(
 *               Map.of(
 *                   ":coins", AttributeValue.fromN("" + coins),
 *                   ":now", AttributeValue.fromN("" + wallet.version()),
 *                   ":next", AttributeValue.fromN("" + version)))
 *           .build();
 *   var bought =
 *       Outbox.event("coins.bought")
 *           .key(wallet.id())
 *           .sequence(version) // rides on the lock: dense, and never taken twice
 *           .json("{\"coins\":" + coins + "}")
 *           .traceparent("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01");
 *   dynamoDb.transactWriteItems(
 *       outbox.add(
 *           TransactWriteItemsRequest.builder()
 *               .transactItems(TransactWriteItem.builder().update(balance).build())
 *               .build(),
 *           bought));
 * }
 * }
 */
public final class Outbox {
  private final String table;
  private final InstantSource clock;
  private final RandomGenerator random;

  private Outbox(String table, InstantSource clock, RandomGenerator random) {
    this.table = table;
    this.clock = clock;
    this.random = random;
  }

  /** Returns the outbox in this table, which is in the account and region of the transaction. */
  public static Outbox of(String table) {
    return new Outbox(table, InstantSource.system(), new SecureRandom());
  }

  /** Returns an outbox with another clock, and other random bits in its events' ids. */
  public static Outbox of(String table, InstantSource clock, RandomGenerator random) {
    return new Outbox(table, clock, random);
  }

  /** Starts an event. */
  public static EventDraft event(String topic) {
    return new EventDraft(topic);
  }

  /**
   * Returns the transaction with the events in it. Nothing is sent.
   *
   * @throws OutboxException if an event lacks something, or if the transaction would be beyond one
   *     of DynamoDB's limits
   */
  public TransactWriteItemsRequest add(
      TransactWriteItemsRequest transaction, EventDraft... events) {
    List<TransactWriteItem> items = new ArrayList<>(transaction.transactItems());
    Set<EventKey> places = new HashSet<>();
    for (EventDraft draft : events) {
      OutboxEvent event = event(draft);
      if (!places.add(event.place())) {
        throw new OutboxException(
            "Two events have the place %s, nothing was written".formatted(event.place()));
      }
      items.add(put(event));
    }
    TransactionLimits.check(items);
    return transaction.toBuilder().transactItems(items).build();
  }

  private OutboxEvent event(EventDraft draft) {
    Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
    return draft.event(EventIds.of(now.toEpochMilli(), random), now);
  }

  /** A place that is taken fails the transaction: the sequence did not ride on a lock. */
  private TransactWriteItem put(OutboxEvent event) {
    Map<String, AttributeValue> item = EventItems.written(event);
    TransactionLimits.checkEvent(event.toString(), item);
    return TransactWriteItem.builder()
        .put(
            put ->
                put.tableName(table)
                    .item(item)
                    .conditionExpression("attribute_not_exists(#key)")
                    .expressionAttributeNames(Map.of("#key", EventItems.KEY)))
        .build();
  }
}
