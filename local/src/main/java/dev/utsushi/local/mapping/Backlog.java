package dev.utsushi.local.mapping;

/**
 * How much of a shard may be read and not settled: at it, polling waits for the lanes. Memory is
 * finite, and the stream keeps its records. Below it a lane that is stuck does not hold up others.
 */
record Backlog(long records, long bytes) {

  private static final long LEAST_RECORDS = 10_000;
  private static final long LEAST_BYTES = 64L * 1024 * 1024;

  /** Room for each lane to have one batch at the function and a whole one waiting. */
  private static final int BATCHES_PER_LANE = 2;

  static Backlog of(EventSourceMappingSettings settings) {
    long batches = (long) settings.parallelizationFactor() * BATCHES_PER_LANE;
    return new Backlog(
        Math.max(LEAST_RECORDS, batches * settings.batchSize()),
        Math.max(LEAST_BYTES, batches * Batch.MAXIMUM_BYTES));
  }

  boolean isFull(ShardProgress progress) {
    return progress.openRecords() >= records || progress.openBytes() >= bytes;
  }
}
