package dev.utsushi.core.projection;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Reads and writes JSON as maps, lists, texts, booleans and numbers: with the streaming parser,
 * since the flow has loaded that one anyway.
 */
final class PlainJson {
  private static final JsonFactory JSON = new JsonFactory();

  private PlainJson() {}

  static @Nullable Object read(String json) throws IOException {
    try (JsonParser parser = JSON.createParser(json)) {
      parser.nextToken();
      return value(parser);
    }
  }

  private static @Nullable Object value(JsonParser parser) throws IOException {
    JsonToken token = parser.currentToken();
    if (token == JsonToken.START_OBJECT) {
      Map<String, @Nullable Object> members = new LinkedHashMap<>();
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        String name = parser.currentName();
        parser.nextToken();
        members.put(name, value(parser));
      }
      return members;
    }
    if (token == JsonToken.START_ARRAY) {
      List<@Nullable Object> elements = new ArrayList<>();
      while (parser.nextToken() != JsonToken.END_ARRAY) {
        elements.add(value(parser));
      }
      return elements;
    }
    return scalar(parser, token);
  }

  private static @Nullable Object scalar(JsonParser parser, @Nullable JsonToken token)
      throws IOException {
    if (token == null) {
      throw new IOException("there is nothing");
    }
    if (token == JsonToken.VALUE_NULL) {
      return null;
    }
    if (token.isBoolean()) {
      return parser.getBooleanValue();
    }
    return token.isNumeric() ? parser.getDecimalValue() : parser.getText();
  }

  static String write(@Nullable Object json) {
    StringWriter text = new StringWriter();
    try (JsonGenerator generator = JSON.createGenerator(text)) {
      write(json, generator);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return text.toString();
  }

  private static void write(@Nullable Object json, JsonGenerator generator) throws IOException {
    switch (json) {
      case Map<?, ?> members -> {
        generator.writeStartObject();
        for (var member : members.entrySet()) {
          generator.writeFieldName(String.valueOf(member.getKey()));
          write(member.getValue(), generator);
        }
        generator.writeEndObject();
      }
      case List<?> elements -> {
        generator.writeStartArray();
        for (Object element : elements) {
          write(element, generator);
        }
        generator.writeEndArray();
      }
      case BigDecimal number -> generator.writeNumber(number);
      case Boolean bool -> generator.writeBoolean(bool);
      case null -> generator.writeNull();
      case Object text -> generator.writeString(text.toString());
    }
  }

  /** Returns the same with the members of each object in the order of their names. */
  static @Nullable Object sorted(@Nullable Object json) {
    return switch (json) {
      case Map<?, ?> members -> {
        Map<String, @Nullable Object> sorted = new TreeMap<>();
        members.forEach((name, value) -> sorted.put(String.valueOf(name), sorted(value)));
        yield sorted;
      }
      case List<?> elements -> {
        List<@Nullable Object> copy = new ArrayList<>();
        elements.forEach(element -> copy.add(sorted(element)));
        yield copy;
      }
      case null -> null;
      case Object scalar -> scalar;
    };
  }
}
