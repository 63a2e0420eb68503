package dev.utsushi.loadtest.simulation;

import java.time.Duration;

/**
 * An event source mapping.
 *
 * @param factor parallelization factor: 1 to 10 lanes for each shard
 * @param batchSize 1 to 10,000 records an invocation
 * @param window how long records are gathered before an invocation, 0 to 300 s
 * @param retries of a failing batch, before its records are given up
 * @see <a
 *     href="https://docs.aws.amazon.com/lambda/latest/dg/services-ddb-params.html">Configuration
 *     options for DynamoDB event sources</a>
 */
public record MappingModel(int factor, int batchSize, Duration window, int retries) {

  /** What a synchronous invocation takes: 6 MB. */
  private static final int MOST_BYTES_A_BATCH = 6 * 1024 * 1024;

  /**
   * @throws IllegalArgumentException if something is out of range
   */
  public MappingModel {
    Checks.inRange("factor", factor, 1, 10);
    Checks.inRange("batch size", batchSize, 1, 10_000);
    Checks.notNegative("window", window);
    Checks.inRange("window in ms", window.toMillis(), 0, 300_000);
    Checks.inRange("retries", retries, 0, 10_000);
  }

  /** Without a window, with three retries. */
  public static MappingModel of(int factor, int batchSize) {
    return new MappingModel(factor, batchSize, Duration.ZERO, 3);
  }

  /** How many records of that size a batch holds at most, by count and by 6 MB. */
  public int fullBatch(int recordBytes) {
    return Math.max(1, Math.min(batchSize, MOST_BYTES_A_BATCH / recordBytes));
  }
}
