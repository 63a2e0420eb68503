package dev.utsushi.local.dynamodb;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.Record;
import software.amazon.awssdk.services.dynamodb.model.StreamRecord;

/**
 * Puts empty maps back where DynamoDB Local's stream has an attribute of no type in their place.
 */
final class EmptyMaps {
  private static final AttributeValue EMPTY = AttributeValue.fromM(Map.of());

  private EmptyMaps() {}

  static Record in(Record record) {
    StreamRecord change = record.dynamodb();
    StreamRecord.Builder mended = change.toBuilder();
    if (change.hasNewImage()) {
      mended.newImage(in(change.newImage()));
    }
    if (change.hasOldImage()) {
      mended.oldImage(in(change.oldImage()));
    }
    return record.toBuilder().dynamodb(mended.build()).build();
  }

  private static Map<String, AttributeValue> in(Map<String, AttributeValue> attributes) {
    Map<String, AttributeValue> mended = HashMap.newHashMap(attributes.size());
    attributes.forEach((name, value) -> mended.put(name, in(value)));
    return mended;
  }

  private static AttributeValue in(AttributeValue value) {
    return switch (value.type()) {
      case UNKNOWN_TO_SDK_VERSION -> EMPTY;
      case M -> AttributeValue.fromM(in(value.m()));
      case L -> AttributeValue.fromL(in(value.l()));
      case S, N, B, SS, NS, BS, BOOL, NUL -> value;
    };
  }

  private static List<AttributeValue> in(List<AttributeValue> values) {
    return values.stream().map(EmptyMaps::in).toList();
  }
}
