package dev.utsushi.testbed.comparison;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** Whether a value in a document is, exactly, the value in the table. */
final class AttributeComparison {
  private AttributeComparison() {}

  static boolean equal(AttributeValue expected, JsonNode actual) {
    return switch (expected.type()) {
      case S -> actual.isTextual() && actual.textValue().equals(expected.s());
      case N -> actual.isNumber() && number(actual).compareTo(number(expected.n())) == 0;
      case B -> actual.isTextual() && actual.textValue().equals(base64(expected.b()));
      case BOOL -> actual.isBoolean() && actual.booleanValue() == expected.bool();
      case NUL -> actual.isNull();
      case SS -> sameElements(expected.ss(), actual, JsonNode::isTextual, JsonNode::textValue);
      case NS ->
          sameElements(
              expected.ns().stream().map(AttributeComparison::number).toList(),
              actual,
              JsonNode::isNumber,
              AttributeComparison::number);
      case BS ->
          sameElements(
              expected.bs().stream().map(AttributeComparison::base64).toList(),
              actual,
              JsonNode::isTextual,
              JsonNode::textValue);
      case L -> equalLists(expected.l(), actual);
      case M -> equalMaps(expected.m(), actual);
      case UNKNOWN_TO_SDK_VERSION ->
          throw new IllegalArgumentException("An attribute of a type that DynamoDB does not have");
    };
  }

  private static boolean equalLists(List<AttributeValue> expected, JsonNode actual) {
    if (!actual.isArray() || actual.size() != expected.size()) {
      return false;
    }
    for (int i = 0; i < expected.size(); i++) {
      if (!equal(expected.get(i), actual.get(i))) {
        return false;
      }
    }
    return true;
  }

  private static boolean equalMaps(Map<String, AttributeValue> expected, JsonNode actual) {
    return actual.isObject()
        && actual.size() == expected.size()
        && expected.entrySet().stream()
            .allMatch(each -> equal(each.getValue(), actual.path(each.getKey())));
  }

  /** A set has no order, and no element twice. */
  private static <T> boolean sameElements(
      List<T> expected,
      JsonNode actual,
      java.util.function.Predicate<JsonNode> fits,
      Function<JsonNode, T> read) {
    if (!actual.isArray() || actual.size() != expected.size()) {
      return false;
    }
    List<T> left = new ArrayList<>(expected);
    for (JsonNode element : actual) {
      if (!fits.test(element) || !left.remove(read.apply(element))) {
        return false;
      }
    }
    return left.isEmpty();
  }

  /** 1E2 and 100 are one number; 0.1 and what a double makes of it are two. */
  private static BigDecimal number(String digits) {
    return new BigDecimal(digits).stripTrailingZeros();
  }

  private static BigDecimal number(JsonNode node) {
    return node.decimalValue().stripTrailingZeros();
  }

  private static String base64(SdkBytes bytes) {
    return Base64.getEncoder().encodeToString(bytes.asByteArrayUnsafe());
  }
}
