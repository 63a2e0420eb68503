package dev.utsushi.loadtest.units;

import java.time.Duration;
import org.HdrHistogram.Histogram;

/**
 * Lags, for their percentiles: exact to three digits, from a microsecond to a day. Not for use by
 * several threads.
 */
public final class LagHistogram {
  private static final long LONGEST_MICROS = Duration.ofHours(24).toNanos() / 1000;

  private final Histogram micros = new Histogram(LONGEST_MICROS, 3);

  /** A negative lag (two clocks) counts as none, one of more than a day as a day. */
  public void record(long nanos) {
    micros.recordValue(Math.clamp(nanos / 1000, 0, LONGEST_MICROS));
  }

  public void add(LagHistogram other) {
    micros.add(other.micros);
  }

  public long count() {
    return micros.getTotalCount();
  }

  /** How many lie from one lag to before another, as exactly as they are held. */
  public long countBetween(Duration from, Duration to) {
    long first = from.toNanos() / 1000;
    long last = Math.min(to.toNanos() / 1000 - 1, LONGEST_MICROS);
    return last < first ? 0 : micros.getCountBetweenValues(first, last);
  }

  /** Zero when nothing was recorded. */
  public Duration percentile(double percentile) {
    return count() == 0 ? Duration.ZERO : ofMicros(micros.getValueAtPercentile(percentile));
  }

  /** Zero when nothing was recorded. */
  public Duration max() {
    return count() == 0 ? Duration.ZERO : ofMicros(micros.getMaxValue());
  }

  /** Zero when nothing was recorded. */
  public Duration mean() {
    return count() == 0 ? Duration.ZERO : ofMicros(Math.round(micros.getMean()));
  }

  private static Duration ofMicros(long value) {
    return Duration.ofNanos(value * 1000);
  }
}
