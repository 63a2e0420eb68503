package dev.utsushi.loadtest.units;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.util.Locale;
import java.util.regex.Matcher;

/**
 * Durations as people write them: {@code 40ms}, {@code 1.5s}, {@code 2m}, {@code 1h}, {@code 16d}.
 */
public final class DurationText {
  private static final TextForm FORM =
      new TextForm("(\\d{1,9}(?:\\.\\d{1,9})?)(us|ms|s|m|h|d)", "a duration such as 40ms or 1.5s");
  private static final long NANOS_PER_MILLI = 1_000_000;

  private DurationText() {}

  /**
   * Parses a duration of at least zero.
   *
   * @throws IllegalArgumentException if the text is not a duration, with examples of one
   */
  public static Duration parse(String text) {
    Matcher matcher = FORM.match(text);
    long nanos =
        switch (matcher.group(2)) {
          case "us" -> 1_000;
          case "ms" -> NANOS_PER_MILLI;
          case "s" -> 1_000 * NANOS_PER_MILLI;
          case "m" -> 60_000 * NANOS_PER_MILLI;
          case "h" -> 3_600_000 * NANOS_PER_MILLI;
          default -> 86_400_000 * NANOS_PER_MILLI;
        };
    return Duration.ofNanos(
        new BigDecimal(matcher.group(1))
            .multiply(BigDecimal.valueOf(nanos))
            .setScale(0, RoundingMode.HALF_UP)
            .longValueExact());
  }

  /**
   * Prints as many digits as matter: {@code 850 µs}, {@code 40 ms}, {@code 1.25 s}, {@code 95 s}.
   */
  public static String print(Duration duration) {
    double millis = duration.toNanos() / (double) NANOS_PER_MILLI;
    if (millis < 1 && millis > 0) {
      return "%.0f µs".formatted(millis * 1000);
    }
    if (millis < 999.5) {
      return "%.0f ms".formatted(millis);
    }
    return String.format(Locale.ROOT, millis < 9_995 ? "%.2f s" : "%.0f s", millis / 1000);
  }
}
