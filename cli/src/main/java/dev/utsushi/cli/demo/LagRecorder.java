package dev.utsushi.cli.demo;

import org.HdrHistogram.Histogram;

/** Lags, for their percentiles. Safe for use by several threads. */
final class LagRecorder {
  private static final long LONGEST_MILLIS = 3_600_000;

  private final Histogram histogram = new Histogram(LONGEST_MILLIS, 3);

  synchronized void record(long millis) {
    histogram.recordValue(Math.clamp(millis, 0, LONGEST_MILLIS));
  }

  synchronized void reset() {
    histogram.reset();
  }

  /** In milliseconds; zero when nothing was recorded. */
  synchronized long percentile(double percentile) {
    return histogram.getTotalCount() == 0 ? 0 : histogram.getValueAtPercentile(percentile);
  }

  synchronized long maximum() {
    return histogram.getTotalCount() == 0 ? 0 : histogram.getMaxValue();
  }

  String shortP50AndP99() {
    return "%,d/%,d ms".formatted(percentile(50), percentile(99));
  }

  String p50AndP99() {
    return "p50 %,d ms, p99 %,d ms".formatted(percentile(50), percentile(99));
  }
}
