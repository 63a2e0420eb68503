package dev.utsushi.core.index;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.utsushi.core.document.DocumentWriter;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringWriter;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * What the index is created with: {@code {"settings": …, "mappings": …}}, the body of a
 * create-index request, or the mappings alone. Settings without mappings get the default ones.
 *
 * @param createIndex the body of the create-index request
 * @param mappings the mappings alone, for an index that exists already
 * @param digest distinguishes one mapping from another
 */
public record Mapping(String createIndex, String mappings, String digest) {
  private static final JsonFactory JSON = new JsonFactory();

  /** Keyword and full text for strings, double for numbers, no guessing of dates. */
  public static final String DEFAULT_RESOURCE = "default-mapping.json";

  /**
   * Reads a mapping: the name of a resource in the jar, or JSON that starts with a brace.
   *
   * @throws IllegalArgumentException if it is neither; the message says why
   */
  public static Mapping read(String nameOrJson) {
    String json = nameOrJson.stripLeading().startsWith("{") ? nameOrJson : resource(nameOrJson);
    try {
      return parse(json);
    } catch (IOException e) {
      throw new IllegalArgumentException("the mapping is not a JSON object", e);
    }
  }

  private static Mapping parse(String json) throws IOException {
    String settings = null;
    String mappings = null;
    try (JsonParser parser = JSON.createParser(json)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        throw new IllegalArgumentException("the mapping is not a JSON object");
      }
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        String name = parser.currentName();
        parser.nextToken();
        String part = copy(parser);
        switch (name) {
          case "settings" -> settings = part;
          case "mappings" -> mappings = part;
          default -> {}
        }
      }
    }
    if (mappings == null && settings == null) {
      return of("{\"mappings\":" + json + "}", json);
    }
    if (mappings == null) {
      String usual = read(DEFAULT_RESOURCE).mappings();
      return of("{\"settings\":" + settings + ",\"mappings\":" + usual + "}", usual);
    }
    return of(json, mappings);
  }

  private static Mapping of(String createIndex, String mappings) throws IOException {
    check(mappings);
    return new Mapping(createIndex, mappings, digest(createIndex));
  }

  /** Refuses what would make the copy incomplete, or its documents impossible to write or find. */
  private static void check(String mappings) throws IOException {
    try (JsonParser parser = JSON.createParser(mappings)) {
      parser.nextToken();
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        String name = parser.currentName();
        boolean off = parser.nextToken() == JsonToken.VALUE_FALSE;
        if (name.equals("_source") || name.equals("_routing") || (name.equals("enabled") && off)) {
          throw new IllegalArgumentException("the mapping must not set '" + name + "'");
        }
        if (name.equals("properties")) {
          checkProperties(parser);
        } else {
          parser.skipChildren();
        }
      }
    }
  }

  private static void checkProperties(JsonParser parser) throws IOException {
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      if (parser.currentName().equals(DocumentWriter.RESERVED)) {
        throw new IllegalArgumentException(
            "the mapping must not name '" + DocumentWriter.RESERVED + "': Utsushi maps it itself");
      }
      parser.nextToken();
      parser.skipChildren();
    }
  }

  private static String copy(JsonParser parser) throws IOException {
    StringWriter text = new StringWriter();
    try (JsonGenerator generator = JSON.createGenerator(text)) {
      generator.copyCurrentStructure(parser);
    }
    return text.toString();
  }

  private static String resource(String name) {
    try (InputStream in = Mapping.class.getResourceAsStream("/" + name)) {
      if (in == null) {
        throw new IllegalArgumentException(
            "there is no mapping '" + name + "' in the jar, and it is not JSON");
      }
      return new String(in.readAllBytes(), UTF_8);
    } catch (IOException e) {
      throw new IllegalArgumentException("the mapping '" + name + "' cannot be read", e);
    }
  }

  private static String digest(String text) {
    try {
      byte[] sha256 = MessageDigest.getInstance("SHA-256").digest(text.getBytes(UTF_8));
      return HexFormat.of().formatHex(sha256, 0, 8);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every Java platform has SHA-256.", e);
    }
  }
}
