package dev.utsushi.core.index;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.utsushi.core.search.Authorization.CredentialsException;
import dev.utsushi.core.search.HttpCaller.HttpReply;
import dev.utsushi.core.search.SearchClient;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The attributes that the index's mapping names: a hint where to search first. A mapping that is
 * {@code strict} takes no others, so they need no try.
 */
final class MappedFields {
  private static final JsonFactory JSON = new JsonFactory();

  /** So long an attribute that was added to a strict mapping may still go to the overflow. */
  private static final Duration KEPT = Duration.ofMinutes(1);

  private static final Map<String, String> PARAMETERS =
      Map.of("filter_path", "*.mappings.dynamic,*.mappings.properties");

  private final Source source;
  private final InstantSource clock;
  private Instant readAt = Instant.EPOCH;
  private boolean strict;
  private Set<String> names = Set.of();

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
    String path = "/" + index.writer() + "/_mapping";
    return new MappedFields(
        timeout -> client.send("GET", path, PARAMETERS, new byte[0], timeout),
        InstantSource.system());
  }

  boolean isStrict() {
    return strict && !isOld();
  }

  boolean contains(String attribute) {
    return names.contains(attribute);
  }

  /** Returns those of the attributes that the mapping cannot hold. */
  Set<String> unmappable(Set<String> attributes) {
    return isStrict()
        ? attributes.stream().filter(name -> !names.contains(name)).collect(Collectors.toSet())
        : Set.of();
  }

  /**
   * Reads the mapping, unless it was read in the last minute. Without an answer there is no hint.
   */
  void read(Deadline deadline) {
    if (!isOld()) {
      return;
    }
    strict = false;
    names = Set.of();
    try {
      var reply = source.mapping(deadline.requestTimeout());
      if (reply.status() == 200) {
        parse(reply.body());
        readAt = clock.instant();
      }
    } catch (IOException | CredentialsException e) {
      // The writes that follow say what is wrong.
    }
  }

  private boolean isOld() {
    return readAt.plus(KEPT).isBefore(clock.instant());
  }

  /** Parses {@code {"INDEX":{"mappings":{"dynamic":…,"properties":{NAME:…}}}}}. */
  private void parse(byte[] body) throws IOException {
    names = new HashSet<>();
    try (JsonParser parser = JSON.createParser(body)) {
      parser.nextToken();
      parser.nextFieldName();
      parser.nextToken();
      parser.nextFieldName();
      parser.nextToken();
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        boolean isDynamic = parser.currentName().equals("dynamic");
        parser.nextToken();
        if (isDynamic) {
          strict = parser.getText().equals("strict");
        } else {
          parseNames(parser);
        }
      }
    }
  }

  private void parseNames(JsonParser parser) throws IOException {
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      names.add(parser.currentName());
      parser.nextToken();
      parser.skipChildren();
    }
  }
}
