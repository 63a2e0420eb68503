package dev.utsushi.loadtest.units;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Durations as people write them: {@code 40ms}, {@code 1.5s}, {@code 2m}, {@code 1h}. */
public final class DurationText {
  private static final Pattern DURATION =
      Pattern.compile("(\\d{1,9}(?:\\.\\d{1,9})?)(us|ms|s|m|h)");
  private static final long NANOS_PER_MILLI = 1_000_000;
  private static final Map<String, Long> NANOS =
      Map.of(
          "us",
          1_000L,
          "ms",
          NANOS_PER_MILLI,
          "s",
          1_000 * NANOS_PER_MILLI,
          "m",
          60_000 * NANOS_PER_MILLI,
          "h",
          3_600_000 * NANOS_PER_MILLI);

  private DurationText() {}

  /**
   * A duration of at least zero.
   *
   * @throws IllegalArgumentException if the text is none, saying what one looks like
   */
  public static Duration parse(String text) {
    Matcher matcher = DURATION.matcher(text.strip());
    if (!matcher.matches()) {
      throw new IllegalArgumentException(
          "'%s' is not a duration such as 40ms or 1.5s".formatted(text));
    }
    BigDecimal nanos =
        new BigDecimal(matcher.group(1))
            .multiply(BigDecimal.valueOf(Objects.requireNonNull(NANOS.get(matcher.group(2)))));
    return Duration.ofNanos(nanos.setScale(0, RoundingMode.HALF_UP).longValueExact());
  }

  /** With as many digits as matter: {@code 850 µs}, {@code 40 ms}, {@code 1.25 s}, {@code 95 s}. */
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
