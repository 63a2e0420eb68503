package dev.utsushi.loadtest.units;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DurationTextTest {
  @ParameterizedTest
  @CsvSource({
    "40ms, PT0.04S",
    "1.5s, PT1.5S",
    "2m, PT2M",
    "1h, PT1H",
    "16d, PT384H",
    "250us, PT0.00025S",
    "0s, PT0S",
    "0.3ms, PT0.0003S"
  })
  void isParsed(String text, Duration duration) {
    assertThat(DurationText.parse(text)).isEqualTo(duration);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "40", "ms", "-1s", "1 s", "1e3s", "1.s", "1w"})
  void otherTextIsRefused(String text) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> DurationText.parse(text))
        .withMessage("'%s' is not a duration such as 40ms or 1.5s".formatted(text));
  }

  @ParameterizedTest
  @CsvSource({
    "PT0.0003S, 300 µs",
    "PT0.04S, 40 ms",
    "PT0.9994S, 999 ms",
    "PT1S, 1.00 s",
    "PT9.99S, 9.99 s",
    "PT95S, 95 s",
    "PT0S, 0 ms"
  })
  void isPrinted(Duration duration, String text) {
    assertThat(DurationText.print(duration)).isEqualTo(text);
  }
}
