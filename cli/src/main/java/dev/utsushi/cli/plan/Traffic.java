package dev.utsushi.cli.plan;

import dev.utsushi.loadtest.arrivals.ArrivalPattern;
import dev.utsushi.loadtest.arrivals.ArrivalProfile;
import dev.utsushi.loadtest.keys.KeyDistribution;
import dev.utsushi.loadtest.simulation.Workload;
import java.time.Duration;

/** What is written. */
public record Traffic(
    ArrivalProfile profile,
    ArrivalPattern pattern,
    KeyDistribution keys,
    Duration warmUp,
    long seed) {

  Workload workload() {
    return Workload.of(profile, pattern, keys, warmUp, seed);
  }
}
