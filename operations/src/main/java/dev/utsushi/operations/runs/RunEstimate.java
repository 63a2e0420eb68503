package dev.utsushi.operations.runs;

import java.time.Duration;

/**
 * What a run will take, by what DynamoDB says of the table; it counts items and bytes <a
 * href="https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TableDescription.html">about
 * every six hours</a>.
 *
 * @param readUnits of consistent reads: one for 4 KB
 */
public record RunEstimate(long items, long bytes, long readUnits, double dollars, Duration time) {
  private static final int BYTES_PER_UNIT = 4096;

  /** Of on-demand reads in us-east-1; provisioned capacity is paid for anyway. */
  public static final double DOLLARS_PER_MILLION_UNITS = 0.125;

  /** Measured with items of 1 KB on embedded servers, which share two cores: a lower bound. */
  private static final double ITEMS_PER_SECOND_OF_A_WORKER = 1_500;

  /**
   * Estimates a run.
   *
   * @param readCapacity the most read units a second; 0 for no limit
   */
  public static RunEstimate of(long items, long bytes, double readCapacity, int workers) {
    long units = Math.ceilDiv(bytes, BYTES_PER_UNIT);
    double byWorkers = items / (ITEMS_PER_SECOND_OF_A_WORKER * workers);
    double seconds = readCapacity == 0 ? byWorkers : Math.max(byWorkers, units / readCapacity);
    return new RunEstimate(
        items,
        bytes,
        units,
        units * DOLLARS_PER_MILLION_UNITS / 1e6,
        Duration.ofSeconds((long) Math.ceil(seconds)));
  }
}
