package dev.utsushi.loadtest.generator;

import dev.utsushi.loadtest.arrivals.ArrivalPattern;
import dev.utsushi.loadtest.arrivals.ArrivalProfile;
import dev.utsushi.loadtest.keys.KeyDistribution;
import dev.utsushi.loadtest.simulation.Workload;
import java.time.Duration;

/** What is written in a load test. Without a warm-up: that is the test's, not the traffic's. */
public record LoadTraffic(
    ArrivalProfile profile,
    ArrivalPattern pattern,
    KeyDistribution keys,
    WriteMix mix,
    ItemSize size,
    long seed) {

  /**
   * Draws the writes; a plan with the same rate, pattern, keys and seed, and no warm-up, simulates
   * the same times.
   *
   * @throws IllegalArgumentException if there are too many of them
   */
  public WritePlan plan() {
    if (profile.expected() > WritePlan.MOST_WRITES) {
      throw new IllegalArgumentException(
          "%s is %,.0f writes, and a load test here takes %,d"
              .formatted(profile, profile.expected(), WritePlan.MOST_WRITES));
    }
    return WritePlan.of(Workload.of(profile, pattern, keys, Duration.ZERO, seed), mix, size, seed);
  }
}
