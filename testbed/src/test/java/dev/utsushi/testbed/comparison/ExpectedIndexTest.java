package dev.utsushi.testbed.comparison;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static software.amazon.awssdk.services.dynamodb.model.AttributeValue.fromBool;
import static software.amazon.awssdk.services.dynamodb.model.AttributeValue.fromL;
import static software.amazon.awssdk.services.dynamodb.model.AttributeValue.fromM;
import static software.amazon.awssdk.services.dynamodb.model.AttributeValue.fromN;
import static software.amazon.awssdk.services.dynamodb.model.AttributeValue.fromS;

import dev.utsushi.testbed.comparison.ExpectedIndex.Shown;
import dev.utsushi.testbed.comparison.TableKeys.KeyAttribute;
import dev.utsushi.testbed.search.SearchApi;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ScalarAttributeType;

class ExpectedIndexTest {
  private static final Map<String, AttributeValue> ITEM =
      Map.of(
          "id", fromS("1"),
          "entity", fromS("DealOpen"),
          "rank", fromN("5"),
          "done", fromBool(false),
          "note", fromS("n"),
          "a.b", fromS("dotted"),
          "a",
              fromM(
                  Map.of(
                      "b", fromS("hidden"),
                      "c", fromS("shown"),
                      "l", fromL(List.of(fromM(Map.of("b", fromS("in"))), fromS("text"))))));

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{entity:{S:[DealOpen]}}                                | true",
        "{entity:{S:[Deal, Action]}}                            | false",
        "{entity:{S:[{prefix:Deal}]}, rank:{N:['5']}}           | true",
        "{entity:{S:[{prefix:Deal}]}, rank:{N:['6']}}           | false",
        "{entity:{N:['5']}}                                     | false",
        "{entity:{S:[{anything-but:[Action]}]}}                 | true",
        "{entity:{S:[{anything-but:DealOpen}]}}                 | false",
        "{gone:{S:[{anything-but:[Action]}]}}                   | false",
        "{done:{BOOL:[false]}}                                  | true",
        "{gone:{BOOL:[{exists:false}]}}                         | true",
        "{done:{BOOL:[{exists:false}]}}                         | false",
        "{a:{M:{c:{S:[shown]}}}}                                | true",
        "{a:{M:{c:{S:[{exists:false}]}}}}                       | false",
        "{note:{M:{c:{S:[{exists:true}]}}}}                     | false",
        "{$or:[{rank:{N:['6']}},{note:{S:[n]}}]}                | true",
        "{id:{S:['2']},$or:[{rank:{N:['6']}},{note:{S:[n]}}]}   | false"
      })
  void choosesItems(String where, boolean matches) throws IOException {
    assertThat(index("where", where).shown(ITEM).isPresent()).isEqualTo(matches);
  }

  @Test
  void refusesWhatItDoesNotKnow() throws IOException {
    assertThatThrownBy(() -> index("where", "{note:{S:[{suffix:n}]}}").shown(ITEM))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void leavesOutWhatIsExcluded() throws IOException {
    assertThat(shown("attributes", "{exclude:[a.b, a.l.b, note, none]}"))
        .isEqualTo(
            new Shown(
                Map.of(
                    "id", fromS("1"),
                    "entity", fromS("DealOpen"),
                    "rank", fromN("5"),
                    "done", fromBool(false),
                    "a",
                        fromM(
                            Map.of(
                                "c", fromS("shown"),
                                "l", fromL(List.of(fromM(Map.of()), fromS("text")))))),
                Set.of()));
  }

  @Test
  void showsWhatIsIncludedAndKeys() throws IOException {
    assertThat(shown("attributes", "{include:[rank, a.l.b, note.x]}"))
        .isEqualTo(
            new Shown(
                Map.of(
                    "id", fromS("1"),
                    "rank", fromN("5"),
                    "a", fromM(Map.of("l", fromL(List.of(fromM(Map.of("b", fromS("in")))))))),
                Set.of()));
  }

  @Test
  void renamesUnlessTheNameIsTaken() throws IOException {
    assertThat(shown("attributes", "{include:[rank, note], rename:{rank: note, id: key}}"))
        .isEqualTo(
            new Shown(
                Map.of("key", fromS("1"), "rank", fromN("5"), "note", fromS("n")), Set.of("rank")));
  }

  @Test
  void theComparisonFindsAnItemThatDidNotLeave() throws IOException {
    var comparison = comparison("where", "{entity:{S:[Action]}}");
    comparison.item(ITEM);
    comparison.visible(document("'id':'1','entity':'Action'", ""));
    assertThat(comparison.report().differences()).containsExactly(new Difference.Extra("x"));
  }

  @Test
  void theComparisonFindsWhatIsExcluded() throws IOException {
    var comparison = comparison("attributes", "{include:[rank], rename:{id:key}}");
    comparison.item(ITEM);
    comparison.visible(document("'key':'1','rank':5", "{\\\"note\\\":\\\"n\\\"}"));
    assertThat(comparison.report().differences())
        .containsExactly(new Difference.Different("1", List.of("note")));
  }

  @Test
  void whatKeepsItsNameBelongsToTheOverflow() throws IOException {
    for (String place : List.of("field", "overflow")) {
      boolean field = place.equals("field");
      var comparison = comparison("attributes", "{include:[rank,note],rename:{rank:note}}");
      comparison.item(ITEM);
      comparison.visible(
          document(
              "'id':'1','note':'n'" + (field ? ",'rank':5" : ""), field ? "" : "{\\\"rank\\\":5}"));
      assertThat(comparison.report().differences())
          .isEqualTo(field ? List.of(new Difference.Different("1", List.of("rank"))) : List.of());
    }
  }

  private static Comparison comparison(String member, String json) throws IOException {
    return new Comparison(
        new TableKeys(List.of(new KeyAttribute("id", ScalarAttributeType.S))), index(member, json));
  }

  private static Shown shown(String member, String json) throws IOException {
    Optional<Shown> shown = index(member, json).shown(ITEM);
    return shown.orElseThrow();
  }

  /** Names without quotes are easier to read. */
  private static ExpectedIndex index(String member, String json) throws IOException {
    String quoted = json.replace("'", "\"").replaceAll("(?<!\")(\\$?[A-Za-z][\\w.-]*)", "\"$1\"");
    String plain = quoted.replaceAll("\"(true|false)\"", "$1");
    String target = "[{\"index\":\"i\",\"%s\":%s}]".formatted(member, plain);
    return ExpectedIndex.read(target, List.of("id")).getFirst();
  }

  private static IndexedDocument document(String attributes, String overflow) throws IOException {
    return new IndexedDocument(
        "x",
        SearchApi.parse(
            """
            {%s,"_replication":{"version":"2026-11-01T00:00:00.000/%040d","deleted":false,
             "changedAt":"2026-11-21T01:02:03Z","indexedAt":"2026-11-21T01:02:03.417Z"%s}}\
            """
                .formatted(
                    attributes.replace('\'', '"'),
                    1,
                    overflow.isEmpty() ? "" : ",\"overflow\":\"" + overflow + "\"")));
  }
}
