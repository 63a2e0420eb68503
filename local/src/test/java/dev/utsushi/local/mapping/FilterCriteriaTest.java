package dev.utsushi.local.mapping;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FilterCriteriaTest {

  private static final String FINE = "{\"eventName\":[\"INSERT\"]}";

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"eventName\":[\"INSERT\",\"MODIFY\"]}",
        "{\"a\":[null]}",
        "{\"a\":[\"\"]}",
        "{\"a\":[{\"equals-ignore-case\":\"x\"}]}",
        "{\"a\":[{\"anything-but\":[\"x\",\"y\"]}]}",
        "{\"a\":[{\"numeric\":[\">\",1,\"<=\",2]}]}",
        "{\"a\":[{\"exists\":false}]}",
        "{\"a\":[{\"prefix\":\"x\"}]}",
        "{\"a\":{\"b\":[{\"suffix\":\"x\"}]}}",
        "{\"$or\":[{\"a\":[1]},{\"b\":[{\"prefix\":\"x\"}]}]}"
      })
  void everyDocumentedOperatorIsAccepted(String pattern) {
    assertThat(FilterCriteria.of(pattern).patterns()).containsExactly(pattern);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      textBlock =
          """
          INSERT                             | Unrecognized token
          []                                 | Filter is not an object
          {}                                 | Empty objects are not allowed
          {"a": []}                          | Empty arrays are not allowed
          {"a": "x"}                         | "a" must be an object or an array
          {"a": [{"like": "x"}]}             | Unrecognized match type like
          """)
  void invalidPatternsAreRefused(String pattern, String problem) {
    assertThatThrownBy(() -> FilterCriteria.of(FINE, pattern))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("filter 2 is not a valid pattern: ")
        .hasMessageContaining(problem);
  }

  @Test
  void fiveOfFourThousandCharactersAreTheLimit() {
    String longest = "{\"a\":[\"%s\"]}".formatted("x".repeat(4096 - 10));
    assertThat(longest).hasSize(4096);
    assertThat(FilterCriteria.of(FINE, FINE, FINE, FINE, longest).patterns()).hasSize(5);
    assertThatThrownBy(() -> FilterCriteria.of(FINE, FINE, FINE, FINE, FINE, longest + " "))
        .hasMessage("filters takes up to 5, not 6; filter 6 takes up to 4096 characters, not 4097");
  }
}
