package dev.utsushi.core.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A JSON value as it was written, character by character, so that what is passed on is passed on
 * verbatim. Each question reads it anew: few are asked.
 *
 * @param text one JSON value; {@code null} stands for a field that is not there, too
 */
public record RawJson(String text) {
  private static final JsonFactory JSON =
      JsonFactory.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();
  private static final RawJson NULL = new RawJson("null");

  /**
   * One whole JSON value.
   *
   * @throws IllegalArgumentException if it is anything else
   */
  public static RawJson parse(String text) {
    try (JsonParser json = JSON.createParser(text)) {
      if (json.nextToken() == null) {
        throw new IllegalArgumentException("it is empty");
      }
      RawJson value = slice(json, text);
      if (json.nextToken() != null) {
        throw new IllegalArgumentException("it is not one JSON value");
      }
      return value;
    } catch (IOException e) {
      // Not the exception itself: its message quotes the text.
      throw new IllegalArgumentException("it is not JSON");
    }
  }

  /** Whether it is null, or not there. */
  public boolean isNull() {
    return text.equals("null");
  }

  /** Whether it is an object. */
  public boolean isObject() {
    return text.startsWith("{");
  }

  /** A field of this object; null if it has none, or if this is no object. */
  public RawJson field(String name) {
    return fields().getOrDefault(name, NULL);
  }

  /** The fields of this object; none if it is something else. */
  public Map<String, RawJson> fields() {
    Map<String, RawJson> fields = new LinkedHashMap<>();
    try (JsonParser json = JSON.createParser(text)) {
      if (json.nextToken() == JsonToken.START_OBJECT) {
        while (json.nextToken() == JsonToken.FIELD_NAME) {
          String name = json.currentName();
          json.nextToken();
          fields.put(name, slice(json, text));
        }
      }
      return fields;
    } catch (IOException e) {
      throw new IllegalArgumentException("it is not JSON");
    }
  }

  /** The elements of this array; none if it is something else. */
  public List<RawJson> elements() {
    List<RawJson> elements = new ArrayList<>();
    try (JsonParser json = JSON.createParser(text)) {
      if (json.nextToken() == JsonToken.START_ARRAY) {
        while (json.nextToken() != JsonToken.END_ARRAY) {
          elements.add(slice(json, text));
        }
      }
      return elements;
    } catch (IOException e) {
      throw new IllegalArgumentException("it is not JSON");
    }
  }

  /** This text, or the other if this is none. */
  public String text(String otherwise) {
    try (JsonParser json = JSON.createParser(text)) {
      return json.nextToken() == JsonToken.VALUE_STRING ? json.getText() : otherwise;
    } catch (IOException e) {
      throw new IllegalArgumentException("it is not JSON");
    }
  }

  /** This number, or the other if this is none. */
  public double number(double otherwise) {
    try (JsonParser json = JSON.createParser(text)) {
      JsonToken token = json.nextToken();
      return token != null && token.isNumeric() ? json.getDoubleValue() : otherwise;
    } catch (IOException e) {
      throw new IllegalArgumentException("it is not JSON");
    }
  }

  /** This truth value, or the other if this is none. */
  public boolean flag(boolean otherwise) {
    return switch (text) {
      case "true" -> true;
      case "false" -> false;
      default -> otherwise;
    };
  }

  /**
   * This object.
   *
   * @throws IllegalArgumentException if this is no object
   */
  public RawJson requireObject(String what) {
    if (!isObject()) {
      throw new IllegalArgumentException(what + " is not a JSON object");
    }
    return this;
  }

  /**
   * This text.
   *
   * @throws IllegalArgumentException if this is no text
   */
  public String requireText(String what) {
    if (!text.startsWith("\"")) {
      throw new IllegalArgumentException(what + " is missing");
    }
    return text("");
  }

  /** Null if this is no text. */
  public @Nullable String optionalText() {
    return text.startsWith("\"") ? text("") : null;
  }

  /** From the current token to the end of its value. */
  private static RawJson slice(JsonParser json, String text) throws IOException {
    int from = (int) json.currentTokenLocation().getCharOffset();
    json.skipChildren();
    json.finishToken();
    return new RawJson(text.substring(from, (int) json.currentLocation().getCharOffset()).strip());
  }
}
