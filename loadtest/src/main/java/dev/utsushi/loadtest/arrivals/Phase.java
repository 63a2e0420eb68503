package dev.utsushi.loadtest.arrivals;

import java.time.Duration;

/**
 * A stretch of traffic whose rate is steady, or moves evenly from one to another.
 *
 * @param fromPerSecond writes a second as it starts
 * @param toPerSecond writes a second as it ends
 */
public record Phase(double fromPerSecond, double toPerSecond, Duration duration) {

  /** More than one table's stream is planned for; keeps a slip of the keyboard out of memory. */
  private static final double MOST_PER_SECOND = 100_000;

  private static final Duration LONGEST = Duration.ofHours(24);

  /**
   * @throws IllegalArgumentException if a rate or the duration is out of range
   */
  public Phase {
    checkRate(fromPerSecond);
    checkRate(toPerSecond);
    if (fromPerSecond == 0 && toPerSecond == 0) {
      throw new IllegalArgumentException("a rate must be above 0");
    }
    if (duration.isNegative() || duration.isZero() || duration.compareTo(LONGEST) > 0) {
      throw new IllegalArgumentException("traffic lasts more than 0 s, and 24 h at most");
    }
  }

  private static void checkRate(double perSecond) {
    if (!(perSecond >= 0 && perSecond <= MOST_PER_SECOND)) {
      throw new IllegalArgumentException(
          "a rate takes 0 to %.0f writes a second, not %s".formatted(MOST_PER_SECOND, perSecond));
    }
  }

  /** How many writes are to be expected. */
  double expected() {
    return (fromPerSecond + toPerSecond) / 2 * seconds();
  }

  /**
   * After how many seconds so many writes are to be expected: the area under the rate, inverted.
   *
   * @param count at most {@link #expected()}
   */
  double secondsUntil(double count) {
    double slope = (toPerSecond - fromPerSecond) / seconds();
    // The root of the quadratic in the form that does not cancel when the slope is near zero.
    double root = Math.sqrt(Math.max(0, fromPerSecond * fromPerSecond + 2 * slope * count));
    double both = fromPerSecond + root;
    return both == 0 ? 0 : 2 * count / both;
  }

  double seconds() {
    return duration.toNanos() / 1e9;
  }
}
