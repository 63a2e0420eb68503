package dev.utsushi.core.record;

import static java.time.Instant.EPOCH;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.utsushi.core.change.Value;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads and writes a record as JSON in the form of <a
 * href="https://docs.aws.amazon.com/lambda/latest/dg/with-ddb.html">Lambda's event</a>, without the
 * old image: nothing reads it, and it would be half of a dead letter. A record of Kinesis has this
 * form, too, with its table's name and its time in microseconds.
 */
public final class RecordJson {
  private static final ObjectMapper JSON = new ObjectMapper();

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
    if (streamRecord.tableName() != null) {
      event.put("tableName", streamRecord.tableName());
    }
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
    Instant changedAt = streamRecord.changedAt();
    String streamArn = streamRecord.streamArn();
    if (changedAt != null && streamArn != null && KinesisSource.isKinesis(streamArn)) {
      change.put("ApproximateCreationDateTime", ChronoUnit.MICROS.between(EPOCH, changedAt));
      if (streamRecord.problem() == null) {
        change.put("ApproximateCreationDateTimePrecision", RecordReader.MICROSECOND);
      }
    } else if (changedAt != null) {
      change.put("ApproximateCreationDateTime", changedAt.getEpochSecond());
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
    return RecordReader.read(json);
  }
}
