package dev.utsushi.loadtest.simulation;

import dev.utsushi.loadtest.traffic.PlannedTraffic;
import java.util.Arrays;

/** The shard and the lane that an item's changes take: always the same ones. */
record Routing(int shards, int factor) {

  private int shardOf(int item) {
    return shards == 1 ? 0 : Math.floorMod(mixed(~item) >>> 8, shards);
  }

  /** Returns the lane of an item, among all lanes of all shards. */
  int laneOf(int item) {
    // Multiplies by the golden ratio, as the embedded event source mapping does.
    int lane = Math.floorMod((mixed(item) * 0x9E3779B9) >>> 8, factor);
    return shardOf(item) * factor + lane;
  }

  int lanes() {
    return shards * factor;
  }

  /** Returns the lane of each write. */
  int[] lanesOf(PlannedTraffic traffic) {
    int[] lanes = new int[traffic.size()];
    Arrays.setAll(lanes, write -> laneOf(traffic.item(write)));
    return lanes;
  }

  /**
   * Returns the writes of each group, in order.
   *
   * @param groupOf the group of each write
   */
  static int[][] grouped(int[] groupOf, int groups) {
    int[] counts = new int[groups];
    for (int group : groupOf) {
      counts[group]++;
    }
    int[][] writes = new int[groups][];
    Arrays.setAll(writes, group -> new int[counts[group]]);
    Arrays.fill(counts, 0);
    for (int write = 0; write < groupOf.length; write++) {
      int group = groupOf[write];
      writes[group][counts[group]++] = write;
    }
    return writes;
  }

  /** Item numbers differ in few bits, hashes in all of them: the finalizer of MurmurHash3. */
  private static int mixed(int item) {
    int hash = item;
    hash = (hash ^ (hash >>> 16)) * 0x85EBCA6B;
    hash = (hash ^ (hash >>> 13)) * 0xC2B2AE35;
    return hash ^ (hash >>> 16);
  }
}
