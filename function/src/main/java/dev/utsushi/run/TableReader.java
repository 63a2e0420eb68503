package dev.utsushi.run;

import com.fasterxml.jackson.databind.JsonNode;
import dev.utsushi.core.change.ItemKey;
import dev.utsushi.core.change.Value;
import dev.utsushi.core.document.DocumentId;
import dev.utsushi.core.document.ItemComparison;
import dev.utsushi.core.projection.Projection;
import dev.utsushi.core.projection.Projection.Projected;
import dev.utsushi.core.record.KeySchema;
import dev.utsushi.core.record.RecordFilter;
import dev.utsushi.core.record.SdkRecords;
import dev.utsushi.core.run.Run;
import dev.utsushi.core.run.RunStore;
import dev.utsushi.core.run.Segment;
import dev.utsushi.core.run.Segment.Count;
import dev.utsushi.core.run.Segment.Progress;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.Gatherers;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeDefinition;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.BatchGetItemResponse;
import software.amazon.awssdk.services.dynamodb.model.ConsumedCapacity;
import software.amazon.awssdk.services.dynamodb.model.KeysAndAttributes;
import software.amazon.awssdk.services.dynamodb.model.ReturnConsumedCapacity;
import software.amazon.awssdk.services.dynamodb.model.ScalarAttributeType;
import software.amazon.awssdk.services.dynamodb.model.ScanResponse;

/**
 * Reads a table, each item as it is now (consistent reads). Every method throws the SDK's {@code
 * SdkException} if DynamoDB rejects the request or does not answer.
 */
public final class TableReader {
  /** The table has other keys than the settings say. */
  static final class KeyException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    KeyException(String message) {
      super(message);
    }
  }

  /** BatchGetItem takes no more. */
  private static final int MOST_KEYS = 100;

  private final DynamoDbClient dynamoDb;
  private final String table;
  private final KeySchema schema;
  private final RecordFilter filter;
  private @Nullable Map<String, ScalarAttributeType> keyTypes;
  private double consumed;
  private @Nullable Ahead ahead;

  /**
   * Creates a reader.
   *
   * @param tableArn of the form {@code arn:…:table/NAME}
   */
  private TableReader(
      DynamoDbClient dynamoDb, String tableArn, KeySchema schema, RecordFilter filter) {
    this.dynamoDb = dynamoDb;
    table = tableArn.substring(tableArn.lastIndexOf('/') + 1);
    this.schema = schema;
    this.filter = filter;
  }

  /** Creates a reader with the client of the store. */
  public static TableReader of(
      RunStore store, String tableArn, KeySchema schema, RecordFilter filter) {
    return new TableReader(store.dynamoDb(), tableArn, schema, filter);
  }

  /**
   * An item, or what an index shows of it.
   *
   * @param id the {@code _id} of its document
   * @param collided the attributes that must not be fields of its document
   */
  record Item(String id, ItemKey key, Map<String, Value> attributes, Set<String> collided) {
    /** Returns what an index shows of this item. */
    Item as(Projected shown) {
      return new Item(id, key, shown.item(), shown.collided());
    }
  }

  /**
   * A page of a segment, without the items that the stream's filter patterns leave out.
   *
   * @param next where the next page begins; empty at the end
   */
  record Page(List<Item> items, Map<String, AttributeValue> next) {}

  /** The page that begins at a key, on its way while the one before it is written. */
  private record Ahead(
      Map<String, AttributeValue> cursor, CompletableFuture<@Nullable ScanResponse> page) {}

  /**
   * Reads the next page of a segment, of at most 1 MB.
   *
   * @param limit the most items; null for no limit
   * @param progress counts the items
   */
  Page scan(Run run, Segment segment, @Nullable Integer limit, Progress progress) {
    ScanResponse page =
        takeAhead(segment.cursor()).orElseGet(() -> request(run, segment, segment.cursor(), limit));
    consumed += units(page.consumedCapacity());
    List<Item> items =
        page.items().stream()
            .map(this::item)
            .filter(item -> filter.matches(item.key(), schema, item.attributes()))
            .toList();
    progress.count(Count.ITEMS, page.items().size());
    progress.count(Count.FILTERED, page.items().size() - items.size());
    return new Page(items, page.lastEvaluatedKey());
  }

  private ScanResponse request(
      Run run, Segment segment, Map<String, AttributeValue> cursor, @Nullable Integer limit) {
    return dynamoDb.scan(
        scan ->
            scan.tableName(table)
                .segment(run.segment(segment.number()))
                .totalSegments(run.totalSegments())
                .exclusiveStartKey(cursor.isEmpty() ? null : cursor)
                .limit(limit)
                .consistentRead(true)
                .returnConsumedCapacity(ReturnConsumedCapacity.TOTAL));
  }

  /** Begins to read the page after this one, unless the run has a read capacity to keep. */
  void readAhead(Run run, Segment segment, Page page) {
    Map<String, AttributeValue> cursor = page.next();
    if (run.readCapacity() == 0 && !cursor.isEmpty()) {
      ahead =
          new Ahead(
              cursor,
              CompletableFuture.supplyAsync(
                  () -> request(run, segment, cursor, null), Thread::startVirtualThread));
    }
  }

  /** Drops the page that {@link #readAhead} reads: the next one may be of another segment. */
  void forgetAhead() {
    ahead = null;
  }

  /** Returns nothing if reading ahead failed: then the page is read again. */
  private Optional<ScanResponse> takeAhead(Map<String, AttributeValue> cursor) {
    Ahead taken = ahead;
    ahead = null;
    return taken == null || !taken.cursor().equals(cursor)
        ? Optional.empty()
        : Optional.ofNullable(taken.page().exceptionally(_ -> null).join());
  }

  /** Looks for items; those that exist, by the id of their document. */
  Map<String, Item> get(Collection<ItemKey> keys) {
    Map<String, Item> found = new HashMap<>();
    for (Map<String, AttributeValue> attributes : read(keys, false)) {
      Item item = item(attributes);
      found.put(item.id(), item);
    }
    return found;
  }

  /** Returns the ids of those items that exist; reads no other attributes than their keys. */
  Set<String> existing(Collection<ItemKey> keys) {
    return read(keys, true).stream()
        .map(attributes -> item(attributes).id())
        .collect(Collectors.toSet());
  }

  private List<Map<String, AttributeValue>> read(Collection<ItemKey> keys, boolean keysOnly) {
    List<Map<String, AttributeValue>> items = new ArrayList<>();
    keys.stream()
        .map(this::attributes)
        .gather(Gatherers.windowFixed(MOST_KEYS))
        .forEach(batch -> read(batch, keysOnly, items));
    return items;
  }

  private void read(
      List<Map<String, AttributeValue>> keys,
      boolean keysOnly,
      List<Map<String, AttributeValue>> items) {
    var wanted = KeysAndAttributes.builder().keys(keys).consistentRead(true);
    if (keysOnly) {
      Map<String, String> names = new TreeMap<>();
      keys.getFirst().keySet().forEach(name -> names.put("#k" + names.size(), name));
      wanted
          .projectionExpression(String.join(", ", names.keySet()))
          .expressionAttributeNames(names);
    }
    Map<String, KeysAndAttributes> left = Map.of(table, wanted.build());
    while (!left.isEmpty()) {
      Map<String, KeysAndAttributes> request = left;
      BatchGetItemResponse reply =
          dynamoDb.batchGetItem(
              get ->
                  get.requestItems(request).returnConsumedCapacity(ReturnConsumedCapacity.TOTAL));
      items.addAll(reply.responses().getOrDefault(table, List.of()));
      reply.consumedCapacity().forEach(capacity -> consumed += units(capacity));
      left = reply.unprocessedKeys();
    }
  }

  private static double units(@Nullable ConsumedCapacity capacity) {
    return capacity == null || capacity.capacityUnits() == null ? 0 : capacity.capacityUnits();
  }

  /** Returns the read capacity that was used since the last call. */
  double takeConsumed() {
    double units = consumed;
    consumed = 0;
    return units;
  }

  private Item item(Map<String, AttributeValue> attributes) {
    Map<String, Value> values = SdkRecords.values(attributes);
    ItemKey key = key(values);
    return new Item(DocumentId.of(key), key, values, Set.of());
  }

  private ItemKey key(Map<String, Value> item) {
    String sortKey = schema.sortKey();
    return new ItemKey(
        keyValue(item, schema.partitionKey()), sortKey == null ? null : keyValue(item, sortKey));
  }

  /** Returns the key that a document has among its fields or in its overflow. */
  Optional<ItemKey> keyOf(JsonNode source, Projection projection) {
    String sortKey = schema.sortKey();
    Optional<Value> partition = keyValue(source, schema.partitionKey(), projection);
    Optional<Value> sort =
        sortKey == null ? Optional.empty() : keyValue(source, sortKey, projection);
    return partition
        .filter(_ -> sortKey == null || sort.isPresent())
        .map(value -> new ItemKey(value, sort.orElse(null)));
  }

  private Optional<Value> keyValue(JsonNode source, String name, Projection projection) {
    JsonNode own = ItemComparison.attribute(source, name);
    // It keeps its own name where the new one was taken.
    JsonNode field =
        own.isMissingNode() ? ItemComparison.attribute(source, projection.nameOf(name)) : own;
    try {
      return switch (type(name)) {
        case S -> Optional.ofNullable(field.textValue()).map(Value.Text::new);
        case N -> Optional.of(new Value.Decimal(field.decimalValue().toPlainString()));
        case B -> Optional.of(new Value.Binary(ByteBuffer.wrap(field.binaryValue())));
        case UNKNOWN_TO_SDK_VERSION -> Optional.empty();
      };
    } catch (IOException | IllegalArgumentException | NullPointerException e) {
      return Optional.empty();
    }
  }

  private static Value keyValue(Map<String, Value> item, String name) {
    Value value = item.get(name);
    if (value == null) {
      throw new KeyException(
          "The items have no '%s': UTSUSHI_PARTITION_KEY and UTSUSHI_SORT_KEY must name the table's keys."
              .formatted(name));
    }
    return value;
  }

  /** Returns whether an item of the table can have this key. */
  boolean canHold(ItemKey key) {
    String sortKey = schema.sortKey();
    return isOfType(key.partition(), schema.partitionKey())
        && (sortKey == null
            ? key.sort() == null
            : key.sort() != null && isOfType(key.sort(), sortKey));
  }

  private boolean isOfType(Value value, String name) {
    return switch (value) {
      case Value.Text(String text) -> !text.isEmpty() && type(name) == ScalarAttributeType.S;
      case Value.Decimal _ -> type(name) == ScalarAttributeType.N;
      case Value.Binary(ByteBuffer bytes) ->
          bytes.hasRemaining() && type(name) == ScalarAttributeType.B;
      default -> false;
    };
  }

  /** Returns how many segments fit the table. */
  int fittingSegments() {
    return Run.fittingSegments(
        dynamoDb.describeTable(describe -> describe.tableName(table)).table().tableSizeBytes());
  }

  private ScalarAttributeType type(String name) {
    if (keyTypes == null) {
      Map<String, ScalarAttributeType> types = new HashMap<>();
      for (AttributeDefinition attribute :
          dynamoDb
              .describeTable(describe -> describe.tableName(table))
              .table()
              .attributeDefinitions()) {
        types.put(attribute.attributeName(), attribute.attributeType());
      }
      keyTypes = types;
    }
    return keyTypes.getOrDefault(name, ScalarAttributeType.UNKNOWN_TO_SDK_VERSION);
  }

  private Map<String, AttributeValue> attributes(ItemKey key) {
    Map<String, AttributeValue> attributes = new HashMap<>();
    attributes.put(schema.partitionKey(), attribute(key.partition()));
    if (key.sort() != null) {
      attributes.put(Objects.requireNonNull(schema.sortKey()), attribute(key.sort()));
    }
    return attributes;
  }

  private static AttributeValue attribute(Value value) {
    return switch (value) {
      case Value.Text(String text) -> AttributeValue.fromS(text);
      case Value.Decimal(String digits) -> AttributeValue.fromN(digits);
      case Value.Binary(ByteBuffer bytes) ->
          AttributeValue.fromB(SdkBytes.fromByteBuffer(bytes.duplicate()));
      default -> throw new IllegalArgumentException("A key must be of type S, N or B.");
    };
  }
}
