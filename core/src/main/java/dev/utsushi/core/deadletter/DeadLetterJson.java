package dev.utsushi.core.deadletter;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.deser.std.FromStringDeserializer;
import com.fasterxml.jackson.databind.exc.InvalidFormatException;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.ser.std.ToStringSerializer;
import java.io.UncheckedIOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Reads and writes the JSON of dead letters, with times as ISO 8601 text. */
public final class DeadLetterJson {
  private static final JsonMapper MAPPER =
      JsonMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
          .addModule(
              new SimpleModule()
                  .addSerializer(Instant.class, ToStringSerializer.instance)
                  .addDeserializer(Instant.class, new InstantReader()))
          .build();

  private DeadLetterJson() {}

  /**
   * Parses one JSON value.
   *
   * @throws IllegalArgumentException if the text is anything else
   */
  public static JsonNode parse(String text) {
    if (text.isBlank()) {
      throw new IllegalArgumentException("it is empty");
    }
    try {
      return MAPPER.readTree(text);
    } catch (JsonProcessingException e) {
      // Without the cause: its message quotes the text.
      throw new IllegalArgumentException("it is not JSON");
    }
  }

  /**
   * Reads a record.
   *
   * @throws IllegalArgumentException with what is wrong with the text, in one line
   */
  static <T> T read(String json, Class<T> type) {
    return read(json, type, MAPPER.reader());
  }

  /** Reads what a function answered, which may be a newer one that has more to say. */
  static <T> T readReply(String json, Class<T> type) {
    return read(
        json, type, MAPPER.reader().without(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES));
  }

  private static <T> T read(String json, Class<T> type, ObjectReader reader) {
    try {
      return reader.forType(type).readValue(json);
    } catch (UnrecognizedPropertyException e) {
      throw new IllegalArgumentException(
          "there is no '%s', but %s"
              .formatted(e.getPropertyName(), new TreeSet<>(e.getKnownPropertyIds())),
          e);
    } catch (InvalidFormatException e) {
      throw new IllegalArgumentException(
          "'%s' is unknown at %s".formatted(e.getValue(), path(e)), e);
    } catch (JsonMappingException e) {
      throw new IllegalArgumentException(e.getOriginalMessage() + " at " + e.getPathReference(), e);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(e.getOriginalMessage(), e);
    }
  }

  private static String path(JsonMappingException e) {
    return e.getPath().stream()
        .map(each -> each.getFieldName() == null ? "[]" : each.getFieldName())
        .collect(Collectors.joining("."));
  }

  /** Writes a value in one line. */
  public static String write(Object value) {
    return write(MAPPER.writer(), value);
  }

  /** Writes a value with a line for each field. */
  public static String pretty(Object value) {
    return write(MAPPER.writerWithDefaultPrettyPrinter(), value);
  }

  private static String write(ObjectWriter writer, Object value) {
    try {
      return writer.writeValueAsString(value);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Returns a text field.
   *
   * @throws IllegalArgumentException if it is missing
   */
  static String text(JsonNode object, String name) {
    JsonNode field = object.path(name);
    if (!field.isTextual()) {
      throw new IllegalArgumentException("'" + name + "' is missing");
    }
    return field.textValue();
  }

  /**
   * Returns a time.
   *
   * @throws IllegalArgumentException if it is missing or no time
   */
  static Instant time(JsonNode object, String name) {
    try {
      return Instant.parse(text(object, name));
    } catch (DateTimeException e) {
      throw new IllegalArgumentException("'" + name + "' is not a time", e);
    }
  }

  private static final class InstantReader extends FromStringDeserializer<Instant> {
    private static final long serialVersionUID = 1L;

    InstantReader() {
      super(Instant.class);
    }

    @Override
    protected Instant _deserialize(String value, DeserializationContext context) {
      return Instant.parse(value);
    }
  }
}
