package dev.utsushi.testbed.comparison;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * Whether an item matches a pattern in the language of Lambda's event filters: as much of it as
 * tests need, and an exception for the rest.
 */
final class WherePattern {
  private WherePattern() {}

  static boolean matches(JsonNode pattern, Map<String, AttributeValue> item) {
    return pattern.properties().stream()
        .allMatch(
            each ->
                each.getKey().equals("$or")
                    ? each.getValue().valueStream().anyMatch(choice -> matches(choice, item))
                    : typed(each.getValue(), item.get(each.getKey())));
  }

  private static boolean typed(JsonNode types, @Nullable AttributeValue value) {
    return types.properties().stream()
        .allMatch(
            each ->
                each.getKey().equals("M")
                    ? matches(each.getValue(), value == null ? Map.of() : value.m())
                    : anyOf(each.getValue(), scalar(each.getKey(), value)));
  }

  /** Returns the value as typed JSON has it; null if there is none of this type. */
  private static @Nullable JsonNode scalar(String type, @Nullable AttributeValue value) {
    if (value == null || !value.type().name().equals(type)) {
      return null;
    }
    return switch (type) {
      case "S" -> TextNode.valueOf(value.s());
      case "N" -> TextNode.valueOf(value.n());
      case "BOOL" -> BooleanNode.valueOf(value.bool());
      default -> throw new IllegalArgumentException("The witness knows no patterns of " + type);
    };
  }

  private static boolean anyOf(JsonNode comparisons, @Nullable JsonNode value) {
    return comparisons.valueStream().anyMatch(each -> holds(each, value));
  }

  private static boolean holds(JsonNode comparison, @Nullable JsonNode value) {
    if (comparison.has("exists")) {
      return comparison.path("exists").booleanValue() == (value != null);
    }
    if (value == null || comparison.isValueNode()) {
      return comparison.equals(value);
    }
    if (comparison.has("prefix")) {
      return value.asText().startsWith(comparison.path("prefix").asText());
    }
    if (comparison.has("anything-but")) {
      JsonNode others = comparison.path("anything-but");
      return !others.equals(value) && others.valueStream().noneMatch(value::equals);
    }
    throw new IllegalArgumentException("The witness does not know the comparison " + comparison);
  }
}
