package dev.utsushi.loadtest.simulation;

import java.util.Arrays;

/** How many changes a second a setup can take, by arithmetic: what saturates first decides. */
final class Capacity {
  private Capacity() {}

  /**
   * With full batches and no failures. The lane that gets the most of these writes is the first to
   * be busy all the time.
   */
  static double perSecond(int[] laneOf, Setup setup) {
    int full = setup.mapping().fullBatch(setup.stream().recordBytes());
    double lane = setup.function().time().recordsPerSecond(full);
    int factor = setup.mapping().factor();
    int[] perLane = new int[setup.routing().lanes()];
    int[] perShard = new int[setup.stream().shards()];
    for (int each : laneOf) {
      perLane[each]++;
      perShard[each / factor]++;
    }
    double lanes = lane / share(perLane, laneOf.length);
    double polls = setup.stream().pollsCarry() / perShard.length / share(perShard, laneOf.length);
    return Math.min(Math.min(lanes, polls), lane * setup.function().concurrency());
  }

  private static double share(int[] counts, int all) {
    return (double) Arrays.stream(counts).max().orElse(0) / all;
  }
}
