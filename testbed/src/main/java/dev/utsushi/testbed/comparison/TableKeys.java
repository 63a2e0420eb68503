package dev.utsushi.testbed.comparison;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.services.dynamodb.model.AttributeDefinition;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.KeySchemaElement;
import software.amazon.awssdk.services.dynamodb.model.ScalarAttributeType;
import software.amazon.awssdk.services.dynamodb.model.TableDescription;

/** The key attributes of a table. An item and a document belong together if these are equal. */
public record TableKeys(List<KeyAttribute> attributes) {

  /** One attribute of the key. */
  public record KeyAttribute(String name, ScalarAttributeType type) {}

  public TableKeys {
    attributes = List.copyOf(attributes);
  }

  /** Returns the key of a table that DescribeTable describes. */
  public static TableKeys of(TableDescription table) {
    List<KeyAttribute> attributes = new ArrayList<>();
    for (KeySchemaElement element : table.keySchema()) {
      for (AttributeDefinition definition : table.attributeDefinitions()) {
        if (definition.attributeName().equals(element.attributeName())) {
          attributes.add(new KeyAttribute(element.attributeName(), definition.attributeType()));
        }
      }
    }
    return new TableKeys(attributes);
  }

  /** Returns the same key by the names that an index has for it. */
  TableKeys renamed(Map<String, String> renames) {
    return new TableKeys(
        attributes.stream()
            .map(
                each ->
                    new KeyAttribute(renames.getOrDefault(each.name(), each.name()), each.type()))
            .toList());
  }

  /** Returns the values of an item's key, as text. */
  List<String> of(Map<String, AttributeValue> item) {
    List<String> values = new ArrayList<>();
    for (KeyAttribute attribute : attributes) {
      AttributeValue value = item.get(attribute.name());
      if (value == null) {
        throw new IllegalArgumentException("An item without its key attribute " + attribute.name());
      }
      values.add(text(value, attribute.type()));
    }
    return values;
  }

  /** Returns the values of a document's key; empty if one is missing or of another type. */
  Optional<List<String>> of(JsonNode attributesOfDocument) {
    List<String> values = new ArrayList<>();
    for (KeyAttribute attribute : attributes) {
      JsonNode value = attributesOfDocument.path(attribute.name());
      boolean fits =
          attribute.type() == ScalarAttributeType.N ? value.isNumber() : value.isTextual();
      if (!fits) {
        return Optional.empty();
      }
      values.add(value.isNumber() ? canonical(value.decimalValue()) : value.textValue());
    }
    return Optional.of(values);
  }

  private static String text(AttributeValue value, ScalarAttributeType type) {
    return switch (type) {
      case S -> value.s();
      case N -> canonical(new BigDecimal(value.n()));
      case B -> Base64.getEncoder().encodeToString(value.b().asByteArrayUnsafe());
      case UNKNOWN_TO_SDK_VERSION ->
          throw new IllegalArgumentException("A key of a type that DynamoDB does not have");
    };
  }

  private static String canonical(BigDecimal number) {
    return number.stripTrailingZeros().toString();
  }
}
