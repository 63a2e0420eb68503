package dev.utsushi.lambda;

import com.amazonaws.services.lambda.runtime.events.models.dynamodb.AttributeValue;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.utsushi.core.index.EngineIndex;
import java.math.BigDecimal;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** An item in one form for comparison, from the table's side and from the index's. */
final class Item {
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  private Item() {}

  /** From a document: its fields, and what is in its overflow. */
  static JsonNode of(@Nullable JsonNode document) {
    if (document == null) {
      return MissingNode.getInstance();
    }
    ObjectNode whole = document.deepCopy();
    JsonNode overflow = whole.remove("_replication").path("overflow");
    try {
      if (!overflow.isMissingNode()) {
        whole.setAll((ObjectNode) EngineIndex.EXACT.readTree(overflow.asText()));
      }
    } catch (JsonProcessingException e) {
      throw new AssertionError(e);
    }
    return normalized(whole);
  }

  /** From a table's item. */
  static JsonNode of(Map<String, AttributeValue> item) {
    ObjectNode object = NODES.objectNode();
    item.forEach((name, value) -> object.set(name, of(value)));
    return object;
  }

  private static JsonNode of(AttributeValue value) {
    if (value.getS() != null) {
      return NODES.textNode(value.getS());
    } else if (value.getN() != null) {
      return number(new BigDecimal(value.getN()));
    } else if (value.getB() != null) {
      return NODES.textNode(Base64.getEncoder().encodeToString(value.getB().array()));
    } else if (value.getBOOL() != null) {
      return NODES.booleanNode(value.getBOOL());
    } else if (value.getM() != null) {
      return of(value.getM());
    } else if (value.getL() != null) {
      return array(value.getL());
    } else if (value.getSS() != null) {
      return array(value.getSS().stream().map(text -> new AttributeValue().withS(text)).toList());
    } else if (value.getNS() != null) {
      return array(value.getNS().stream().map(n -> new AttributeValue().withN(n)).toList());
    }
    return NODES.nullNode();
  }

  private static ArrayNode array(List<AttributeValue> values) {
    ArrayNode array = NODES.arrayNode();
    values.forEach(value -> array.add(of(value)));
    return array;
  }

  private static JsonNode number(BigDecimal number) {
    BigDecimal stripped = number.stripTrailingZeros();
    return NODES.numberNode(stripped);
  }

  private static JsonNode normalized(JsonNode node) {
    if (node.isNumber()) {
      return number(node.decimalValue());
    }
    if (node.isArray()) {
      ArrayNode array = NODES.arrayNode();
      node.forEach(element -> array.add(normalized(element)));
      return array;
    }
    if (node.isObject()) {
      ObjectNode object = NODES.objectNode();
      node.properties().forEach(field -> object.set(field.getKey(), normalized(field.getValue())));
      return object;
    }
    return node;
  }
}
