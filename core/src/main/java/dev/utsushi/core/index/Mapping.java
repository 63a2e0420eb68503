package dev.utsushi.core.index;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.stream.Collectors.joining;

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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * What the index is created with: {@code {"settings": …, "mappings": …}}, the body of a
 * create-index request, or the mappings alone. Settings without mappings get the default ones, and
 * mappings that say nothing of numbers or dates get the default ones for these.
 *
 * @param createIndex the body of the create-index request
 * @param mappings the mappings alone, for an index that exists already
 * @param digest distinguishes one mapping from another
 * @param projection distinguishes what the index shows of its table; empty for whole items
 * @param table the ARN of the table that the index is of; empty if it is not known
 */
public record Mapping(
    String createIndex, String mappings, String digest, String projection, String table) {
  private static final JsonFactory JSON = new JsonFactory();

  private static final List<String> NUMBER_TEMPLATES =
      List.of(
          "{\"integers\":{\"match_mapping_type\":\"long\",\"mapping\":{\"type\":\"double\"}}}",
          "{\"decimals\":{\"match_mapping_type\":\"double\",\"mapping\":{\"type\":\"double\"}}}");

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

  /** Returns this mapping for an index that shows a projection of its table. */
  public Mapping showing(String projection) {
    return new Mapping(createIndex, mappings, digest, projection, table);
  }

  /** Returns this mapping for an index of a table. */
  public Mapping of(String table) {
    return new Mapping(createIndex, mappings, digest, projection, table);
  }

  private static Mapping parse(String json) throws IOException {
    Map<String, String> parts = members(json);
    if (!parts.containsKey("mappings") && !parts.containsKey("settings")) {
      parts = new LinkedHashMap<>(Map.of("mappings", json));
    }
    String given = parts.get("mappings");
    String mappings = given == null ? read(DEFAULT_RESOURCE).mappings() : complete(given);
    check(mappings);
    parts.put("mappings", mappings);
    String createIndex = object(parts);
    return new Mapping(createIndex, mappings, digest(createIndex), "", "");
  }

  /**
   * Adds what keeps values findable, unless the mapping says otherwise: no guessing of dates, and
   * double for numbers, since the first number of an attribute may be whole and the next not.
   */
  private static String complete(String given) throws IOException {
    Map<String, String> mappings = members(given);
    mappings.putIfAbsent("date_detection", "false");
    String templates = mappings.getOrDefault("dynamic_templates", "[]").strip();
    if (templates.startsWith("[")) {
      String own = templates.substring(1, templates.length() - 1).strip();
      String numbers = NUMBER_TEMPLATES.stream().filter(isMissingIn(own)).collect(joining(","));
      String separator = own.isEmpty() || numbers.isEmpty() ? "" : ",";
      mappings.put("dynamic_templates", "[" + own + separator + numbers + "]");
    }
    return object(mappings);
  }

  private static Predicate<String> isMissingIn(String templates) {
    return template -> !templates.contains(template.substring(1, template.indexOf(':')));
  }

  /** Returns the members of a JSON object, each as JSON. */
  private static Map<String, String> members(String json) throws IOException {
    Map<String, String> members = new LinkedHashMap<>();
    try (JsonParser parser = JSON.createParser(json)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        throw new IllegalArgumentException("the mapping is not a JSON object");
      }
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        String name = parser.currentName();
        parser.nextToken();
        members.put(name, copy(parser));
      }
    }
    return members;
  }

  private static String object(Map<String, String> members) throws IOException {
    StringWriter text = new StringWriter();
    try (JsonGenerator generator = JSON.createGenerator(text)) {
      generator.writeStartObject();
      for (var member : members.entrySet()) {
        generator.writeFieldName(member.getKey());
        generator.writeRawValue(member.getValue());
      }
      generator.writeEndObject();
    }
    return text.toString();
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

  /**
   * Returns a resource in the jar.
   *
   * @throws IllegalArgumentException if there is none
   */
  public static String resource(String name) {
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
