package dev.utsushi.stream;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.utsushi.core.json.JsonText;
import java.io.IOException;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.Identity;
import software.amazon.awssdk.services.dynamodb.model.Record;
import software.amazon.awssdk.services.dynamodb.model.StreamRecord;

/**
 * Writes a record that was read from the stream as <a
 * href="https://docs.aws.amazon.com/lambda/latest/dg/with-ddb.html">Lambda hands it to a
 * function</a>, so that from there on it goes the one road. The old image is left out: nobody on
 * that road looks at it, and it is half of what has to be kept.
 */
final class RecordJson {
  private RecordJson() {}

  static String of(Record streamRecord, String streamArn) {
    return JsonText.of(
        json -> {
          json.writeStartObject();
          json.writeStringField("eventID", streamRecord.eventID());
          json.writeStringField("eventName", streamRecord.eventNameAsString());
          json.writeStringField("eventVersion", streamRecord.eventVersion());
          json.writeStringField("eventSource", "aws:dynamodb");
          json.writeStringField("awsRegion", streamRecord.awsRegion());
          writeChange(json, streamRecord.dynamodb());
          Identity identity = streamRecord.userIdentity();
          if (identity != null) {
            json.writeObjectFieldStart("userIdentity");
            json.writeStringField("type", identity.type());
            json.writeStringField("principalId", identity.principalId());
            json.writeEndObject();
          }
          json.writeStringField("eventSourceARN", streamArn);
          json.writeEndObject();
        });
  }

  private static void writeChange(JsonGenerator json, StreamRecord change) throws IOException {
    json.writeObjectFieldStart("dynamodb");
    if (change.approximateCreationDateTime() != null) {
      json.writeNumberField(
          "ApproximateCreationDateTime", change.approximateCreationDateTime().getEpochSecond());
    }
    if (change.hasKeys()) {
      json.writeFieldName("Keys");
      write(json, change.keys());
    }
    if (change.hasNewImage()) {
      json.writeFieldName("NewImage");
      write(json, change.newImage());
    }
    json.writeStringField("SequenceNumber", change.sequenceNumber());
    if (change.sizeBytes() != null) {
      json.writeNumberField("SizeBytes", change.sizeBytes());
    }
    json.writeStringField("StreamViewType", change.streamViewTypeAsString());
    json.writeEndObject();
  }

  private static void write(JsonGenerator json, Map<String, AttributeValue> attributes)
      throws IOException {
    json.writeStartObject();
    for (var attribute : attributes.entrySet()) {
      json.writeFieldName(attribute.getKey());
      write(json, attribute.getValue());
    }
    json.writeEndObject();
  }

  private static void write(JsonGenerator json, AttributeValue value) throws IOException {
    json.writeStartObject();
    switch (value.type()) {
      case S -> json.writeStringField("S", value.s());
      case N -> json.writeStringField("N", value.n());
      case B -> json.writeStringField("B", base64(value.b()));
      case BOOL -> json.writeBooleanField("BOOL", value.bool());
      case NUL -> json.writeBooleanField("NULL", true);
      case SS -> writeTexts(json, "SS", value.ss());
      case NS -> writeTexts(json, "NS", value.ns());
      case BS -> writeTexts(json, "BS", value.bs().stream().map(RecordJson::base64).toList());
      case M -> {
        json.writeFieldName("M");
        write(json, value.m());
      }
      case L -> writeList(json, value.l());
      // No type at all: the decoder tells that the record can't be understood.
      case UNKNOWN_TO_SDK_VERSION -> {}
    }
    json.writeEndObject();
  }

  private static void writeTexts(JsonGenerator json, String type, List<String> texts)
      throws IOException {
    json.writeArrayFieldStart(type);
    for (String text : texts) {
      json.writeString(text);
    }
    json.writeEndArray();
  }

  private static void writeList(JsonGenerator json, List<AttributeValue> values)
      throws IOException {
    json.writeArrayFieldStart("L");
    for (AttributeValue value : values) {
      write(json, value);
    }
    json.writeEndArray();
  }

  private static String base64(SdkBytes bytes) {
    return Base64.getEncoder().encodeToString(bytes.asByteArrayUnsafe());
  }
}
