package dev.utsushi.testbed.comparison;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** Whether a value in a document is, exactly, the value in the table. */
final class AttributeComparison {
  private AttributeComparison() {}

  static boolean equal(AttributeValue expected, JsonNode actual) {
    return switch (expected.type()) {
      case S -> actual.isTextual() && actual.textValue().equals(expected.s());
      // 1E2 and 100 are one number; 0.1 and what a double makes of it are two.
      case N ->
          actual.isNumber() && actual.decimalValue().compareTo(new BigDecimal(expected.n())) == 0;
      case B -> actual.isTextual() && actual.textValue().equals(base64(expected.b()));
      case BOOL -> actual.isBoolean() && actual.booleanValue() == expected.bool();
      case NUL -> actual.isNull();
      case SS -> equalSets(expected.ss().stream().map(AttributeValue::fromS), actual);
      case NS -> equalSets(expected.ns().stream().map(AttributeValue::fromN), actual);
      case BS -> equalSets(expected.bs().stream().map(AttributeValue::fromB), actual);
      case L -> equalLists(expected.l(), actual);
      case M -> equalMaps(expected.m(), actual);
      case UNKNOWN_TO_SDK_VERSION ->
          throw new IllegalArgumentException("An attribute of a type that DynamoDB does not have");
    };
  }

  private static boolean equalLists(List<AttributeValue> expected, JsonNode actual) {
    return actual.isArray()
        && actual.size() == expected.size()
        && IntStream.range(0, actual.size()).allMatch(i -> equal(expected.get(i), actual.path(i)));
  }

  private static boolean equalMaps(Map<String, AttributeValue> expected, JsonNode actual) {
    return actual.isObject()
        && actual.size() == expected.size()
        && expected.entrySet().stream()
            .allMatch(each -> equal(each.getValue(), actual.path(each.getKey())));
  }

  /** A set has no order, and no element twice. */
  private static boolean equalSets(Stream<AttributeValue> expected, JsonNode actual) {
    List<AttributeValue> elements = expected.toList();
    return actual.isArray()
        && actual.size() == elements.size()
        && elements.stream()
            .allMatch(element -> actual.valueStream().anyMatch(each -> equal(element, each)));
  }

  private static String base64(SdkBytes bytes) {
    return Base64.getEncoder().encodeToString(bytes.asByteArrayUnsafe());
  }
}
