package dev.utsushi.local.mapping;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * Writes attribute values in DynamoDB's own JSON: numbers as strings with every digit, binaries in
 * base64.
 *
 * @see <a
 *     href="https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Programming.LowLevelAPI.html#Programming.LowLevelAPI.DataTypeDescriptors">Data
 *     type descriptors</a>
 */
final class AttributeJson {

  private AttributeJson() {}

  static void write(JsonGenerator json, Map<String, AttributeValue> attributes) throws IOException {
    json.writeStartObject();
    for (var attribute : attributes.entrySet()) {
      json.writeFieldName(attribute.getKey());
      write(json, attribute.getValue());
    }
    json.writeEndObject();
  }

  private static void write(JsonGenerator json, AttributeValue value) throws IOException {
    json.writeStartObject();
    json.writeFieldName(value.type() == AttributeValue.Type.NUL ? "NULL" : value.type().name());
    switch (value.type()) {
      case S -> json.writeString(value.s());
      case N -> json.writeString(value.n());
      case B -> json.writeString(base64(value.b()));
      case BOOL -> json.writeBoolean(value.bool());
      case NUL -> json.writeBoolean(true);
      case SS -> writeStrings(json, value.ss());
      case NS -> writeStrings(json, value.ns());
      case BS -> writeStrings(json, value.bs().stream().map(AttributeJson::base64).toList());
      case M -> write(json, value.m());
      case L -> writeList(json, value.l());
      case UNKNOWN_TO_SDK_VERSION ->
          throw new IllegalArgumentException("An attribute of a type that DynamoDB does not have");
    }
    json.writeEndObject();
  }

  private static void writeStrings(JsonGenerator json, List<String> strings) throws IOException {
    json.writeStartArray();
    for (String each : strings) {
      json.writeString(each);
    }
    json.writeEndArray();
  }

  private static void writeList(JsonGenerator json, List<AttributeValue> values)
      throws IOException {
    json.writeStartArray();
    for (AttributeValue each : values) {
      write(json, each);
    }
    json.writeEndArray();
  }

  private static String base64(SdkBytes bytes) {
    return Base64.getEncoder().encodeToString(bytes.asByteArrayUnsafe());
  }
}
