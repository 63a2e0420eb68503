package dev.utsushi.testbed.comparison;

import static org.assertj.core.api.Assertions.assertThat;
import static software.amazon.awssdk.services.dynamodb.model.AttributeValue.fromB;
import static software.amazon.awssdk.services.dynamodb.model.AttributeValue.fromBool;
import static software.amazon.awssdk.services.dynamodb.model.AttributeValue.fromBs;
import static software.amazon.awssdk.services.dynamodb.model.AttributeValue.fromL;
import static software.amazon.awssdk.services.dynamodb.model.AttributeValue.fromM;
import static software.amazon.awssdk.services.dynamodb.model.AttributeValue.fromN;
import static software.amazon.awssdk.services.dynamodb.model.AttributeValue.fromNs;
import static software.amazon.awssdk.services.dynamodb.model.AttributeValue.fromNul;
import static software.amazon.awssdk.services.dynamodb.model.AttributeValue.fromS;
import static software.amazon.awssdk.services.dynamodb.model.AttributeValue.fromSs;

import dev.utsushi.testbed.search.SearchApi;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

class AttributeComparisonTest {
  private static final String DIGITS_38 = "1234567890123456789.0123456789012345678";

  @ParameterizedTest
  @MethodSource
  void equal(AttributeValue expected, String json) throws IOException {
    assertThat(AttributeComparison.equal(expected, SearchApi.parse(json))).isTrue();
  }

  static List<Arguments> equal() {
    return List.of(
        Arguments.of(fromS(""), "\"\""),
        Arguments.of(fromN(DIGITS_38), DIGITS_38),
        Arguments.of(fromN("1E+125"), "1" + "0".repeat(125)),
        Arguments.of(fromN("-1E-130"), "-1e-130"),
        Arguments.of(fromB(bytes("\u0000ÿ")), "\"AMO/\""),
        Arguments.of(fromBool(false), "false"),
        Arguments.of(fromNul(true), "null"),
        Arguments.of(fromSs(List.of("a", "b")), "[\"b\",\"a\"]"),
        Arguments.of(fromNs(List.of("1", DIGITS_38)), "[" + DIGITS_38 + ",1.0]"),
        Arguments.of(fromBs(List.of(bytes("a"), bytes("b"))), "[\"Yg==\",\"YQ==\"]"),
        Arguments.of(fromL(List.of(fromN("1"), fromNul(true))), "[1,null]"),
        Arguments.of(fromM(Map.of("a.b", fromM(Map.of()))), "{\"a.b\":{}}"));
  }

  @ParameterizedTest
  @MethodSource
  void different(AttributeValue expected, String json) throws IOException {
    assertThat(AttributeComparison.equal(expected, SearchApi.parse(json))).isFalse();
  }

  static List<Arguments> different() {
    return List.of(
        Arguments.of(fromS("1"), "1"),
        Arguments.of(fromN("1"), "\"1\""),
        Arguments.of(fromN(DIGITS_38), "1234567890123456789.0123456789012345679"),
        Arguments.of(fromN(DIGITS_38), "1234567890123456800"),
        Arguments.of(fromN("0.1"), "0.1000000000000000055511151231257827"),
        Arguments.of(fromB(bytes("a")), "\"YQ\""),
        Arguments.of(fromNul(true), "false"),
        Arguments.of(fromSs(List.of("a", "b")), "[\"a\",\"a\"]"),
        Arguments.of(fromSs(List.of("a")), "\"a\""),
        Arguments.of(fromNs(List.of("1", "2")), "[1]"),
        Arguments.of(fromL(List.of(fromN("1"), fromN("2"))), "[2,1]"),
        Arguments.of(fromM(Map.of("a", fromNul(true))), "{\"b\":null}"),
        Arguments.of(fromM(Map.of("a", fromN("1"))), "{\"a\":1,\"b\":1}"));
  }

  @Test
  void aMissingValueIsNotNull() throws IOException {
    assertThat(AttributeComparison.equal(fromNul(true), SearchApi.parse("{}").path("a"))).isFalse();
  }

  private static SdkBytes bytes(String text) {
    return SdkBytes.fromUtf8String(text);
  }
}
