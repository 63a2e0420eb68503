package dev.utsushi.core.record;

import dev.utsushi.core.change.Value;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.Record;

/** Converts what the SDK reads: records of DynamoDB Streams, and items of a table. */
public final class SdkRecords {
  private SdkRecords() {}

  /** Converts a record. */
  public static StreamRecord of(Record read, String streamArn) {
    var change = read.dynamodb();
    Map<String, Value> keys = null;
    try {
      keys = change.hasKeys() ? values(change.keys()) : null;
      return new StreamRecord(
          read.eventID(),
          read.eventNameAsString(),
          read.eventVersion(),
          read.awsRegion(),
          streamArn,
          null,
          read.userIdentity() == null
              ? null
              : new StreamRecord.Identity(
                  read.userIdentity().type(), read.userIdentity().principalId()),
          change.sequenceNumber(),
          change.approximateCreationDateTime(),
          keys,
          change.hasNewImage() ? values(change.newImage()) : null,
          change.sizeBytes(),
          change.streamViewTypeAsString(),
          null,
          null);
    } catch (IllegalArgumentException e) {
      return StreamRecord.unreadable(
          streamArn, change.sequenceNumber(), keys, StreamRecord.UNKNOWN_TYPE);
    }
  }

  /** Returns the item before the change; null if the record has none or it cannot be read. */
  static @Nullable Map<String, Value> oldImage(Record read) {
    try {
      return read.dynamodb().hasOldImage() ? values(read.dynamodb().oldImage()) : null;
    } catch (IllegalArgumentException e) {
      return null;
    }
  }

  /**
   * Returns the attributes of an item.
   *
   * @throws IllegalArgumentException if a value has none of DynamoDB's data types
   */
  public static Map<String, Value> values(Map<String, AttributeValue> attributes) {
    Map<String, Value> values = LinkedHashMap.newLinkedHashMap(attributes.size());
    attributes.forEach((name, attribute) -> values.put(name, value(attribute)));
    return values;
  }

  private static Value value(AttributeValue attribute) {
    return switch (attribute.type()) {
      case S -> new Value.Text(attribute.s());
      case N -> new Value.Decimal(attribute.n());
      case B -> new Value.Binary(bytes(attribute.b()));
      case BOOL -> new Value.Bool(attribute.bool());
      case NUL -> new Value.Null();
      case SS -> new Value.TextSet(attribute.ss());
      case NS -> new Value.DecimalSet(attribute.ns());
      case BS -> new Value.BinarySet(attribute.bs().stream().map(SdkRecords::bytes).toList());
      case M -> new Value.Structure(values(attribute.m()));
      case L -> new Value.Sequence(attribute.l().stream().map(SdkRecords::value).toList());
      case UNKNOWN_TO_SDK_VERSION -> throw new IllegalArgumentException(StreamRecord.UNKNOWN_TYPE);
    };
  }

  private static ByteBuffer bytes(SdkBytes bytes) {
    return bytes.asByteBuffer();
  }
}
