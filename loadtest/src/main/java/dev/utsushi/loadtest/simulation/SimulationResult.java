package dev.utsushi.loadtest.simulation;

import dev.utsushi.loadtest.units.LagHistogram;
import java.time.Duration;
import java.util.List;

/**
 * What became of the traffic. Rates, use and invocations are of the measured time, from the end of
 * the warm-up to the end of the traffic.
 *
 * @param lag of every write in the measured time, from the write to indexed, or to searchable if
 *     the setup has a refresh interval; what was given up is not in it
 * @param writes in the measured time
 * @param discarded given up after their retries, of all writes
 * @param backlog writes that were not settled as the traffic ended
 * @param growthPerSecond how much the backlog grew a second in the second half
 * @param fallingBehind whether it would go on growing: a lane that was never free in the second
 *     half and got further behind, or a shard that polls don't keep up with
 * @param capacityPerSecond changes a second that it can take, spread over items like these
 * @param laneUse share of the time that each lane's invocations take, 0 to 1
 * @param meanConcurrency invocations under way, on average
 * @param maxConcurrency the most at once, warm-up included
 * @param invocations started in the measured time
 * @param billed their time, each rounded up to a millisecond, cold starts not included
 * @param throttles warm-up included
 * @param failures warm-up included
 * @param coldStarts warm-up included
 */
public record SimulationResult(
    LagHistogram lag,
    Duration measured,
    long writes,
    long discarded,
    long backlog,
    double growthPerSecond,
    boolean fallingBehind,
    double capacityPerSecond,
    List<Double> laneUse,
    double meanConcurrency,
    int maxConcurrency,
    long invocations,
    Duration billed,
    long throttles,
    long failures,
    long coldStarts) {

  public SimulationResult {
    laneUse = List.copyOf(laneUse);
  }

  public double writesPerSecond() {
    return writes / seconds();
  }

  public double invocationsPerSecond() {
    return invocations / seconds();
  }

  /** Seconds of billed time for each second. */
  public double billedPerSecond() {
    return billed.toNanos() / 1e9 / seconds();
  }

  public double meanLaneUse() {
    return laneUse.stream().mapToDouble(Double::doubleValue).average().orElse(0);
  }

  /** Of the lane that is used most. */
  public double busiestLaneUse() {
    return laneUse.stream().mapToDouble(Double::doubleValue).max().orElse(0);
  }

  private double seconds() {
    return measured.toNanos() / 1e9;
  }
}
