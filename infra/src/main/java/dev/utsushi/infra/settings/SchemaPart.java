package dev.utsushi.infra.settings;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * The part of {@code utsushi.schema.json} that describes one value of the settings file.
 *
 * @param json missing if the schema does not know the value
 */
record SchemaPart(JsonNode json) {
  /** Describes the whole file. */
  static final SchemaPart FILE = new SchemaPart(read());

  private static JsonNode read() {
    try (var schema = SchemaPart.class.getResourceAsStream("/utsushi.schema.json")) {
      return new JsonMapper().readTree(Objects.requireNonNull(schema, "utsushi.schema.json"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static SchemaPart of(JsonPointer location) {
    SchemaPart part = FILE;
    for (JsonPointer rest = location; !rest.matches(); rest = rest.tail()) {
      part = part.isA("array") ? part.item() : part.key(rest.getMatchingProperty());
    }
    return part;
  }

  SchemaPart key(String name) {
    JsonNode named = json.path("properties").path(name);
    JsonNode other = json.path("additionalProperties");
    JsonNode part = named.isMissingNode() && other.isObject() ? other : named;
    String reference = part.path("$ref").asText();
    return new SchemaPart(reference.isEmpty() ? part : FILE.json.at(reference.substring(1)));
  }

  SchemaPart item() {
    return new SchemaPart(json.path("items"));
  }

  boolean isA(String type) {
    return json.path("type").asText().equals(type);
  }

  List<String> keys() {
    return json.path("properties").propertyStream().map(Map.Entry::getKey).toList();
  }

  /** Returns the only words that the value may be; none if it is free. */
  List<String> words() {
    return json.path("enum").valueStream().map(JsonNode::asText).toList();
  }

  String description() {
    return json.path("description").asText();
  }

  /** Returns what the value must be, to follow its name. */
  String rule() {
    if (json.has("errorMessage")) {
      return json.path("errorMessage").asText();
    }
    if (!words().isEmpty()) {
      return "must be one of " + String.join(", ", words());
    }
    return switch (json.path("type").asText()) {
      case "integer" ->
          "must be a whole number from %s to %s"
              .formatted(json.path("minimum").asText(), json.path("maximum").asText());
      case "boolean" -> "must be true or false";
      case "array" -> "must be a list, with lines that start with '- '";
      default -> "must be a section with some of: " + String.join(", ", keys());
    };
  }

  /** Sets what the value leaves out to its default. */
  void complete(JsonNode value) {
    if (value instanceof ObjectNode object) {
      for (String name : keys()) {
        JsonNode defaultValue = key(name).json.path("default");
        if (!defaultValue.isMissingNode()) {
          object.putIfAbsent(name, defaultValue.deepCopy());
        }
        key(name).complete(object.path(name));
      }
    } else {
      value.forEach(item()::complete);
    }
  }
}
