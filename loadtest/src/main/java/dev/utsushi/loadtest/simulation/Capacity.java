package dev.utsushi.loadtest.simulation;

/** How many changes a second a setup can take, by arithmetic: what saturates first decides. */
final class Capacity {
  private Capacity() {}

  /**
   * With full batches and no failures. The lane that gets the most of these writes is the first to
   * be busy all the time.
   */
  static double perSecond(Workload workload, Setup setup) {
    int full = setup.mapping().fullBatch(setup.stream().recordBytes());
    double lane = setup.function().time().recordsPerSecond(full);
    Routing routing = setup.routing();
    int[] perLane = new int[routing.lanes()];
    int[] perShard = new int[routing.shards()];
    for (int write = 0; write < workload.size(); write++) {
      perLane[routing.laneOf(workload.item(write))]++;
      perShard[routing.shardOf(workload.item(write))]++;
    }
    double lanes = lane / share(perLane, workload);
    double polls = setup.stream().pollsCarry() / routing.shards() / share(perShard, workload);
    return Math.min(Math.min(lanes, polls), lane * setup.function().concurrency());
  }

  private static double share(int[] counts, Workload workload) {
    int most = 0;
    for (int each : counts) {
      most = Math.max(most, each);
    }
    return (double) most / workload.size();
  }
}
