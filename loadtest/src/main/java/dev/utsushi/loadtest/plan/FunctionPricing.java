package dev.utsushi.loadtest.plan;

import dev.utsushi.loadtest.plan.Prices.Price;

/**
 * What a function costs. Lambda reads DynamoDB streams for free, and a dead-letter queue that is
 * mostly empty costs cents.
 *
 * @param memoryMib 128 to 10,240
 */
public record FunctionPricing(Prices prices, Architecture architecture, int memoryMib) {
  private static final double MIB_PER_GB = 1024;

  /** The processors of a function. */
  public enum Architecture {
    /** Graviton: the default of {@code infra}. */
    ARM64(Price.LAMBDA_GB_SECOND_ARM64),
    X86_64(Price.LAMBDA_GB_SECOND_X86_64);

    private final Price gbSecond;

    Architecture(Price gbSecond) {
      this.gbSecond = gbSecond;
    }
  }

  /**
   * @throws IllegalArgumentException if Lambda has no such memory size
   */
  public FunctionPricing {
    if (memoryMib < 128 || memoryMib > 10_240) {
      throw new IllegalArgumentException("memory must be 128 to 10240 MiB, not " + memoryMib);
    }
  }

  /**
   * Returns the US dollars per month at a steady rate.
   *
   * @param billedPerSecond seconds of billed time per second
   */
  double perMonth(double invocationsPerSecond, double billedPerSecond) {
    double requests = invocationsPerSecond * Prices.SECONDS_PER_MONTH / 1e6;
    double gbSeconds = billedPerSecond * Prices.SECONDS_PER_MONTH * memoryMib / MIB_PER_GB;
    return requests * prices.of(Price.LAMBDA_MILLION_REQUESTS)
        + gbSeconds * prices.of(architecture.gbSecond);
  }
}
