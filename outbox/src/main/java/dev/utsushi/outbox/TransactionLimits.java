package dev.utsushi.outbox;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.utsushi.outbox.event.OutboxException;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItem;

/**
 * DynamoDB's limits, checked before the request: its own errors do not say which item it was.
 *
 * @see <a
 *     href="https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ServiceQuotas.html">Quotas</a>
 */
final class TransactionLimits {
  private static final int MOST_ITEMS = 100;
  private static final long MOST_BYTES = 4L * 1024 * 1024;

  /** An item's 400 KB, less what relays add to it later. */
  private static final long LARGEST_EVENT = 399L * 1024;

  private static final int CONTAINER_BYTES = 3;

  private TransactionLimits() {}

  static void checkEvent(String name, Map<String, AttributeValue> item) {
    long bytes = bytes(item);
    if (bytes > LARGEST_EVENT) {
      throw new OutboxException(
          "The %s has %,d bytes with its headers, DynamoDB takes %,d: nothing was written; put the"
                  .formatted(name, bytes, LARGEST_EVENT)
              + " content in S3 and its address in the event");
    }
  }

  static void check(List<TransactWriteItem> items) {
    if (items.size() > MOST_ITEMS) {
      throw new OutboxException(
          "The transaction has %,d items with its events, DynamoDB takes %,d: nothing was written"
              .formatted(items.size(), MOST_ITEMS));
    }
    long bytes = items.stream().mapToLong(TransactionLimits::bytes).sum();
    if (bytes > MOST_BYTES) {
      throw new OutboxException(
          "The transaction has %,d bytes with its events, DynamoDB takes %,d: nothing was written"
              .formatted(bytes, MOST_BYTES));
    }
  }

  /** Counts what the request holds; of an update, DynamoDB counts the item, which may be larger. */
  private static long bytes(TransactWriteItem item) {
    if (item.put() != null) {
      return bytes(item.put().item());
    }
    if (item.update() != null) {
      return bytes(item.update().key()) + bytes(item.update().expressionAttributeValues());
    }
    if (item.delete() != null) {
      return bytes(item.delete().key());
    }
    return item.conditionCheck() == null ? 0 : bytes(item.conditionCheck().key());
  }

  static long bytes(Map<String, AttributeValue> item) {
    long bytes = 0;
    for (var attribute : item.entrySet()) {
      bytes += utf8(attribute.getKey()) + bytes(attribute.getValue());
    }
    return bytes;
  }

  private static long bytes(AttributeValue value) {
    return switch (value.type()) {
      case S -> utf8(value.s());
      case N -> number(value.n());
      case B -> value.b().asByteArrayUnsafe().length;
      case BOOL, NUL, UNKNOWN_TO_SDK_VERSION -> 1;
      case SS -> value.ss().stream().mapToLong(TransactionLimits::utf8).sum();
      case NS -> value.ns().stream().mapToLong(TransactionLimits::number).sum();
      case BS -> value.bs().stream().mapToLong(b -> b.asByteArrayUnsafe().length).sum();
      case M -> CONTAINER_BYTES + value.m().size() + bytes(value.m());
      case L -> CONTAINER_BYTES + value.l().size() + listed(value.l());
    };
  }

  private static long listed(Collection<AttributeValue> values) {
    return values.stream().mapToLong(TransactionLimits::bytes).sum();
  }

  /** Two digits take a byte. */
  private static long number(String digits) {
    return digits.length() / 2 + 2L;
  }

  private static long utf8(String text) {
    return text.getBytes(UTF_8).length;
  }
}
