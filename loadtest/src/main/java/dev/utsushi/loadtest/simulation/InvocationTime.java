package dev.utsushi.loadtest.simulation;

import dev.utsushi.loadtest.units.DurationText;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.NavigableMap;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.function.DoubleUnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.commons.statistics.distribution.NormalDistribution;

/**
 * The time of an invocation: for one record constant or drawn, plus a constant for each further
 * record of the batch.
 *
 * <p>Held as evenly spaced quantiles, so that a draw is one look-up. The longest is the middle of
 * the {@value #STEPS}th part: an event of one in eight thousand never happens here.
 */
public final class InvocationTime {
  private static final int STEPS = 4096;
  private static final Pattern PERCENTILES = Pattern.compile("p50=([^,]+),p99=([^,]+)");
  private static final String NAME = "time of an invocation";
  private static final NormalDistribution NORMAL = NormalDistribution.of(0, 1);

  private final long[] quantiles;
  private final long perRecord;
  private final double mean;

  private InvocationTime(long[] quantiles, long perRecord) {
    this.quantiles = quantiles;
    this.perRecord = perRecord;
    mean = Arrays.stream(quantiles).average().orElseThrow();
  }

  /**
   * Parses {@code 40ms} (constant) or {@code p50=38ms,p99=120ms}.
   *
   * @throws IllegalArgumentException if the text is neither
   */
  public static InvocationTime parse(String text) {
    Matcher matcher = PERCENTILES.matcher(text.strip());
    return matcher.matches()
        ? percentiles(DurationText.parse(matcher.group(1)), DurationText.parse(matcher.group(2)))
        : constant(DurationText.parse(text));
  }

  /** Returns a time that is always the same. */
  public static InvocationTime constant(Duration time) {
    Checks.positive(NAME, time);
    return new InvocationTime(new long[] {time.toNanos()}, 0);
  }

  /**
   * Returns a log-normal time through two percentiles, as CloudWatch shows them.
   *
   * @throws IllegalArgumentException if the second is below the first
   */
  public static InvocationTime percentiles(Duration p50, Duration p99) {
    Checks.positive(NAME, p50);
    if (p99.compareTo(p50) < 0) {
      throw new IllegalArgumentException("p99 of an invocation must not be below its p50");
    }
    double spread =
        Math.log((double) p99.toNanos() / p50.toNanos()) / NORMAL.inverseCumulativeProbability(.99);
    return sampled(
        share -> p50.toNanos() * Math.exp(spread * NORMAL.inverseCumulativeProbability(share)));
  }

  /**
   * Returns a measured time: linear between the given quantiles.
   *
   * @param byPercentile times by percentile, 0 to 100
   */
  public static InvocationTime measured(Map<Double, Duration> byPercentile) {
    if (byPercentile.isEmpty()) {
      throw new IllegalArgumentException("a distribution needs at least one percentile");
    }
    byPercentile.values().forEach(time -> Checks.positive(NAME, time));
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

  /** Returns this time with an addition for each record of a batch after the first. */
  public InvocationTime withPerRecord(Duration time) {
    Checks.notNegative("time per record", time);
    return new InvocationTime(quantiles, time.toNanos());
  }

  /** Draws the time of an invocation in nanoseconds. */
  long draw(int records, SplittableRandom random) {
    long first = quantiles.length == 1 ? quantiles[0] : quantiles[random.nextInt(STEPS)];
    return first + perRecord * (records - 1);
  }

  /** Returns the mean for a batch. */
  public Duration mean(int records) {
    return Duration.ofNanos(Math.round(mean + (double) perRecord * (records - 1)));
  }

  /** Returns the records per second that one lane takes with full batches. */
  double recordsPerSecond(int fullBatch) {
    return fullBatch / (mean(fullBatch).toNanos() / 1e9);
  }
}
