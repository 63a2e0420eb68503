package dev.utsushi.local.template;

import static java.util.stream.Collectors.toMap;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import com.networknt.schema.JsonNodePath;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.PathType;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaValidatorsConfig;
import com.networknt.schema.SpecVersion.VersionFlag;
import com.networknt.schema.ValidationMessage;
import dev.utsushi.local.template.Intrinsics.Unresolved;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Checks templates against {@code template.schema.json}. */
final class TemplateSchema {
  private static final JsonNode ROOT = read();
  private static final JsonNode TYPES = definition("resources");
  private static final JsonSchema SCHEMA =
      JsonSchemaFactory.getInstance(VersionFlag.V202012)
          .getSchema(ROOT, SchemaValidatorsConfig.builder().pathType(PathType.LEGACY).build());

  private TemplateSchema() {}

  private static JsonNode read() {
    try (InputStream in = TemplateSchema.class.getResourceAsStream("template.schema.json")) {
      return new JsonMapper().readTree(Objects.requireNonNull(in));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static boolean knows(String type) {
    return TYPES.has(type);
  }

  /** Returns whether resources of this type are created here, and not just known. */
  static boolean creates(String type) {
    return TYPES.path(type).isObject();
  }

  /** Returns the property with the name of resources of this type; empty if they have none. */
  static String nameProperty(String type) {
    return definition("nameProperties").path(type).asText();
  }

  /** Returns what {@code Ref} and {@code Fn::GetAtt} return for a resource of this name. */
  static Map<String, String> attributes(String type, String name) {
    Map<String, String> attributes = texts("attributes/" + type);
    attributes.replaceAll((attribute, value) -> value.replace("{name}", name));
    return attributes;
  }

  /** Returns the texts of a definition, by name. */
  static Map<String, String> texts(String definition) {
    return definition(definition)
        .propertyStream()
        .collect(toMap(Map.Entry::getKey, each -> each.getValue().asText()));
  }

  static JsonNode definition(String name) {
    return ROOT.at("/$defs/" + name);
  }

  /** Returns whether the schema accepts a value. */
  static boolean accepts(String definition, JsonNode value) {
    return violations(definition, value).isEmpty();
  }

  /**
   * Finds everything that the schema refuses.
   *
   * @param definition its place below {@code $defs}
   * @param where starts the path of each problem
   */
  static Stream<String> problems(String definition, JsonNode value, String where) {
    return violations(definition, value).stream().flatMap(violation -> problems(violation, where));
  }

  private static Set<ValidationMessage> violations(String definition, JsonNode value) {
    JsonNodePath fragment = SchemaLocation.Fragment.of("/$defs/" + definition);
    return SCHEMA.getRefSchema(fragment).validate(value);
  }

  private static Stream<String> problems(ValidationMessage violation, String where) {
    JsonNode schema = ROOT.at(violation.getSchemaLocation().getFragment().getParent().toString());
    String path = where + violation.getInstanceLocation().toString().substring(1);
    if (schema.path("not").isBoolean()) {
      return Stream.of(path + " is not supported: " + schema.path("description").asText());
    }
    if (violation.getInstanceNode() instanceof Unresolved unresolved) {
      return unresolved.problems().stream();
    }
    return Stream.of(
        switch (violation.getType()) {
          case "additionalProperties" -> child(path, violation.getProperty()) + " is not supported";
          case "required" -> child(path, violation.getProperty()) + " is missing";
          default ->
              "%s must be %s, not %s"
                  .formatted(path, expected(schema), actual(violation.getInstanceNode()));
        });
  }

  private static String child(String path, String name) {
    return path.isEmpty() ? name : path + '.' + name;
  }

  private static String expected(JsonNode schema) {
    if (schema.has("description")) {
      return schema.path("description").asText();
    }
    if (schema.has("enum")) {
      return schema
          .path("enum")
          .valueStream()
          .map(JsonNode::asText)
          .collect(Collectors.joining(" or "));
    }
    if (schema.has("minimum")) {
      return "%s to %s".formatted(schema.path("minimum"), schema.path("maximum"));
    }
    return switch (schema.path("type").asText()) {
      case "array" -> "a list";
      case "boolean" -> "true or false";
      case "object" -> "an object";
      default -> "text";
    };
  }

  private static String actual(JsonNode value) {
    return switch (value) {
      case ArrayNode array -> "a list of " + array.size();
      case ObjectNode _ -> "an object";
      default -> value.asText();
    };
  }

  /**
   * Fills in defaults, and gives scalars the types that the schema asks for: CloudFormation takes
   * {@code "1"} for {@code 1}.
   */
  static void complete(String definition, ObjectNode value) {
    var _ = completed(definition(definition), value);
  }

  /** Removes the properties that have no meaning here. */
  static void removeIgnored(String definition, ObjectNode value) {
    JsonNode schema = definition(definition).path("properties");
    value.properties().removeIf(property -> schema.path(property.getKey()).isBoolean());
  }

  private static JsonNode completed(JsonNode schema, JsonNode value) {
    if (schema.has("$ref")) {
      return completed(ROOT.at(schema.path("$ref").asText().substring(1)), value);
    }
    return switch (value) {
      case MissingNode _ -> schema.path("default");
      case Unresolved unresolved -> unresolved;
      case ObjectNode object -> {
        for (var property : schema.path("properties").properties()) {
          JsonNode each = completed(property.getValue(), object.path(property.getKey()));
          if (!each.isMissingNode()) {
            object.set(property.getKey(), each);
          }
        }
        yield object;
      }
      case ArrayNode array -> {
        for (int i = 0; i < array.size(); i++) {
          array.set(i, completed(schema.path("items"), array.get(i)));
        }
        yield array;
      }
      case JsonNode scalar -> typed(schema.path("type").asText(), scalar);
    };
  }

  private static JsonNode typed(String type, JsonNode scalar) {
    String text = scalar.asText();
    if (type.equals("integer") && text.matches("-?\\d{1,9}")) {
      return IntNode.valueOf(Integer.parseInt(text));
    }
    if (type.equals("boolean") && text.matches("true|false")) {
      return BooleanNode.valueOf(Boolean.parseBoolean(text));
    }
    return type.equals("string") && !scalar.isNull() ? TextNode.valueOf(text) : scalar;
  }
}
