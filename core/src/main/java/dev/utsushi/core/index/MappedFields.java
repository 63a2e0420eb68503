package dev.utsushi.core.index;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.utsushi.core.change.Value;
import dev.utsushi.core.search.Authorization.CredentialsException;
import dev.utsushi.core.search.HttpCaller.HttpReply;
import dev.utsushi.core.search.SearchClient;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The fields that the index's mapping names: a hint where to search first. What they surely refuse
 * needs no try, and neither do other attributes if the mapping is {@code strict}.
 */
final class MappedFields {
  private static final JsonFactory JSON = new JsonFactory();

  /** So long what a change of the mapping lets in may still go to the overflow. */
  private static final Duration KEPT = Duration.ofMinutes(1);

  private static final Map<String, String> PARAMETERS =
      Map.of(
          "filter_path",
          "*.mappings.dynamic,*.mappings.properties,*.settings.index.mapping.ignore_malformed");

  private final Source source;
  private final InstantSource clock;
  private Instant readAt = Instant.EPOCH;
  private boolean strict;
  private boolean lenient;
  private Map<String, FieldKind> fields = Map.of();

  MappedFields(Source source, InstantSource clock) {
    this.source = source;
    this.clock = clock;
  }

  /** Asks the engine for the mapping. */
  @FunctionalInterface
  interface Source {
    HttpReply mapping(Duration timeout) throws IOException;
  }

  static MappedFields of(SearchClient client, IndexNames index) {
    String path = "/" + index.writer();
    return new MappedFields(
        timeout -> client.send("GET", path, PARAMETERS, new byte[0], timeout),
        InstantSource.system());
  }

  boolean isStrict() {
    return strict && !isOld();
  }

  boolean contains(String attribute) {
    return fields.containsKey(attribute);
  }

  /** Returns those of the attributes that the mapping cannot hold. */
  Set<String> unmappable(Set<String> attributes) {
    return isStrict()
        ? attributes.stream().filter(name -> !contains(name)).collect(Collectors.toSet())
        : Set.of();
  }

  /** Returns whether the mapping alone says that the engine refuses the value. */
  boolean refuses(String attribute, Value value) {
    FieldKind field = fields.get(attribute);
    return !lenient && field != null && field.refuses(value);
  }

  /** Forgets the mapping: the next write may go to another index. */
  void forget() {
    readAt = Instant.EPOCH;
  }

  /**
   * Reads the mapping, unless it was read in the last minute. Without an answer there is no hint.
   */
  void read(Deadline deadline) {
    if (!isOld()) {
      return;
    }
    strict = false;
    lenient = false;
    fields = Map.of();
    try {
      var reply = source.mapping(deadline.requestTimeout());
      if (reply.status() == 200) {
        parse(reply.body());
      }
      if (!(BulkReply.failure(reply.status(), "") instanceof BulkReply.Temporary)) {
        readAt = clock.instant();
      }
    } catch (IOException | CredentialsException e) {
      // The writes that follow say what is wrong.
    }
  }

  private boolean isOld() {
    return readAt.plus(KEPT).isBefore(clock.instant());
  }

  /**
   * Parses {@code {"INDEX":{"mappings":{"dynamic":…,"properties":{NAME:…}},"settings":…}}}. There
   * are settings if the index may take what its fields refuse.
   */
  private void parse(byte[] body) throws IOException {
    try (JsonParser parser = JSON.createParser(body)) {
      parser.nextToken();
      parser.nextFieldName();
      parser.nextToken();
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        boolean isMapping = parser.currentName().equals("mappings");
        parser.nextToken();
        if (isMapping) {
          parseMapping(parser);
        } else {
          lenient = true;
          parser.skipChildren();
        }
      }
    }
  }

  private void parseMapping(JsonParser parser) throws IOException {
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      boolean isDynamic = parser.currentName().equals("dynamic");
      parser.nextToken();
      if (isDynamic) {
        strict = parser.getText().equals("strict");
      } else {
        parseFields(parser);
      }
    }
  }

  private void parseFields(JsonParser parser) throws IOException {
    fields = new HashMap<>();
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      String name = parser.currentName();
      parser.nextToken();
      fields.put(name, parseField(parser));
    }
  }

  private static FieldKind parseField(JsonParser parser) throws IOException {
    String type = "object";
    Set<String> parameters = new HashSet<>();
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      String parameter = parser.currentName();
      parameters.add(parameter);
      parser.nextToken();
      type = parameter.equals("type") ? parser.getText() : type;
      parser.skipChildren();
    }
    return FieldKind.of(type, parameters);
  }
}
