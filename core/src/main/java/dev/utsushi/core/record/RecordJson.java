package dev.utsushi.core.record;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.utsushi.core.change.Value;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Reads and writes a record as JSON in the form of <a
 * href="https://docs.aws.amazon.com/lambda/latest/dg/with-ddb.html">Lambda's event</a>, without the
 * old image: nothing reads it, and it would be half of a dead letter.
 */
public final class RecordJson {
  /** An attribute's name may be as long as an item: 400 KB. */
  private static final int LONGEST_NAME = 500_000;

  private static final ObjectMapper JSON =
      new ObjectMapper(
          JsonFactory.builder()
              .streamReadConstraints(
                  StreamReadConstraints.builder().maxNameLength(LONGEST_NAME).build())
              .build());

  private RecordJson() {}

  /** Writes one record. */
  public static String write(StreamRecord streamRecord) {
    return write(streamRecord, null);
  }

  /** Writes one record with the item before the change. */
  public static String write(StreamRecord streamRecord, @Nullable Map<String, Value> oldImage) {
    Map<String, @Nullable Object> event = new LinkedHashMap<>();
    event.put("eventID", streamRecord.eventId());
    event.put("eventName", streamRecord.eventName());
    event.put("eventVersion", streamRecord.eventVersion());
    event.put("eventSource", "aws:dynamodb");
    event.put("awsRegion", streamRecord.region());
    event.put("dynamodb", change(streamRecord, oldImage));
    if (streamRecord.identity() != null) {
      event.put("userIdentity", streamRecord.identity());
    }
    event.put("eventSourceARN", streamRecord.streamArn());
    try {
      return JSON.writeValueAsString(event);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Map<String, @Nullable Object> change(
      StreamRecord streamRecord, @Nullable Map<String, Value> oldImage) {
    Map<String, @Nullable Object> change = new LinkedHashMap<>();
    if (streamRecord.changedAt() != null) {
      change.put("ApproximateCreationDateTime", streamRecord.changedAt().getEpochSecond());
    }
    if (streamRecord.keys() != null) {
      change.put("Keys", typed(streamRecord.keys()));
    }
    if (streamRecord.newImage() != null) {
      change.put("NewImage", typed(streamRecord.newImage()));
    }
    if (oldImage != null) {
      change.put("OldImage", typed(oldImage));
    }
    change.put("SequenceNumber", streamRecord.sequenceNumber());
    if (streamRecord.sizeBytes() != null) {
      change.put("SizeBytes", streamRecord.sizeBytes());
    }
    change.put("StreamViewType", streamRecord.viewType());
    return change;
  }

  /** Returns attributes as DynamoDB's typed JSON: {@code {"name":{"S":"text"}}}. */
  public static Map<String, Object> typed(Map<String, Value> attributes) {
    Map<String, Object> typed = LinkedHashMap.newLinkedHashMap(attributes.size());
    attributes.forEach((name, value) -> typed.put(name, typed(value)));
    return typed;
  }

  private static Map<String, Object> typed(Value value) {
    return switch (value) {
      case Value.Text(String text) -> Map.of("S", text);
      case Value.Decimal(String digits) -> Map.of("N", digits);
      case Value.Binary(ByteBuffer bytes) -> Map.of("B", bytes);
      case Value.Bool(boolean bool) -> Map.of("BOOL", bool);
      case Value.Null _ -> Map.of("NULL", true);
      case Value.Structure(Map<String, Value> attributes) -> Map.of("M", typed(attributes));
      case Value.Sequence(List<Value> values) ->
          Map.of("L", values.stream().map(RecordJson::typed).toList());
      case Value.TextSet(List<String> texts) -> Map.of("SS", texts);
      case Value.DecimalSet(List<String> numbers) -> Map.of("NS", numbers);
      case Value.BinarySet(List<ByteBuffer> binaries) -> Map.of("BS", binaries);
    };
  }

  /** Reads one record. Text that is not one becomes a record that says so. */
  public static StreamRecord read(String json) {
    JsonNode event;
    try {
      event = JSON.readTree(json);
    } catch (JsonProcessingException e) {
      return StreamRecord.unreadable(null, null, null, "The record is not JSON.");
    }
    JsonNode change = event.path("dynamodb");
    String streamArn = text(event.path("eventSourceARN"));
    String sequenceNumber = text(change.path("SequenceNumber"));
    if (!change.isObject()) {
      return StreamRecord.unreadable(streamArn, null, null, StreamRecord.NO_CHANGE);
    }
    Map<String, Value> keys = null;
    try {
      keys = change.has("Keys") ? attributes(change.path("Keys")) : null;
      return new StreamRecord(
          text(event.path("eventID")),
          text(event.path("eventName")),
          text(event.path("eventVersion")),
          text(event.path("awsRegion")),
          streamArn,
          identity(event.path("userIdentity")),
          sequenceNumber,
          changedAt(change.path("ApproximateCreationDateTime")),
          keys,
          change.has("NewImage") ? attributes(change.path("NewImage")) : null,
          change.path("SizeBytes").isNumber() ? change.path("SizeBytes").longValue() : null,
          text(change.path("StreamViewType")),
          null);
    } catch (IllegalArgumentException e) {
      return StreamRecord.unreadable(streamArn, sequenceNumber, keys, StreamRecord.UNKNOWN_TYPE);
    }
  }

  private static @Nullable String text(JsonNode node) {
    return node.textValue();
  }

  private static StreamRecord.@Nullable Identity identity(JsonNode node) {
    return node.isObject()
        ? new StreamRecord.Identity(text(node.path("type")), text(node.path("principalId")))
        : null;
  }

  /** Reads seconds since the epoch, in any form that a JSON number has. */
  private static @Nullable Instant changedAt(JsonNode seconds) {
    return seconds.isNumber()
        ? Instant.ofEpochMilli(seconds.decimalValue().movePointRight(3).longValue())
        : null;
  }

  private static Map<String, Value> attributes(JsonNode node) {
    Map<String, Value> attributes = LinkedHashMap.newLinkedHashMap(node.size());
    node.properties().forEach(field -> attributes.put(field.getKey(), value(field.getValue())));
    return attributes;
  }

  /** Reads {@code {"S":"text"}}: the name of the one field is the type. */
  private static Value value(JsonNode node) {
    if (node.size() != 1) {
      throw new IllegalArgumentException(StreamRecord.UNKNOWN_TYPE);
    }
    var field = node.properties().iterator().next();
    JsonNode value = field.getValue();
    return switch (field.getKey()) {
      case "S" -> new Value.Text(requiredText(value));
      case "N" -> new Value.Decimal(requiredText(value));
      case "B" -> new Value.Binary(binary(value));
      case "BOOL" -> new Value.Bool(value.booleanValue());
      case "NULL" -> new Value.Null();
      case "M" -> new Value.Structure(attributes(value));
      case "L" -> new Value.Sequence(list(value, RecordJson::value));
      case "SS" -> new Value.TextSet(list(value, RecordJson::requiredText));
      case "NS" -> new Value.DecimalSet(list(value, RecordJson::requiredText));
      case "BS" -> new Value.BinarySet(list(value, RecordJson::binary));
      default -> throw new IllegalArgumentException(StreamRecord.UNKNOWN_TYPE);
    };
  }

  private static <T> List<T> list(JsonNode array, Function<JsonNode, T> reader) {
    return array.valueStream().map(reader).toList();
  }

  private static ByteBuffer binary(JsonNode node) {
    return ByteBuffer.wrap(Base64.getDecoder().decode(requiredText(node)));
  }

  private static String requiredText(JsonNode node) {
    if (!node.isTextual()) {
      throw new IllegalArgumentException(StreamRecord.UNKNOWN_TYPE);
    }
    return node.textValue();
  }
}
