package dev.utsushi.loadtest.plan;

import dev.utsushi.loadtest.units.DurationText;
import dev.utsushi.loadtest.units.LagHistogram;
import dev.utsushi.loadtest.units.TextForm;
import java.time.Duration;
import java.util.regex.Matcher;

/**
 * The lag that a plan must meet. Written {@code p99=1s}, {@code p99.9=3s} or {@code max=5s}.
 *
 * @param percentile of the changes that must not be later, above 0 to 100
 */
public record LagTarget(double percentile, Duration lag) {
  private static final TextForm FORM =
      new TextForm(
          "(?:p(\\d{1,3}(?:\\.\\d{1,4})?)|(max))=(.+)", "a target such as p99=1s or max=5s");

  /**
   * @throws IllegalArgumentException if it can never be met
   */
  public LagTarget {
    if (!(percentile > 0 && percentile <= 100)) {
      throw new IllegalArgumentException("a percentile must be above 0 and at most 100");
    }
    if (!lag.isPositive()) {
      throw new IllegalArgumentException("the lag of a target must be above 0");
    }
  }

  /**
   * Parses a target.
   *
   * @throws IllegalArgumentException if the text is not a target, with examples of some
   */
  public static LagTarget parse(String text) {
    Matcher matcher = FORM.match(text);
    double percentile = matcher.group(2) == null ? Double.parseDouble(matcher.group(1)) : 100;
    return new LagTarget(percentile, DurationText.parse(matcher.group(3)));
  }

  /** Returns whether these lags meet the target. */
  public boolean isMetBy(LagHistogram lags) {
    return lagOf(lags).compareTo(lag) <= 0;
  }

  /** Returns the lag that is compared with the target. */
  public Duration lagOf(LagHistogram lags) {
    return percentile == 100 ? lags.max() : lags.percentile(percentile);
  }

  /** Returns {@code p99}, {@code p99.9} or {@code max}. */
  public String name() {
    if (percentile == 100) {
      return "max";
    }
    boolean whole = percentile == Math.rint(percentile);
    return "p" + (whole ? Long.toString((long) percentile) : Double.toString(percentile));
  }
}
