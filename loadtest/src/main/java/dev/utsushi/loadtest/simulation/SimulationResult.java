package dev.utsushi.loadtest.simulation;

import dev.utsushi.loadtest.units.LagHistogram;
import java.time.Duration;
import java.util.List;

/**
 * The result of a simulation. Rates, use and invocations are those of the measured time, from the
 * end of the warm-up to the end of the traffic.
 *
 * @param lag of every write in the measured time, to indexed, or to searchable if the pipeline has
 *     a refresh interval; without discarded writes
 * @param writes in the measured time
 * @param discarded after their retries, of all writes
 * @param backlog writes that were not processed as the traffic ended
 * @param growthPerSecond of the backlog in the second half
 * @param fallingBehind whether the backlog would go on growing: a lane was never free in the second
 *     half and got further behind, or polls do not keep up with a shard
 * @param capacityPerSecond changes per second that the pipeline can take, spread over items like
 *     these
 * @param laneUse share of the time that each lane's invocations take, 0 to 1
 * @param meanConcurrency invocations at the same time, on average
 * @param maxConcurrency at once, warm-up included
 * @param invocations started in the measured time
 * @param billed their time, each rounded up to a millisecond, without cold starts
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

  public double invocationsPerSecond() {
    return invocations / seconds();
  }

  /** Returns the seconds of billed time per second. */
  public double billedPerSecond() {
    return billed.toNanos() / 1e9 / seconds();
  }

  public double meanLaneUse() {
    return laneUse.stream().mapToDouble(Double::doubleValue).average().orElse(0);
  }

  /** Returns the use of the busiest lane. */
  public double busiestLaneUse() {
    return laneUse.stream().mapToDouble(Double::doubleValue).max().orElse(0);
  }

  private double seconds() {
    return measured.toNanos() / 1e9;
  }
}
