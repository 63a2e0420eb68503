package dev.utsushi.stream;

import com.amazonaws.services.lambda.runtime.events.DynamodbEvent.DynamodbStreamRecord;
import com.amazonaws.services.lambda.runtime.events.models.dynamodb.AttributeValue;
import com.amazonaws.services.lambda.runtime.events.models.dynamodb.Identity;
import com.amazonaws.services.lambda.runtime.events.models.dynamodb.StreamRecord;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads a record from the JSON that Lambda's event has it in, as Lambda's runtime does for the
 * records of an event.
 */
public final class RecordReader {
  private static final JsonFactory JSON = new JsonFactory();

  private RecordReader() {}

  /** One record. What can't be read is left out, for {@link RecordDecoder} to tell. */
  public static DynamodbStreamRecord read(String text) {
    try (JsonParser json = JSON.createParser(text)) {
      json.nextToken();
      return streamRecord(json);
    } catch (IOException | RuntimeException e) {
      return new DynamodbStreamRecord();
    }
  }

  private static DynamodbStreamRecord streamRecord(JsonParser json) throws IOException {
    DynamodbStreamRecord streamRecord = new DynamodbStreamRecord();
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      String name = json.currentName();
      json.nextToken();
      switch (name) {
        case "eventID" -> streamRecord.setEventID(json.getValueAsString());
        case "eventName" -> streamRecord.setEventName(json.getValueAsString());
        case "eventSourceARN" -> streamRecord.setEventSourceARN(json.getValueAsString());
        case "dynamodb" -> streamRecord.setDynamodb(change(json));
        case "userIdentity" -> streamRecord.setUserIdentity(identity(json));
        default -> json.skipChildren();
      }
    }
    return streamRecord;
  }

  private static StreamRecord change(JsonParser json) throws IOException {
    StreamRecord change = new StreamRecord();
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      String name = json.currentName();
      json.nextToken();
      switch (name) {
        case "ApproximateCreationDateTime" ->
            change.setApproximateCreationDateTime(time(json.getDecimalValue()));
        case "Keys" -> change.setKeys(attributes(json));
        case "NewImage" -> change.setNewImage(attributes(json));
        case "SequenceNumber" -> change.setSequenceNumber(json.getValueAsString());
        default -> json.skipChildren();
      }
    }
    return change;
  }

  /** Seconds since the epoch, in any form that a JSON number has. */
  private static Date time(BigDecimal seconds) {
    return Date.from(Instant.ofEpochMilli(seconds.movePointRight(3).longValue()));
  }

  private static Identity identity(JsonParser json) throws IOException {
    Identity identity = new Identity();
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      String name = json.currentName();
      json.nextToken();
      switch (name) {
        case "type" -> identity.setType(json.getValueAsString());
        case "principalId" -> identity.setPrincipalId(json.getValueAsString());
        default -> json.skipChildren();
      }
    }
    return identity;
  }

  private static Map<String, AttributeValue> attributes(JsonParser json) throws IOException {
    Map<String, AttributeValue> attributes = new LinkedHashMap<>();
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      String name = json.currentName();
      json.nextToken();
      attributes.put(name, value(json));
    }
    return attributes;
  }

  private static AttributeValue value(JsonParser json) throws IOException {
    AttributeValue value = new AttributeValue();
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      String type = json.currentName();
      json.nextToken();
      switch (type) {
        case "S" -> value.setS(json.getText());
        case "N" -> value.setN(json.getText());
        case "B" -> value.setB(binary(json));
        case "BOOL" -> value.setBOOL(json.getBooleanValue());
        case "NULL" -> value.setNULL(json.getBooleanValue());
        case "M" -> value.setM(attributes(json));
        case "L" -> value.setL(list(json, RecordReader::value));
        case "SS" -> value.setSS(list(json, JsonParser::getText));
        case "NS" -> value.setNS(list(json, JsonParser::getText));
        case "BS" -> value.setBS(list(json, RecordReader::binary));
        default -> json.skipChildren();
      }
    }
    return value;
  }

  private static ByteBuffer binary(JsonParser json) throws IOException {
    return ByteBuffer.wrap(json.getBinaryValue());
  }

  private static <T> List<T> list(JsonParser json, ElementReader<T> reader) throws IOException {
    List<T> elements = new ArrayList<>();
    while (json.nextToken() != JsonToken.END_ARRAY) {
      elements.add(reader.read(json));
    }
    return elements;
  }

  @FunctionalInterface
  private interface ElementReader<T> {
    T read(JsonParser json) throws IOException;
  }
}
