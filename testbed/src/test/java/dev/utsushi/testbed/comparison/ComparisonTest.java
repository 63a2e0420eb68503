package dev.utsushi.testbed.comparison;

import static org.assertj.core.api.Assertions.assertThat;
import static software.amazon.awssdk.services.dynamodb.model.AttributeValue.fromN;
import static software.amazon.awssdk.services.dynamodb.model.AttributeValue.fromS;

import dev.utsushi.testbed.search.SearchApi;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ScalarAttributeType;

class ComparisonTest {
  private static final TableKeys KEYS =
      new TableKeys(
          List.of(
              new TableKeys.KeyAttribute("deal", ScalarAttributeType.S),
              new TableKeys.KeyAttribute("number", ScalarAttributeType.N)));
  private static final Map<String, AttributeValue> ITEM =
      Map.of("deal", fromS("d1"), "number", fromN("100"), "memo", fromS("電話"));

  private final Comparison comparison = new Comparison(KEYS);

  @Test
  void equal() throws IOException {
    comparison.item(ITEM);
    comparison.visible(document("a", "\"deal\":\"d1\",\"number\":1E2,\"memo\":\"電話\"", ""));
    comparison.hidden(tombstone("b", ""));
    var report = comparison.report();
    assertThat(report.equal()).isTrue();
    assertThat(report.line())
        .isEqualTo("table and index are equal: 1 items, 1 documents, 1 tombstones");
  }

  @Test
  void overflowCountsAsPartOfTheDocument() throws IOException {
    comparison.item(ITEM);
    comparison.visible(
        document("a", "\"deal\":\"d1\",\"number\":100", "{\\\"memo\\\":\\\"電話\\\"}"));
    assertThat(comparison.report().equal()).isTrue();
    assertThat(comparison.report().overflowedAttributes()).isEqualTo(1);
  }

  @Test
  void anItemAttributeOfTheReservedNameIsLookedForInTheOverflow() throws IOException {
    comparison.item(
        Map.of("deal", fromS("d1"), "number", fromN("100"), "_replication", fromS("mine")));
    comparison.visible(
        document("a", "\"deal\":\"d1\",\"number\":100", "{\\\"_replication\\\":\\\"mine\\\"}"));
    assertThat(comparison.report().differences()).isEmpty();
  }

  @Test
  void missing() {
    comparison.item(ITEM);
    assertThat(comparison.report().differences())
        .containsExactly(new Difference.Missing("d1|1E+2"));
  }

  @Test
  void extra() throws IOException {
    comparison.visible(document("a", "\"deal\":\"d1\",\"number\":100", ""));
    assertThat(comparison.report().differences()).containsExactly(new Difference.Extra("a"));
  }

  @Test
  void aDocumentWithoutItsKeyIsExtra() throws IOException {
    comparison.visible(document("a", "\"deal\":\"d1\"", ""));
    assertThat(comparison.report().differences()).containsExactly(new Difference.Extra("a"));
  }

  @Test
  void doubled() throws IOException {
    comparison.item(ITEM);
    String attributes = "\"deal\":\"d1\",\"number\":100,\"memo\":\"電話\"";
    comparison.visible(document("a", attributes, ""));
    comparison.visible(document("b", attributes, ""));
    assertThat(comparison.report().differences())
        .containsExactly(new Difference.Doubled("d1|1E+2", List.of("a", "b")));
  }

  @Test
  void attributesChangedLostAndLeftBehindAreNamedWithoutTheirContent() throws IOException {
    comparison.item(
        Map.of(
            "deal", fromS("d1"), "number", fromN("100"), "memo", fromS("秘密"), "lost", fromS("秘密")));
    comparison.visible(
        document("a", "\"deal\":\"d1\",\"number\":100,\"memo\":\"?\",\"old\":null", ""));
    var report = comparison.report();
    assertThat(report.differences())
        .containsExactly(new Difference.Different("d1|1E+2", List.of("lost", "memo", "old")));
    assertThat(report.differences().getFirst().line()).doesNotContain("秘密");
  }

  @Test
  void anAttributeBothAsFieldAndInTheOverflowIsMalformed() throws IOException {
    comparison.item(ITEM);
    comparison.visible(
        document(
            "a", "\"deal\":\"d1\",\"number\":100,\"memo\":\"電話\"", "{\\\"memo\\\":\\\"電話\\\"}"));
    assertThat(comparison.report().differences())
        .containsExactly(
            new Difference.Malformed("a", "an attribute both as field and in the overflow"));
  }

  @Test
  void aTombstoneThatReadersFind() throws IOException {
    comparison.visible(tombstone("a", ""));
    assertThat(comparison.report().differences())
        .containsExactly(new Difference.Malformed("a", "readers find this tombstone"));
  }

  @Test
  void aTombstoneWithAttributes() throws IOException {
    comparison.hidden(tombstone("a", "\"memo\":\"left\","));
    assertThat(comparison.report().differences())
        .containsExactly(new Difference.Malformed("a", "a tombstone with attributes"));
  }

  @Test
  void aDocumentThatNobodyReplicated() throws IOException {
    comparison.hidden(new IndexedDocument("a", SearchApi.parse("{\"memo\":\"by hand\"}")));
    assertThat(comparison.report().differences())
        .extracting(Difference::line)
        .contains(
            "malformed: a: no version of label and 40 digits",
            "malformed: a: readers do not find it, though it is no tombstone");
  }

  private static IndexedDocument document(String id, String attributes, String overflow)
      throws IOException {
    String text = overflow.isEmpty() ? "" : ",\"overflow\":\"" + overflow + "\"";
    return new IndexedDocument(
        id, SearchApi.parse("{%s,%s}".formatted(attributes, replication(false, text))));
  }

  private static IndexedDocument tombstone(String id, String attributes) throws IOException {
    return new IndexedDocument(
        id, SearchApi.parse("{%s%s}".formatted(attributes, replication(true, ""))));
  }

  private static String replication(boolean deleted, String overflow) {
    return """
    "_replication":{"version":"2026-11-01T00:00:00.000/%040d","deleted":%s,
     "changedAt":"2026-11-21T01:02:03Z","indexedAt":"2026-11-21T01:02:03.417Z"%s}\
    """
        .formatted(17, deleted, overflow);
  }
}
