package dev.utsushi.cli.load;

import static software.amazon.awssdk.services.dynamodb.model.AttributeValue.fromN;
import static software.amazon.awssdk.services.dynamodb.model.AttributeValue.fromS;

import dev.utsushi.core.change.ItemKey;
import dev.utsushi.core.change.Value;
import dev.utsushi.core.document.DocumentId;
import dev.utsushi.operations.stack.OperationException;
import dev.utsushi.testbed.comparison.TableKeys;
import dev.utsushi.testbed.comparison.TableKeys.KeyAttribute;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ScalarAttributeType;
import software.amazon.awssdk.services.dynamodb.model.TableDescription;

/**
 * The items of one run in somebody's table, by their number. Their partition keys are the run's
 * alone, and they have no attribute that could be left out: an index keeps a field for each
 * attribute that it ever saw.
 */
final class OwnItems {
  private static final String PREFIX = "utsushi-load-";
  private static final String FILLER = "utsushiLoadFiller";

  /** Numbers so far below zero that nobody counts there, and that a {@code long} field holds. */
  private static final long FIRST_NUMBER = 9_000_000_000_000_000_000L;

  private static final long RUNS = 10_000_000_000L;
  private static final int ITEMS_OF_A_RUN = 10_000_000;

  private final TableKeys keys;
  private final @Nullable String lagAttribute;
  private final boolean lagIsText;
  private final long run;

  /**
   * For one run.
   *
   * @param lagAttribute which gets the write's time, if the stream has one
   * @param random chooses the run's keys
   * @throws OperationException if keys of this table can't be made
   */
  OwnItems(TableDescription table, @Nullable String lagAttribute, RandomGenerator random) {
    keys = TableKeys.of(table);
    this.lagAttribute = isKey(lagAttribute) ? null : lagAttribute;
    lagIsText =
        table.attributeDefinitions().stream()
            .anyMatch(
                each ->
                    each.attributeName().equals(lagAttribute)
                        && each.attributeType() == ScalarAttributeType.S);
    run = random.nextLong(RUNS);
    refuseBinary(table.tableName());
  }

  private boolean isKey(@Nullable String name) {
    return keys.attributes().stream().anyMatch(each -> each.name().equals(name));
  }

  private void refuseBinary(String table) {
    for (KeyAttribute each : keys.attributes()) {
      if (each.type() != ScalarAttributeType.S && each.type() != ScalarAttributeType.N) {
        throw OperationException.failed(
            "table %s has a key of type %s, %s: a load test makes keys of S and N only"
                .formatted(table, each.type(), each.name()));
      }
    }
  }

  TableKeys keys() {
    return keys;
  }

  String partitionKey() {
    return keys.attributes().getFirst().name();
  }

  /** How all of the run's partition keys can be told, for people. */
  String keyRange() {
    return keys.attributes().getFirst().type() == ScalarAttributeType.N
        ? "%s from %d down".formatted(partitionKey(), number(0))
        : "%s %s-…".formatted(partitionKey(), runId());
  }

  private String runId() {
    return PREFIX + Long.toString(run, Character.MAX_RADIX);
  }

  private long number(int item) {
    return -(FIRST_NUMBER + run * ITEMS_OF_A_RUN + item);
  }

  Map<String, AttributeValue> key(int item) {
    Map<String, AttributeValue> key = new HashMap<>();
    KeyAttribute partition = keys.attributes().getFirst();
    key.put(
        partition.name(),
        partition.type() == ScalarAttributeType.N
            ? fromN(Long.toString(number(item)))
            : fromS(runId() + "-" + item));
    if (keys.attributes().size() > 1) {
      KeyAttribute sort = keys.attributes().getLast();
      key.put(sort.name(), sort.type() == ScalarAttributeType.N ? fromN("0") : fromS(runId()));
    }
    return key;
  }

  /**
   * The whole item.
   *
   * @param bytes about how large it is at least
   * @param writtenAt its write's time
   */
  Map<String, AttributeValue> item(int item, int bytes, Instant writtenAt) {
    Map<String, AttributeValue> attributes = key(item);
    if (lagAttribute != null) {
      attributes.put(
          lagAttribute,
          lagIsText ? fromS(writtenAt.toString()) : fromN(Long.toString(writtenAt.toEpochMilli())));
    }
    if (bytes > 0) {
      attributes.put(FILLER, fromS("x".repeat(bytes)));
    }
    return attributes;
  }

  /** The {@code _id} of its document, as the function makes it. */
  String documentId(int item) {
    Map<String, AttributeValue> key = key(item);
    List<Value> values =
        keys.attributes().stream().map(each -> value(key.get(each.name()))).toList();
    return DocumentId.of(
        new ItemKey(values.getFirst(), values.size() == 1 ? null : values.getLast()));
  }

  private static Value value(AttributeValue value) {
    return value.s() == null ? new Value.Decimal(value.n()) : new Value.Text(value.s());
  }
}
