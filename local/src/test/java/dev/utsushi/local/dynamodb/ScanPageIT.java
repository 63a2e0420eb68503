package dev.utsushi.local.dynamodb;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.dynamodb.model.AttributeDefinition;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.BillingMode;
import software.amazon.awssdk.services.dynamodb.model.KeySchemaElement;
import software.amazon.awssdk.services.dynamodb.model.KeyType;
import software.amazon.awssdk.services.dynamodb.model.ScalarAttributeType;
import software.amazon.awssdk.services.dynamodb.model.ScanRequest;
import software.amazon.awssdk.services.dynamodb.model.ScanResponse;
import software.amazon.awssdk.services.dynamodb.model.WriteRequest;

class ScanPageIT {
  private static final int PAGE_BYTES = 1 << 20;
  private static final int ITEMS = 8_000;
  private static final int ITEM_BYTES = 4_096;

  private static LocalDynamoDb dynamoDb;

  @BeforeAll
  static void start() {
    dynamoDb = LocalDynamoDb.start();
    fill("large", ITEMS, ITEM_BYTES);
    fill("small", 12_000, 100);
    fill("mixed", 400, 8);
    IntStream.range(1_000, 1_020).forEach(i -> put("mixed", item(i, 200_000)));
  }

  @AfterAll
  static void close() {
    dynamoDb.close();
  }

  @Test
  void aPageIsFullAndEveryItemIsOnOnePage() {
    for (String table : List.of("large", "small", "mixed")) {
      List<ScanResponse> pages = pages(table, ScanRequest.builder());

      Set<Map<String, AttributeValue>> items = new HashSet<>();
      pages.forEach(page -> items.addAll(page.items()));
      assertThat(pages.stream().mapToInt(ScanResponse::count).sum()).isEqualTo(items.size());
      assertThat(items).as(table).hasSize(count(table));
      // The item that fills a page is the last on it.
      assertThat(pages.subList(0, pages.size() - 1))
          .as(table)
          .isNotEmpty()
          .allSatisfy(page -> assertThat(bytes(page)).isGreaterThanOrEqualTo(PAGE_BYTES));
    }
  }

  @Test
  void aPageHasNoMoreThanTheLimit() {
    assertThat(pages("large", ScanRequest.builder().limit(100)).getFirst().count()).isEqualTo(100);
    assertThat(pages("small", ScanRequest.builder().limit(11_999)))
        .extracting(ScanResponse::count)
        .containsExactly(10_486, 1_514);
  }

  @Test
  void aPageOfASegmentThatLeavesAllOutIsFullToo() {
    List<ScanResponse> pages =
        pages(
            "large",
            ScanRequest.builder()
                .segment(0)
                .totalSegments(2)
                .filterExpression("attribute_exists(#none)")
                .expressionAttributeNames(Map.of("#none", "none")));

    assertThat(pages).hasSizeGreaterThan(10).allSatisfy(page -> assertThat(page.items()).isEmpty());
    assertThat(pages.getFirst().scannedCount()).isEqualTo(256);
  }

  /** Without the patch it takes as long as 30 pages here. */
  @Test
  void aPageTakesNoLongerBecauseTheTableIsLarge() {
    Duration limited = shortest(ScanRequest.builder().tableName("large").limit(256).build());
    Duration whole = shortest(ScanRequest.builder().tableName("large").build());

    assertThat(whole).isLessThan(limited.multipliedBy(6));
  }

  private static Duration shortest(ScanRequest page) {
    return IntStream.range(0, 10)
        .mapToObj(
            _ -> {
              long start = System.nanoTime();
              assertThat(dynamoDb.client().scan(page).count()).isEqualTo(256);
              return Duration.ofNanos(System.nanoTime() - start);
            })
        .min(Duration::compareTo)
        .orElseThrow();
  }

  private static List<ScanResponse> pages(String table, ScanRequest.Builder request) {
    List<ScanResponse> pages = new ArrayList<>();
    request.tableName(table);
    do {
      pages.add(dynamoDb.client().scan(request.build()));
      request.exclusiveStartKey(pages.getLast().lastEvaluatedKey());
    } while (pages.getLast().hasLastEvaluatedKey());
    return pages;
  }

  private static int bytes(ScanResponse page) {
    return page.items().stream()
        .flatMap(item -> item.entrySet().stream())
        .mapToInt(attribute -> attribute.getKey().length() + attribute.getValue().s().length())
        .sum();
  }

  private static int count(String table) {
    return Math.toIntExact(
        dynamoDb.client().describeTable(get -> get.tableName(table)).table().itemCount());
  }

  private static void fill(String table, int items, int bytes) {
    dynamoDb
        .client()
        .createTable(
            create ->
                create
                    .tableName(table)
                    .attributeDefinitions(
                        AttributeDefinition.builder()
                            .attributeName("pk")
                            .attributeType(ScalarAttributeType.S)
                            .build())
                    .keySchema(
                        KeySchemaElement.builder()
                            .attributeName("pk")
                            .keyType(KeyType.HASH)
                            .build())
                    .billingMode(BillingMode.PAY_PER_REQUEST));
    for (int i = 0; i < items; i += 25) {
      List<WriteRequest> batch =
          IntStream.range(i, Math.min(items, i + 25))
              .mapToObj(n -> WriteRequest.builder().putRequest(p -> p.item(item(n, bytes))).build())
              .toList();
      dynamoDb.client().batchWriteItem(write -> write.requestItems(Map.of(table, batch)));
    }
  }

  private static void put(String table, Map<String, AttributeValue> item) {
    dynamoDb.client().putItem(put -> put.tableName(table).item(item));
  }

  /** An item of that size, its attributes' names included. */
  private static Map<String, AttributeValue> item(int number, int bytes) {
    String key = "%05d".formatted(number);
    return Map.of(
        "pk", AttributeValue.fromS(key),
        "p", AttributeValue.fromS("x".repeat(bytes - key.length() - 3)));
  }
}
