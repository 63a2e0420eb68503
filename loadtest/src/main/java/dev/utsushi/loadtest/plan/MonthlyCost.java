package dev.utsushi.loadtest.plan;

/**
 * What a function costs a month, in US dollars. Lambda's reading of a DynamoDB stream is free, and
 * a dead-letter queue that is mostly empty costs cents.
 *
 * @param requests for being invoked
 * @param compute for the time and memory that invocations take
 */
public record MonthlyCost(double requests, double compute) {

  /** AWS's own month: 730 hours. */
  static final double HOURS = 730;

  static final double SECONDS = HOURS * 3600;
  private static final double MIB_PER_GB = 1024;

  /**
   * At a steady rate, all month long.
   *
   * @param billedPerSecond seconds of billed time for each second
   * @param memoryMib 128 to 10,240
   * @throws IllegalArgumentException if Lambda has no such memory
   */
  public static MonthlyCost of(
      double invocationsPerSecond,
      double billedPerSecond,
      int memoryMib,
      Architecture architecture,
      Prices prices) {
    if (memoryMib < 128 || memoryMib > 10_240) {
      throw new IllegalArgumentException("memory takes 128 to 10240 MiB, not " + memoryMib);
    }
    double requests = invocationsPerSecond * SECONDS / 1e6;
    double gbSeconds = billedPerSecond * SECONDS * memoryMib / MIB_PER_GB;
    return new MonthlyCost(
        requests * prices.of(Price.LAMBDA_MILLION_REQUESTS),
        gbSeconds * prices.of(architecture.gbSecond()));
  }

  public double total() {
    return requests + compute;
  }
}
