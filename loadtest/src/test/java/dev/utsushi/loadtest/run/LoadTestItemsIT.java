package dev.utsushi.loadtest.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static software.amazon.awssdk.services.dynamodb.model.AttributeValue.fromN;
import static software.amazon.awssdk.services.dynamodb.model.AttributeValue.fromS;

import dev.utsushi.local.dynamodb.LocalDynamoDb;
import dev.utsushi.operations.stack.OperationException;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeDefinition;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.BillingMode;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.KeySchemaElement;
import software.amazon.awssdk.services.dynamodb.model.KeyType;
import software.amazon.awssdk.services.dynamodb.model.ScalarAttributeType;
import software.amazon.awssdk.services.dynamodb.model.TableDescription;

/** Writes the items of a run to tables with keys of all types. */
class LoadTestItemsIT {

  @Test
  void anExistingItemIsNeitherOverwrittenNorTakenForOurs() {
    try (var server = LocalDynamoDb.start()) {
      DynamoDbClient client = server.client();
      TableDescription table = create(client, ScalarAttributeType.N, ScalarAttributeType.S);
      var items = new TestItems(client, table, null, new Random(1));
      Map<String, AttributeValue> somebodys = new HashMap<>(items.key(0));
      somebodys.put("theirs", fromS("kept"));
      client.putItem(put -> put.tableName("keys").item(somebodys));

      assertThatExceptionOfType(ConditionalCheckFailedException.class)
          .isThrownBy(() -> items.put(0, items.item(0, 0, Instant.EPOCH)));
      items.put(1, items.item(1, 300, Instant.EPOCH));

      assertThat(items.written()).containsExactly(1);
      assertThat(get(client, items.key(0))).isEqualTo(somebodys);
      assertThat(get(client, items.key(1))).containsKeys("p", "s", "utsushiLoadFiller");
    }
  }

  @Test
  void aRepeatedPutIsStillOurs() {
    try (var server = LocalDynamoDb.start()) {
      DynamoDbClient client = server.client();
      TableDescription table = create(client, ScalarAttributeType.S, ScalarAttributeType.N);
      var items = new TestItems(client, table, "at", new Random(1));
      items.put(0, items.item(0, 10, Instant.EPOCH));
      items.put(0, items.item(0, 10, Instant.EPOCH));
      assertThat(items.written()).containsExactly(0);
    }
  }

  @Test
  void keysOfEveryTypeAreMadeOrRefused() {
    try (var server = LocalDynamoDb.start()) {
      DynamoDbClient client = server.client();
      TableDescription texts = create(client, ScalarAttributeType.S, ScalarAttributeType.N);
      var items = new TestItems(client, texts, "at", new Random(1));
      items.put(0, items.item(0, 0, Instant.EPOCH));
      assertThat(get(client, items.key(0))).containsEntry("at", fromN("0"));
      assertThat(DocumentSearch.documentId(items.key(0))).startsWith("utsushi-load-").contains("|");
      assertThat(new TestItems(client, texts, null, new Random(2)).key(0))
          .isNotEqualTo(items.key(0));

      client.deleteTable(delete -> delete.tableName("keys"));
      TableDescription binary = create(client, ScalarAttributeType.S, ScalarAttributeType.B);
      assertThatExceptionOfType(OperationException.class)
          .isThrownBy(() -> new TestItems(client, binary, null, new Random(1)))
          .withMessage(
              "table keys has a key of type B, s; a load test makes keys of type S and N only");
    }
  }

  @ParameterizedTest
  @CsvSource({"S, N", "S, S", "N, N", "N, S"})
  void whatARunLeftIsFoundAndNobodyElsesItem(
      ScalarAttributeType first, ScalarAttributeType second) {
    try (var server = LocalDynamoDb.start()) {
      DynamoDbClient client = server.client();
      TableDescription table = create(client, first, second);
      var one = new TestItems(client, table, "at", new Random(1));
      var other = new TestItems(client, table, "at", new Random(2));
      for (int i : List.of(0, 7, 9_999_999)) {
        one.put(i, one.item(i, 100, Instant.EPOCH));
      }
      other.put(3, other.item(3, 0, Instant.EPOCH));
      Map<String, AttributeValue> grown = new HashMap<>(other.item(4, 0, Instant.EPOCH));
      grown.put("name", fromS("somebody's"));
      client.putItem(put -> put.tableName("keys").item(grown));
      Map<String, AttributeValue> similar = new HashMap<>(other.item(5, 0, Instant.EPOCH));
      similar.put("s", second == ScalarAttributeType.N ? fromN("1") : fromS("other"));
      client.putItem(put -> put.tableName("keys").item(similar));
      Map<String, AttributeValue> near = new HashMap<>(other.item(6, 0, Instant.EPOCH));
      near.put("p", first == ScalarAttributeType.N ? fromN("-1") : fromS("utsushi-load-x"));
      client.putItem(put -> put.tableName("keys").item(near));

      Map<String, Set<Integer>> found = new HashMap<>();
      new TestItems(client, table, "at", new Random(3))
          .leftBehind(_ -> {})
          .forEach((run, items) -> found.put(run, items.written()));

      assertThat(found)
          .isEqualTo(Map.of(one.run(), Set.of(0, 7, 9_999_999), other.run(), Set.of(3)));
    }
  }

  private static Map<String, AttributeValue> get(
      DynamoDbClient client, Map<String, AttributeValue> key) {
    return client.getItem(get -> get.tableName("keys").key(key).consistentRead(true)).item();
  }

  private static TableDescription create(
      DynamoDbClient client, ScalarAttributeType partition, ScalarAttributeType sort) {
    return client
        .createTable(
            table ->
                table
                    .tableName("keys")
                    .billingMode(BillingMode.PAY_PER_REQUEST)
                    .attributeDefinitions(
                        List.of(definition("p", partition), definition("s", sort)))
                    .keySchema(List.of(element("p", KeyType.HASH), element("s", KeyType.RANGE))))
        .tableDescription();
  }

  private static AttributeDefinition definition(String name, ScalarAttributeType type) {
    return AttributeDefinition.builder().attributeName(name).attributeType(type).build();
  }

  private static KeySchemaElement element(String name, KeyType type) {
    return KeySchemaElement.builder().attributeName(name).keyType(type).build();
  }
}
