package dev.utsushi.core.record;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import dev.utsushi.core.change.Value;
import dev.utsushi.core.record.StreamRecord.Identity;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Reads the JSON of one record token by token: Kinesis delivers every change as such a text. A
 * value with an unknown type makes the record unreadable, but not what stands around it.
 */
public final class RecordReader {
  /** The precision at which changes of an item have an order. */
  static final String MICROSECOND = "MICROSECOND";

  /** An attribute's name may be as long as an item: 400 KB. */
  private static final int LONGEST_NAME = 500_000;

  private static final JsonFactory JSON =
      JsonFactory.builder()
          .streamReadConstraints(
              StreamReadConstraints.builder().maxNameLength(LONGEST_NAME).build())
          .build();

  private static final String NOT_JSON = "The record is not JSON.";

  private final JsonParser json;
  private @Nullable String eventId;
  private @Nullable String eventName;
  private @Nullable String eventVersion;
  private @Nullable String region;
  private @Nullable String streamArn;
  private @Nullable String tableName;
  private @Nullable Identity identity;
  private @Nullable String sequenceNumber;
  private @Nullable BigDecimal time;
  private @Nullable String precision;
  private @Nullable Map<String, Value> keys;
  private @Nullable Map<String, Value> newImage;
  private @Nullable Map<String, Value> oldImage;
  private @Nullable Long sizeBytes;
  private @Nullable String viewType;
  private boolean hasChange;
  private boolean hasUnknownType;

  /** Whether it reads the item before the change, which is most often half of a record. */
  private final boolean oldImages;

  private RecordReader(
      JsonParser json,
      boolean oldImages,
      @Nullable String streamArn,
      @Nullable String sequenceNumber) {
    this.json = json;
    this.oldImages = oldImages;
    this.streamArn = streamArn;
    this.sequenceNumber = sequenceNumber;
  }

  /**
   * Reads the data of a record of Kinesis, which does not hold where it was delivered from. Data
   * that is not a change becomes a record that says so.
   */
  public static StreamRecord readKinesis(
      InputStream data, @Nullable String streamArn, @Nullable String sequenceNumber) {
    return readKinesis(data, false, streamArn, sequenceNumber);
  }

  /**
   * Reads the data of a record of Kinesis.
   *
   * @param oldImages whether to read the item before the change
   */
  public static StreamRecord readKinesis(
      InputStream data,
      boolean oldImages,
      @Nullable String streamArn,
      @Nullable String sequenceNumber) {
    try (JsonParser json = JSON.createParser(data)) {
      return new RecordReader(json, oldImages, streamArn, sequenceNumber).read();
    } catch (IOException e) {
      return StreamRecord.unreadable(streamArn, sequenceNumber, null, NOT_JSON);
    }
  }

  static StreamRecord read(String text) {
    try (JsonParser json = JSON.createParser(text)) {
      return new RecordReader(json, false, null, null).read();
    } catch (IOException e) {
      return StreamRecord.unreadable(null, null, null, NOT_JSON);
    }
  }

  private StreamRecord read() throws IOException {
    json.nextToken();
    for (String name = firstField(); name != null; name = nextField()) {
      switch (name) {
        case "eventID" -> eventId = text();
        case "eventName" -> eventName = text();
        case "eventVersion" -> eventVersion = text();
        case "awsRegion" -> region = text();
        case "eventSourceARN" -> streamArn = text();
        case "tableName" -> tableName = text();
        case "userIdentity" -> identity = identity();
        case "dynamodb" -> readChange();
        default -> json.skipChildren();
      }
    }
    return result();
  }

  private StreamRecord result() {
    if (!hasChange) {
      return StreamRecord.unreadable(streamArn, sequenceNumber, null, StreamRecord.NO_CHANGE);
    }
    if (hasUnknownType) {
      return StreamRecord.unreadable(streamArn, sequenceNumber, keys, StreamRecord.UNKNOWN_TYPE);
    }
    boolean coarse =
        streamArn != null
            && KinesisSource.isKinesis(streamArn)
            && !Objects.equals(precision, MICROSECOND);
    return new StreamRecord(
        eventId,
        eventName,
        eventVersion,
        region,
        streamArn,
        tableName,
        identity,
        sequenceNumber,
        changedAt(),
        keys,
        newImage,
        sizeBytes,
        viewType,
        coarse ? StreamRecord.COARSE_TIME : null,
        oldImage);
  }

  /** Without a precision the time is in seconds, in any form that a JSON number has. */
  private @Nullable Instant changedAt() {
    if (time == null) {
      return null;
    }
    if (MICROSECOND.equals(precision)) {
      return Instant.EPOCH.plus(time.longValue(), ChronoUnit.MICROS);
    }
    int digits = "MILLISECOND".equals(precision) ? 0 : 3;
    return Instant.ofEpochMilli(time.movePointRight(digits).longValue());
  }

  private void readChange() throws IOException {
    hasChange = json.currentToken() == JsonToken.START_OBJECT;
    if (!hasChange) {
      json.skipChildren();
    }
    for (String name = firstField(); name != null; name = nextField()) {
      switch (name) {
        case "ApproximateCreationDateTime" -> time = number();
        case "ApproximateCreationDateTimePrecision" -> precision = text();
        case "Keys" -> {
          boolean unknownBefore = hasUnknownType;
          keys = readable();
          hasUnknownType |= unknownBefore;
        }
        case "NewImage" -> newImage = attributes();
        case "OldImage" -> readOldImage();
        case "SequenceNumber" -> sequenceNumber = text();
        case "SizeBytes" -> sizeBytes = size();
        case "StreamViewType" -> viewType = text();
        default -> json.skipChildren();
      }
    }
  }

  /** An old image that cannot be read keeps nothing of the change from being read. */
  private void readOldImage() throws IOException {
    if (!oldImages) {
      json.skipChildren();
      return;
    }
    boolean unknownBefore = hasUnknownType;
    oldImage = readable();
    hasUnknownType = unknownBefore;
  }

  /** Returns attributes; null if one has an unknown type. */
  private @Nullable Map<String, Value> readable() throws IOException {
    hasUnknownType = false;
    Map<String, Value> read = attributes();
    return hasUnknownType ? null : read;
  }

  private @Nullable Identity identity() throws IOException {
    if (json.currentToken() != JsonToken.START_OBJECT) {
      json.skipChildren();
      return null;
    }
    String type = null;
    String principalId = null;
    for (String name = firstField(); name != null; name = nextField()) {
      switch (name) {
        case "type", "Type" -> type = text();
        case "principalId", "PrincipalId" -> principalId = text();
        default -> json.skipChildren();
      }
    }
    return new Identity(type, principalId);
  }

  private Map<String, Value> attributes() throws IOException {
    Map<String, Value> attributes = new LinkedHashMap<>();
    if (json.currentToken() != JsonToken.START_OBJECT) {
      unknown();
    }
    for (String name = firstField(); name != null; name = nextField()) {
      attributes.put(name, value());
    }
    return attributes;
  }

  /** Reads {@code {"S":"text"}}: the name of the one field is the type. */
  private Value value() throws IOException {
    String type = json.currentToken() == JsonToken.START_OBJECT ? firstField() : null;
    if (type == null) {
      return unknown();
    }
    Value value = ofType(type);
    for (String other = nextField(); other != null; other = nextField()) {
      value = unknown();
    }
    return value;
  }

  private Value ofType(String type) throws IOException {
    try {
      return value(type);
    } catch (IllegalArgumentException e) {
      // The text was read; it is none that DynamoDB writes.
      return unknown();
    }
  }

  private Value value(String type) throws IOException {
    return switch (type) {
      case "S" -> new Value.Text(required());
      case "N" -> new Value.Decimal(required());
      case "B" -> new Value.Binary(binary());
      case "BOOL" -> bool();
      case "NULL" -> nothing();
      case "M" -> new Value.Structure(attributes());
      case "L" -> new Value.Sequence(list(this::value));
      case "SS" -> new Value.TextSet(list(this::required));
      case "NS" -> new Value.DecimalSet(list(this::required));
      case "BS" -> new Value.BinarySet(list(this::binary));
      default -> unknown();
    };
  }

  private Value bool() throws IOException {
    boolean value = json.currentToken() == JsonToken.VALUE_TRUE;
    json.skipChildren();
    return new Value.Bool(value);
  }

  private Value nothing() throws IOException {
    json.skipChildren();
    return new Value.Null();
  }

  private interface Element<T> {
    T read() throws IOException;
  }

  private <T> List<T> list(Element<T> element) throws IOException {
    List<T> list = new ArrayList<>();
    if (json.currentToken() != JsonToken.START_ARRAY) {
      unknown();
      return list;
    }
    while (json.nextToken() != JsonToken.END_ARRAY) {
      list.add(element.read());
    }
    return list;
  }

  private ByteBuffer binary() throws IOException {
    try {
      return ByteBuffer.wrap(Base64.getDecoder().decode(required()));
    } catch (IllegalArgumentException e) {
      hasUnknownType = true;
      return ByteBuffer.allocate(0);
    }
  }

  private String required() throws IOException {
    String text = text();
    if (text == null) {
      hasUnknownType = true;
      return "";
    }
    return text;
  }

  /** Passes over a value that no attribute can have. */
  private Value unknown() throws IOException {
    hasUnknownType = true;
    return nothing();
  }

  private @Nullable String text() throws IOException {
    if (json.currentToken() == JsonToken.VALUE_STRING) {
      return json.getText();
    }
    json.skipChildren();
    return null;
  }

  private @Nullable Long size() throws IOException {
    BigDecimal size = number();
    return size == null ? null : size.longValue();
  }

  private @Nullable BigDecimal number() throws IOException {
    if (json.currentToken().isNumeric()) {
      return json.getDecimalValue();
    }
    json.skipChildren();
    return null;
  }

  /** Moves to the first field's value; returns its name, or null without one. */
  private @Nullable String firstField() throws IOException {
    return json.currentToken() == JsonToken.START_OBJECT ? nextField() : null;
  }

  /** Moves to the next field's value; returns its name, or null at the end of the object. */
  private @Nullable String nextField() throws IOException {
    String name = json.nextFieldName();
    if (name != null) {
      json.nextToken();
    }
    return name;
  }
}
