package dev.utsushi.infra.settings;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.ValueNode;
import org.jspecify.annotations.Nullable;

/**
 * The shape of the file as a <a href="https://json-schema.org/draft-07">JSON Schema</a>, for
 * editors.
 */
final class JsonSchema {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private JsonSchema() {}

  static String text() {
    ObjectNode schema = JSON.objectNode();
    schema.put("$schema", "http://json-schema.org/draft-07/schema#");
    schema.put("title", "Utsushi's settings");
    schema.setAll(of(FileShape.FILE));
    return schema.toPrettyString() + '\n';
  }

  private static ObjectNode of(Shape shape) {
    return switch (shape) {
      case Shape.Section section -> section(section);
      case Shape.OneOf(Shape.Section choices) ->
          section(choices).put("minProperties", 1).put("maxProperties", 1);
      case Shape.ListOf(Shape item, int least) -> {
        ObjectNode list = type("array").put("minItems", least);
        yield list.set("items", of(item));
      }
      case Shape.Free _ -> type("object");
      case Shape.Text(var pattern, String rule) ->
          type("string").put("pattern", "^(?:" + pattern + ")$").put("patternErrorMessage", rule);
      case Shape.Choice(var words) -> {
        ArrayNode values = JSON.arrayNode();
        words.forEach(values::add);
        yield JSON.objectNode().set("enum", values);
      }
      case Shape.Steps(var numbers) -> {
        ArrayNode values = JSON.arrayNode();
        numbers.forEach(values::add);
        yield JSON.objectNode().set("enum", values);
      }
      case Shape.Flag _ -> type("boolean");
      case Shape.Whole whole -> whole(whole);
    };
  }

  private static ObjectNode section(Shape.Section section) {
    ObjectNode object = type("object").put("additionalProperties", false);
    ArrayNode required = JSON.arrayNode();
    ObjectNode properties = JSON.objectNode();
    for (Key key : section.keys()) {
      properties.set(key.name(), property(key));
      if (key.required()) {
        required.add(key.name());
      }
    }
    object.set("properties", properties);
    if (!required.isEmpty()) {
      object.set("required", required);
    }
    return object;
  }

  private static ObjectNode property(Key key) {
    ObjectNode property = JSON.objectNode().put("description", key.about());
    ValueNode otherwise = scalar(key.otherwise());
    if (!otherwise.isNull()) {
      property.set("default", otherwise);
    }
    return property.setAll(of(key.shape()));
  }

  private static ObjectNode whole(Shape.Whole whole) {
    ObjectNode range = type("integer").put("minimum", whole.least()).put("maximum", whole.most());
    if (!whole.orMinusOne()) {
      return range;
    }
    ArrayNode either = JSON.arrayNode().add(JSON.objectNode().put("const", -1)).add(range);
    return JSON.objectNode().set("anyOf", either);
  }

  private static ValueNode scalar(@Nullable Object value) {
    return switch (value) {
      case null -> JSON.nullNode();
      case Integer number -> JSON.numberNode(number);
      case Boolean flag -> JSON.booleanNode(flag);
      default -> JSON.textNode(value.toString());
    };
  }

  private static ObjectNode type(String name) {
    return JSON.objectNode().put("type", name);
  }
}
