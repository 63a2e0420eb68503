package dev.utsushi.stream;

import com.amazonaws.services.lambda.runtime.events.DynamodbEvent.DynamodbStreamRecord;
import com.amazonaws.services.lambda.runtime.events.models.dynamodb.AttributeValue;
import com.amazonaws.services.lambda.runtime.events.models.dynamodb.Identity;
import dev.utsushi.core.change.Value;
import dev.utsushi.core.record.StreamRecord;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Converts the records of Lambda's event. */
public final class LambdaRecords {
  private LambdaRecords() {}

  /** Converts records, in their order. */
  public static List<StreamRecord> of(List<DynamodbStreamRecord> records) {
    return of(records, false);
  }

  /**
   * Converts records, in their order.
   *
   * @param oldImages whether to convert the items before the changes
   */
  public static List<StreamRecord> of(List<DynamodbStreamRecord> records, boolean oldImages) {
    return records.stream()
        .map(each -> oldImages ? withOldImage(each, of(each)) : of(each))
        .toList();
  }

  private static StreamRecord withOldImage(DynamodbStreamRecord delivered, StreamRecord converted) {
    if (delivered.getDynamodb() == null || delivered.getDynamodb().getOldImage() == null) {
      return converted;
    }
    try {
      var oldImage = values(delivered.getDynamodb().getOldImage());
      return converted.with(converted.newImage(), oldImage);
    } catch (IllegalArgumentException e) {
      // What it was is unknown then.
      return converted;
    }
  }

  private static StreamRecord of(DynamodbStreamRecord delivered) {
    var change = delivered.getDynamodb();
    String streamArn = delivered.getEventSourceARN();
    if (change == null) {
      return StreamRecord.unreadable(streamArn, null, null, StreamRecord.NO_CHANGE);
    }
    try {
      return new StreamRecord(
          delivered.getEventID(),
          delivered.getEventName(),
          delivered.getEventVersion(),
          delivered.getAwsRegion(),
          streamArn,
          null,
          identity(delivered.getUserIdentity()),
          change.getSequenceNumber(),
          instant(change.getApproximateCreationDateTime()),
          change.getKeys() == null ? null : values(change.getKeys()),
          change.getNewImage() == null ? null : values(change.getNewImage()),
          change.getSizeBytes(),
          change.getStreamViewType(),
          null,
          null);
    } catch (IllegalArgumentException e) {
      return StreamRecord.unreadable(
          streamArn, change.getSequenceNumber(), null, StreamRecord.UNKNOWN_TYPE);
    }
  }

  private static StreamRecord.@Nullable Identity identity(@Nullable Identity identity) {
    return identity == null
        ? null
        : new StreamRecord.Identity(identity.getType(), identity.getPrincipalId());
  }

  private static java.time.@Nullable Instant instant(@Nullable Date date) {
    return date == null ? null : date.toInstant();
  }

  private static Map<String, Value> values(Map<String, AttributeValue> attributes) {
    Map<String, Value> values = LinkedHashMap.newLinkedHashMap(attributes.size());
    attributes.forEach((name, attribute) -> values.put(name, value(attribute)));
    return values;
  }

  private static Value value(AttributeValue attribute) {
    if (attribute.getS() != null) {
      return new Value.Text(attribute.getS());
    }
    if (attribute.getN() != null) {
      return new Value.Decimal(attribute.getN());
    }
    if (attribute.getBOOL() != null) {
      return new Value.Bool(attribute.getBOOL());
    }
    if (attribute.getM() != null) {
      return new Value.Structure(values(attribute.getM()));
    }
    if (attribute.getL() != null) {
      return new Value.Sequence(attribute.getL().stream().map(LambdaRecords::value).toList());
    }
    return rareValue(attribute);
  }

  private static Value rareValue(AttributeValue attribute) {
    if (attribute.getNULL() != null) {
      return new Value.Null();
    }
    if (attribute.getB() != null) {
      return new Value.Binary(attribute.getB());
    }
    if (attribute.getSS() != null) {
      return new Value.TextSet(attribute.getSS());
    }
    if (attribute.getNS() != null) {
      return new Value.DecimalSet(attribute.getNS());
    }
    if (attribute.getBS() != null) {
      return new Value.BinarySet(attribute.getBS());
    }
    throw new IllegalArgumentException(StreamRecord.UNKNOWN_TYPE);
  }
}
