package dev.utsushi.infra.settings;

import static dev.utsushi.infra.settings.TestSettings.ENDPOINT;
import static dev.utsushi.infra.settings.TestSettings.STREAMS;
import static dev.utsushi.infra.settings.TestSettings.problems;
import static dev.utsushi.infra.settings.TestSettings.read;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Filter patterns. */
class FilterSettingsTest {
  private static final String ADVICE = " Filter by dynamodb.Keys only, the same for all events.";

  /** Filter patterns are Lambda's to read: a number keeps its digits. */
  @Test
  void aFilterPatternIsPassedOnAsItIs() {
    assertThat(
            read(ENDPOINT
                    + STREAMS
                    + "    filterPatterns: [{ a: [1.50, 1e3, null, true, \"7\"] }]\n")
                .streams()
                .getFirst()
                .filterPatterns()
                .toString())
        .isEqualTo("[{\"a\":[1.50,1E+3,null,true,\"7\"]}]");
  }

  @Test
  void filterPatternsMustFitIntoTheVariablesOfAFunction() {
    String pattern = "{ eventName: [" + "a".repeat(2_500) + "] }";
    assertThat(problems(ENDPOINT + STREAMS + "    filterPatterns: [" + pattern + "]\n"))
        .containsExactly(
            "9: streams[0].filterPatterns have 2526 bytes as a function's variable, whose room is"
                + " 2500");
  }

  @Test
  void filterPatternsHaveTheShapeThatLambdaReads() {
    assertThat(
            problems(
                ENDPOINT
                    + """
                    defaults:
                      filterPatterns:
                        - { eventName: INSERT }
                    """
                    + STREAMS))
        .containsExactly(
            "8: defaults.filterPatterns[0].eventName must be a list of values, like"
                + " [\"INSERT\"]");
    assertThat(
            problems(
                ENDPOINT
                    + STREAMS
                    + """
                        filterPatterns:
                          - {}
                          - { dynamodb: { Keys: { id: { S: [] } } } }
                          - { dynamodb: { Keys: { id: { S: [[a]] } } } }
                          - { dynamodb: { Keys: { id: { S: [{ prefx: a }] } } } }
                          - { dynamodb: { Keys: { id: { S: [{ prefix: a, suffix: b }] } } } }
                          - { $or: [a] }
                    """))
        .containsExactly(
            "10: streams[0].filterPatterns[0] must not be empty; remove it to match every record",
            "11: streams[0].filterPatterns[1].dynamodb.Keys.id.S must have at least 1 value",
            "12: streams[0].filterPatterns[2].dynamodb.Keys.id.S[0] must be a value or a"
                + " comparison, not a list",
            "13: streams[0].filterPatterns[3].dynamodb.Keys.id.S[0] "
                + comparison("[prefx]")
                + "; did you mean prefix?",
            "14: streams[0].filterPatterns[4].dynamodb.Keys.id.S[0] "
                + comparison("[prefix, suffix]")
                + "; did you mean prefix?",
            "15: streams[0].filterPatterns[5].$or[0] must be a section: $or joins patterns");
    assertThat(
            problems(
                ENDPOINT
                    + STREAMS
                    + """
                        filterPatterns:
                          - $or: [{ a: [1, null, true, b] }, { a: { b: [{ exists: false }] } }]
                    """))
        .isEmpty();
  }

  private static String comparison(String given) {
    return "must have exactly one of anything-but, cidr, equals-ignore-case, exists, numeric,"
        + " prefix, suffix, wildcard, not "
        + given;
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      nullValues = "-",
      textBlock =
          """
          {dynamodb: {Keys: {id: {S: [a]}}}} | -
          {eventSource: ["aws:dynamodb"]} | -
          {eventName: [{anything-but: [UPDATE]}]} | -
          {eventName: [{anything-but: REMOVE}]} | REMOVE
          {eventName: [{suffix: E}]} | INSERT MODIFY REMOVE
          {dynamodb: {Keys: {id: {S: [a]}}}}, {dynamodb: {Keys: {id: {S: [b]}}}} | -
          {eventName: [REMOVE]}, {eventName: [INSERT, MODIFY]} | -
          {dynamodb: {SizeBytes: [{numeric: [">", 9]}]}} | INSERT MODIFY REMOVE
          {eventName: [REMOVE]}, {dynamodb: {Keys: {id: {S: [a]}}}} | INSERT MODIFY
          {$or: [{eventName: [INSERT, MODIFY]}, {eventName: [REMOVE]}]} | -
          {$or: [{eventName: [INSERT]}, {dynamodb: {Keys: {id: {S: [a]}}}}]} | MODIFY REMOVE
          {dynamodb: {$or: [{Keys: {id: {S: [a]}}}, {NewImage: {b: {S: [b]}}}]}} | INSERT MODIFY REMOVE
          {dynamodb: {Keys: {$or: [{id: {S: [a]}}, {at: {S: [b]}}]}}} | -
          {dynamodb: {Keys: {id: {S: [a]}}}, $or: [{eventName: [INSERT, REMOVE]}, {eventName: [MODIFY]}]} | -
          """)
  void aFilterThatLeavesDocumentsBehindWarnsOfIt(String patterns, @Nullable String events) {
    assertThat(warnings("    filterPatterns: [" + patterns + "]\n"))
        .extracting(warning -> warning.replaceFirst("No filter pattern takes every (\\w+).*", "$1"))
        .containsExactly(events == null ? new String[0] : events.split(" "));
  }

  @Test
  void aWarningNamesTheLinesOfThePatterns() {
    assertThat(
            warnings(
                """
                    filterPatterns:
                      - { eventName: [INSERT, MODIFY], dynamodb: { Keys: { id: { S: [a] } } } }
                      - { eventName: [REMOVE], dynamodb: { Keys: { at: { S: [b] } } } }
                """))
        .containsExactly(
            "No filter pattern takes every INSERT of the keys that line 11 of the settings takes: a"
                + " new item is not in the index until it changes."
                + ADVICE,
            "No filter pattern takes every MODIFY of the keys that line 11 of the settings takes:"
                + " the document of an item that no longer matches stays as it was."
                + ADVICE,
            "No filter pattern takes every REMOVE of the keys that line 10 of the settings takes:"
                + " the documents of removed items stay in the index."
                + ADVICE);
    assertThat(
            read("defaults: { filterPatterns: [{ eventName: [INSERT, MODIFY] }] }\n"
                    + ENDPOINT
                    + STREAMS)
                .streams()
                .getFirst()
                .filterWarnings())
        .singleElement()
        .asString()
        .contains("that line 1 of the settings takes");
  }

  private static List<String> warnings(String patterns) {
    return read(ENDPOINT + STREAMS + patterns).streams().getFirst().filterWarnings();
  }
}
