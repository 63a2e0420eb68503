package dev.utsushi.local.mapping;

/**
 * One of the concurrent batches of a shard. All changes of an item go down the same lane.
 *
 * @param index 0 to the parallelization factor - 1
 */
public record LaneId(String shardId, int index) {}
