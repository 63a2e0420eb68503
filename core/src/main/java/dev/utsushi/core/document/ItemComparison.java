package dev.utsushi.core.document;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.utsushi.core.change.Value;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Predicate;

/** Compares an item with its document: every attribute, every digit, the overflow included. */
public final class ItemComparison {
  private ItemComparison() {}

  /**
   * Returns the attributes that differ, in alphabetical order.
   *
   * @param source the document, parsed by {@link ExactJson}
   */
  public static List<String> differences(Map<String, Value> item, JsonNode source) {
    JsonNode overflow;
    try {
      overflow = overflow(source);
    } catch (JsonProcessingException e) {
      return List.of(DocumentWriter.RESERVED);
    }
    Set<String> names = new TreeSet<>(item.keySet());
    source.fieldNames().forEachRemaining(names::add);
    overflow.fieldNames().forEachRemaining(names::add);
    if (!item.containsKey(DocumentWriter.RESERVED) && !overflow.has(DocumentWriter.RESERVED)) {
      names.remove(DocumentWriter.RESERVED);
    }
    List<String> different = new ArrayList<>();
    for (String name : names) {
      if (!isSame(name, item, source, overflow)) {
        different.add(name);
      }
    }
    return different;
  }

  /** Returns an attribute of a document, wherever it is; missing if it is nowhere. */
  public static JsonNode attribute(JsonNode source, String name) {
    try {
      boolean isField = source.has(name) && !name.equals(DocumentWriter.RESERVED);
      return isField ? source.path(name) : overflow(source).path(name);
    } catch (JsonProcessingException e) {
      return MissingNode.getInstance();
    }
  }

  private static JsonNode overflow(JsonNode source) throws JsonProcessingException {
    String text = source.path(DocumentWriter.RESERVED).path("overflow").textValue();
    return text == null ? MissingNode.getInstance() : ExactJson.parse(text);
  }

  /** An attribute is in one place: a field, or in the overflow. */
  private static boolean isSame(
      String name, Map<String, Value> item, JsonNode source, JsonNode overflow) {
    boolean isField = source.has(name) && !name.equals(DocumentWriter.RESERVED);
    Value value = item.get(name);
    return value != null
        && isField != overflow.has(name)
        && isSame(value, isField ? source.path(name) : overflow.path(name));
  }

  private static boolean isSame(Value value, JsonNode json) {
    return switch (value) {
      case Value.Text(String text) -> text.equals(json.textValue());
      case Value.Decimal(String digits) ->
          json.isNumber() && new BigDecimal(digits).compareTo(json.decimalValue()) == 0;
      case Value.Bool(boolean bool) -> json.isBoolean() && json.booleanValue() == bool;
      case Value.Null _ -> json.isNull();
      case Value.Binary(ByteBuffer bytes) -> base64(bytes).equals(json.textValue());
      case Value.Structure(Map<String, Value> attributes) ->
          json.isObject()
              && json.size() == attributes.size()
              && attributes.entrySet().stream()
                  .allMatch(each -> isSame(each.getValue(), json.path(each.getKey())));
      case Value.Sequence(List<Value> values) -> isSame(values, json);
      case Value.TextSet(List<String> texts) ->
          isSet(texts, json, text -> text, JsonNode::isTextual);
      case Value.BinarySet(List<ByteBuffer> binaries) ->
          isSet(binaries, json, ItemComparison::base64, JsonNode::isTextual);
      case Value.DecimalSet(List<String> numbers) ->
          isSet(numbers, json, ItemComparison::canonical, JsonNode::isNumber);
    };
  }

  private static boolean isSame(List<Value> values, JsonNode json) {
    if (!json.isArray() || json.size() != values.size()) {
      return false;
    }
    for (int i = 0; i < values.size(); i++) {
      if (!isSame(values.get(i), json.path(i))) {
        return false;
      }
    }
    return true;
  }

  /** DynamoDB keeps no order of a set. */
  private static <T> boolean isSet(
      List<T> elements, JsonNode json, Function<T, String> text, Predicate<JsonNode> isOfType) {
    if (!json.isArray() || json.size() != elements.size()) {
      return false;
    }
    Set<String> expected = new HashSet<>();
    elements.forEach(element -> expected.add(text.apply(element)));
    Set<String> found = new HashSet<>();
    for (JsonNode element : json) {
      if (!isOfType.test(element)) {
        return false;
      }
      found.add(element.isNumber() ? canonical(element.decimalValue()) : element.textValue());
    }
    return expected.equals(found);
  }

  private static String canonical(String digits) {
    return canonical(new BigDecimal(digits));
  }

  private static String canonical(BigDecimal number) {
    return number.stripTrailingZeros().toString();
  }

  private static String base64(ByteBuffer bytes) {
    byte[] copy = new byte[bytes.remaining()];
    bytes.duplicate().get(copy);
    return Base64.getEncoder().encodeToString(copy);
  }
}
