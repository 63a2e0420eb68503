package dev.utsushi.cli.outbox;

import dev.utsushi.outbox.EventDraft;
import dev.utsushi.outbox.Outbox;
import dev.utsushi.outbox.table.EventItems;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.random.RandomGenerator;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeDefinition;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.BillingMode;
import software.amazon.awssdk.services.dynamodb.model.KeySchemaElement;
import software.amazon.awssdk.services.dynamodb.model.KeyType;
import software.amazon.awssdk.services.dynamodb.model.ScalarAttributeType;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItem;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItemsRequest;
import software.amazon.awssdk.services.dynamodb.model.TransactionCanceledException;
import software.amazon.awssdk.services.dynamodb.model.Update;

/**
 * Sells coins: each sale changes a wallet and adds an event, in one transaction. Some sales come
 * with an old version of their wallet, as if two happened at once, and are rolled back.
 */
final class CoinShop {
  private static final String WALLETS = "wallets";
  private static final int MANY_WALLETS = 20;
  private static final int ONE_SALE_IN = 10;

  private final Map<String, Long> committedAt = new ConcurrentHashMap<>();
  private final Set<String> rolledBack = ConcurrentHashMap.newKeySet();
  private final long[] versions = new long[MANY_WALLETS];
  private final DynamoDbClient dynamoDb;
  private final Outbox outbox;
  private final RandomGenerator random;

  CoinShop(DynamoDbClient dynamoDb, Outbox outbox, RandomGenerator random) {
    this.dynamoDb = dynamoDb;
    this.outbox = outbox;
    this.random = random;
  }

  void open() {
    var id = KeySchemaElement.builder().attributeName("id").keyType(KeyType.HASH).build();
    var text =
        AttributeDefinition.builder()
            .attributeName("id")
            .attributeType(ScalarAttributeType.S)
            .build();
    dynamoDb.createTable(
        create ->
            create
                .tableName(WALLETS)
                .billingMode(BillingMode.PAY_PER_REQUEST)
                .keySchema(id)
                .attributeDefinitions(text));
    for (int wallet = 0; wallet < MANY_WALLETS; wallet++) {
      var item =
          Map.of(
              "id", AttributeValue.fromS("wallet-" + wallet),
              "coins", AttributeValue.fromN("0"),
              "version", AttributeValue.fromN("0"));
      dynamoDb.putItem(put -> put.tableName(WALLETS).item(item));
    }
  }

  /** Sells once; one sale in ten is rolled back. */
  void sell() {
    int wallet = random.nextInt(MANY_WALLETS);
    boolean late = versions[wallet] > 0 && random.nextInt(ONE_SALE_IN) == 0;
    // A late buyer takes the version that is already written; its event has a place of its own,
    // so that the wallet's lock alone decides.
    long version = late ? versions[wallet] - 1 : versions[wallet];
    long sequence = versions[wallet] + 1;
    var request = outbox.add(sale(wallet, version), event(wallet, sequence));
    String id = EventItems.event(request.transactItems().getLast().put().item()).id();
    try {
      dynamoDb.transactWriteItems(request);
      committedAt.put(id, System.currentTimeMillis());
      versions[wallet]++;
    } catch (TransactionCanceledException e) {
      rolledBack.add(id);
    }
  }

  private static EventDraft event(int wallet, long sequence) {
    return Outbox.event("coins.bought")
        .key("wallet-" + wallet)
        .sequence(sequence)
        .json("{\"coins\":10}");
  }

  private static TransactWriteItemsRequest sale(int wallet, long version) {
    var update =
        Update.builder()
            .tableName(WALLETS)
            .key(Map.of("id", AttributeValue.fromS("wallet-" + wallet)))
            .updateExpression("SET coins = coins + :coins, version = :next")
            .conditionExpression("version = :now")
            .expressionAttributeValues(
                Map.of(
                    ":coins", AttributeValue.fromN("10"),
                    ":now", AttributeValue.fromN(Long.toString(version)),
                    ":next", AttributeValue.fromN(Long.toString(version + 1))))
            .build();
    return TransactWriteItemsRequest.builder()
        .transactItems(TransactWriteItem.builder().update(update).build())
        .build();
  }

  /** Returns the ids of the events that were committed, and when. */
  Map<String, Long> committedAt() {
    return committedAt;
  }

  /** Returns the ids of the events that were rolled back. */
  Set<String> rolledBack() {
    return rolledBack;
  }
}
