package dev.utsushi.loadtest.units;

import java.time.Duration;
import org.HdrHistogram.Histogram;

/** A histogram of lags, exact to three digits, from a microsecond to a day. Not thread-safe. */
public final class LagHistogram {
  private static final long LONGEST_MICROS = Duration.ofHours(24).toNanos() / 1000;

  private final Histogram micros = new Histogram(LONGEST_MICROS, 3);

  /** Records a lag. A negative one (two clocks) counts as zero, one of more than a day as a day. */
  public void record(long nanos) {
    micros.recordValue(Math.clamp(nanos / 1000, 0, LONGEST_MICROS));
  }

  public long count() {
    return micros.getTotalCount();
  }

  /** Counts the lags from one to before another, at the precision of the histogram. */
  public long countBetween(Duration from, Duration to) {
    long first = from.toNanos() / 1000;
    long last = Math.min(to.toNanos() / 1000 - 1, LONGEST_MICROS);
    return last < first ? 0 : micros.getCountBetweenValues(first, last);
  }

  /** Returns a percentile; zero if nothing was recorded. */
  public Duration percentile(double percentile) {
    return count() == 0 ? Duration.ZERO : ofMicros(micros.getValueAtPercentile(percentile));
  }

  /** Returns the maximum; zero if nothing was recorded. */
  public Duration max() {
    return count() == 0 ? Duration.ZERO : ofMicros(micros.getMaxValue());
  }

  /** Returns the mean; zero if nothing was recorded. */
  public Duration mean() {
    return count() == 0 ? Duration.ZERO : ofMicros(Math.round(micros.getMean()));
  }

  private static Duration ofMicros(long value) {
    return Duration.ofNanos(value * 1000);
  }
}
