package dev.utsushi.core.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import org.jspecify.annotations.Nullable;

/** JSON, written to a text. */
public final class JsonText {
  private static final JsonFactory JSON = new JsonFactory();

  private JsonText() {}

  /** Writes one value. */
  @FunctionalInterface
  public interface Value {
    /** Writes it. */
    void write(JsonGenerator json) throws IOException;
  }

  /** The value's text. */
  public static String of(Value value) {
    StringWriter text = new StringWriter();
    try (JsonGenerator json = JSON.createGenerator(text)) {
      value.write(json);
    } catch (IOException e) {
      throw new UncheckedIOException("A text can be written to.", e);
    }
    return text.toString();
  }

  /** A field that is null where there is nothing to say. */
  public static void writeField(JsonGenerator json, String name, @Nullable Object value)
      throws IOException {
    if (value == null) {
      json.writeNullField(name);
    } else {
      json.writeStringField(name, value.toString());
    }
  }
}
