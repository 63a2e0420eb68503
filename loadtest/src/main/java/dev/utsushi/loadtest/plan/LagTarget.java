package dev.utsushi.loadtest.plan;

import dev.utsushi.loadtest.units.DurationText;
import dev.utsushi.loadtest.units.LagHistogram;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How late a change may be. Written {@code p99=1s}, {@code p99.9=3s} or {@code max=5s}.
 *
 * @param percentile of the changes that must be no later, above 0 to 100
 */
public record LagTarget(double percentile, Duration lag) {
  private static final Pattern TARGET =
      Pattern.compile("(?:p(\\d{1,3}(?:\\.\\d{1,4})?)|(max))=(.+)");

  /**
   * @throws IllegalArgumentException if it can never be met
   */
  public LagTarget {
    if (!(percentile > 0 && percentile <= 100)) {
      throw new IllegalArgumentException("a percentile is above 0 and at most 100");
    }
    if (lag.isNegative() || lag.isZero()) {
      throw new IllegalArgumentException("a target's lag must be above 0");
    }
  }

  /**
   * Reads what a person wrote.
   *
   * @throws IllegalArgumentException if the text is no target, saying what one looks like
   */
  public static LagTarget parse(String text) {
    Matcher matcher = TARGET.matcher(text.strip());
    if (!matcher.matches()) {
      throw new IllegalArgumentException(
          "'%s' is no target such as p99=1s or max=5s".formatted(text));
    }
    double percentile = matcher.group(2) == null ? Double.parseDouble(matcher.group(1)) : 100;
    return new LagTarget(percentile, DurationText.parse(matcher.group(3)));
  }

  /** Whether so many of these lags are no longer than that. */
  public boolean isMetBy(LagHistogram lags) {
    return lagOf(lags).compareTo(lag) <= 0;
  }

  /** The lag that counts. */
  public Duration lagOf(LagHistogram lags) {
    return percentile == 100 ? lags.max() : lags.percentile(percentile);
  }

  /** {@code p99}, {@code p99.9} or {@code max}. */
  public String name() {
    if (percentile == 100) {
      return "max";
    }
    boolean whole = percentile == Math.rint(percentile);
    return "p" + (whole ? Long.toString((long) percentile) : Double.toString(percentile));
  }
}
