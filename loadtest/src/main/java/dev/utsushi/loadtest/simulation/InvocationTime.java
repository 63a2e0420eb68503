package dev.utsushi.loadtest.simulation;

import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.NavigableMap;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.function.DoubleUnaryOperator;

/**
 * What an invocation takes: a time for one record, constant or drawn, and a constant part for each
 * further record of the batch.
 *
 * <p>Held as evenly spaced quantiles, so a draw is one look-up. The longest is the {@value
 * #STEPS}th part's middle: what happens once in some eight thousand invocations never happens here.
 */
public final class InvocationTime {
  private static final int STEPS = 4096;

  private final long[] quantiles;
  private final long perRecord;
  private final double mean;

  private InvocationTime(long[] quantiles, long perRecord) {
    this.quantiles = quantiles;
    this.perRecord = perRecord;
    mean = Arrays.stream(quantiles).average().orElseThrow();
  }

  /** Always the same. */
  public static InvocationTime constant(Duration time) {
    Checks.positive("time of an invocation", time);
    return new InvocationTime(new long[] {time.toNanos()}, 0);
  }

  /**
   * Log-normal through two percentiles, as CloudWatch shows them.
   *
   * @throws IllegalArgumentException if the second is below the first
   */
  public static InvocationTime percentiles(Duration p50, Duration p99) {
    Checks.positive("time of an invocation", p50);
    if (p99.compareTo(p50) < 0) {
      throw new IllegalArgumentException("p99 of an invocation can't be below its p50");
    }
    double spread = Math.log((double) p99.toNanos() / p50.toNanos()) / NormalQuantile.of(0.99);
    return sampled(share -> p50.toNanos() * Math.exp(spread * NormalQuantile.of(share)));
  }

  /**
   * As measured: straight lines between the given quantiles.
   *
   * @param byPercentile times by percentile, 0 to 100
   */
  public static InvocationTime measured(Map<Double, Duration> byPercentile) {
    if (byPercentile.isEmpty()) {
      throw new IllegalArgumentException("a distribution takes at least one percentile");
    }
    byPercentile.values().forEach(time -> Checks.positive("time of an invocation", time));
    NavigableMap<Double, Duration> sorted = new TreeMap<>(byPercentile);
    return sampled(share -> between(sorted, share * 100));
  }

  private static double between(NavigableMap<Double, Duration> times, double percentile) {
    var below = times.floorEntry(percentile);
    var above = times.ceilingEntry(percentile);
    if (below == null || above == null) {
      return (below == null ? times.firstEntry() : times.lastEntry()).getValue().toNanos();
    }
    double width = above.getKey() - below.getKey();
    double along = width == 0 ? 0 : (percentile - below.getKey()) / width;
    return below.getValue().toNanos() * (1 - along) + above.getValue().toNanos() * along;
  }

  private static InvocationTime sampled(DoubleUnaryOperator quantile) {
    long[] quantiles = new long[STEPS];
    Arrays.setAll(quantiles, i -> Math.round(quantile.applyAsDouble((i + 0.5) / STEPS)));
    return new InvocationTime(quantiles, 0);
  }

  /** The same, with so much on top for each record of a batch after the first. */
  public InvocationTime withPerRecord(Duration time) {
    Checks.notNegative("time per record", time);
    return new InvocationTime(quantiles, time.toNanos());
  }

  /** Draws the time of an invocation with so many records, in nanoseconds. */
  long draw(int records, SplittableRandom random) {
    long first = quantiles.length == 1 ? quantiles[0] : quantiles[random.nextInt(STEPS)];
    return first + perRecord * (records - 1);
  }

  /** The mean for a batch of so many records. */
  public Duration mean(int records) {
    return Duration.ofNanos(Math.round(mean + (double) perRecord * (records - 1)));
  }

  /** How many records a second one lane takes when its batches are full. */
  public double recordsPerSecond(int fullBatch) {
    return fullBatch / (mean(fullBatch).toNanos() / 1e9);
  }
}
