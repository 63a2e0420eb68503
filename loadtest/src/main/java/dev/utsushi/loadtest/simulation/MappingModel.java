package dev.utsushi.loadtest.simulation;

import java.time.Duration;

/**
 * An event source mapping.
 *
 * @param factor parallelization factor: 1 to 10 lanes for each shard
 * @param batchSize records per invocation, 1 to 10,000
 * @param window how long records are gathered before an invocation, 0 to 300 s
 * @param retries of a failing batch, before its records are discarded
 * @see <a
 *     href="https://docs.aws.amazon.com/lambda/latest/dg/services-ddb-params.html">Configuration
 *     options for DynamoDB event sources</a>
 */
public record MappingModel(int factor, int batchSize, Duration window, int retries) {

  /** The limit of a synchronous invocation's payload. */
  private static final int MAX_BYTES_PER_BATCH = 6 * 1024 * 1024;

  /**
   * @throws IllegalArgumentException if a value is out of range
   */
  public MappingModel {
    Checks.inRange("factor", factor, 1, 10);
    Checks.inRange("batch size", batchSize, 1, 10_000);
    Checks.notNegative("window", window);
    Checks.inRange("window in ms", window.toMillis(), 0, 300_000);
    Checks.inRange("retries", retries, 0, 10_000);
  }

  /** Returns a mapping without a window, with three retries. */
  public static MappingModel of(int factor, int batchSize) {
    return new MappingModel(factor, batchSize, Duration.ZERO, 3);
  }

  /** Returns how many records of a size a batch holds at most, by count and by 6 MB. */
  int fullBatch(int recordBytes) {
    return Math.max(1, Math.min(batchSize, MAX_BYTES_PER_BATCH / recordBytes));
  }
}
