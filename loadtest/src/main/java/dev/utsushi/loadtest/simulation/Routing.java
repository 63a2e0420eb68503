package dev.utsushi.loadtest.simulation;

import dev.utsushi.loadtest.traffic.PlannedTraffic;
import java.util.Arrays;

/** Which shard and which lane an item's changes take: always the same ones. */
record Routing(int shards, int factor) {

  int shardOf(int item) {
    return shards == 1 ? 0 : Math.floorMod(mixed(~item) >>> 8, shards);
  }

  /** Among all lanes of all shards. */
  int laneOf(int item) {
    // As in the embedded event source mapping, which also multiplies by the golden ratio.
    int lane = Math.floorMod((mixed(item) * 0x9E3779B9) >>> 8, factor);
    return shardOf(item) * factor + lane;
  }

  int lanes() {
    return shards * factor;
  }

  /** The lane of each write. */
  int[] lanesOf(PlannedTraffic workload) {
    int[] lanes = new int[workload.size()];
    Arrays.setAll(lanes, write -> laneOf(workload.item(write)));
    return lanes;
  }

  /** The writes of each shard, in order. */
  SimulatedShard[] shardsOf(int[] laneOf) {
    int[] counts = new int[shards];
    for (int lane : laneOf) {
      counts[lane / factor]++;
    }
    int[][] writes = new int[shards][];
    Arrays.setAll(writes, shard -> new int[counts[shard]]);
    Arrays.fill(counts, 0);
    for (int write = 0; write < laneOf.length; write++) {
      int shard = laneOf[write] / factor;
      writes[shard][counts[shard]++] = write;
    }
    return Arrays.stream(writes).map(SimulatedShard::new).toArray(SimulatedShard[]::new);
  }

  /** Item numbers differ in few bits, hashes in all: the finalizer of MurmurHash3. */
  private static int mixed(int item) {
    int hash = item;
    hash = (hash ^ (hash >>> 16)) * 0x85EBCA6B;
    hash = (hash ^ (hash >>> 13)) * 0xC2B2AE35;
    return hash ^ (hash >>> 16);
  }
}
