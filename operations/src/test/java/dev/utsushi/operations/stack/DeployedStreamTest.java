package dev.utsushi.operations.stack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.utsushi.core.change.ItemKey;
import dev.utsushi.core.change.Value;
import dev.utsushi.core.record.KeySchema;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DeployedStreamTest {
  private static final KeySchema KEYS = new KeySchema("deal", null);

  @Test
  void theFilterOfTheFunctionIsThatOfTheStream() {
    assertThat(matches(null)).isTrue();
    assertThat(matches("[{\"eventName\":[\"INSERT\"]}]")).isTrue();
    assertThat(matches("[{\"eventName\":[\"REMOVE\"]}]")).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"no JSON", "", "{}", "[1]", "[{\"eventName\":\"INSERT\"}]", "[{}"})
  void aVariableThatIsNoFilterIsToldInALine(String variable) {
    assertThatThrownBy(() -> stream(variable).filter())
        .isInstanceOf(OperationException.class)
        .hasMessage(
            "UTSUSHI_FILTER_PATTERNS of function replay-deals must be a JSON array of filter"
                + " patterns: deploy the stack again");
  }

  private static boolean matches(@Nullable String variable) {
    Map<String, Value> item = Map.of("deal", new Value.Text("d"));
    return stream(variable).filter().matches(new ItemKey(new Value.Text("d"), null), KEYS, item);
  }

  private static DeployedStream stream(@Nullable String filterPatterns) {
    return new DeployedStream(
        "utsushi",
        "eu-west-1",
        "deals",
        "arn:aws:dynamodb:eu-west-1:1:table/deals",
        null,
        KEYS,
        null,
        filterPatterns,
        new DeployedStream.Search("http://engine", "none", null),
        "https://queue",
        "replay-deals",
        Duration.ofMinutes(1),
        "/logs/replay",
        null);
  }
}
