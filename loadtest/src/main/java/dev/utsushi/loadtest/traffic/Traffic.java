package dev.utsushi.loadtest.traffic;

import java.time.Duration;

/**
 * The traffic of a simulation or of a load test.
 *
 * @param mix which kinds of writes there are; a simulation does not distinguish them
 * @param size of the items of a load test; a simulation takes the size of stream records instead
 */
public record Traffic(
    ArrivalProfile profile,
    ArrivalPattern pattern,
    KeyDistribution keys,
    WriteMix mix,
    ItemSize size,
    long seed) {

  /** With the activity log's mix and item sizes. */
  public Traffic(ArrivalProfile profile, ArrivalPattern pattern, KeyDistribution keys, long seed) {
    this(profile, pattern, keys, WriteMix.ACTIVITY_LOG, ItemSize.DEFAULT, seed);
  }

  /**
   * Draws times and items for a simulation.
   *
   * @param warmUp writes at the first rate, before the profile begins, that are not measured
   * @throws IllegalArgumentException if there are too many writes, or none
   */
  public PlannedTraffic simulated(Duration warmUp) {
    return PlannedTraffic.of(this, warmUp);
  }

  /**
   * Draws the writes of a load test, with the times and the items that {@link #simulated} draws
   * without a warm-up.
   *
   * @throws IllegalArgumentException if there are too many writes, or none
   */
  public WritePlan plan() {
    return WritePlan.of(this);
  }
}
