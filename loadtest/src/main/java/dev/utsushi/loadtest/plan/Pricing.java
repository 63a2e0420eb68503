package dev.utsushi.loadtest.plan;

import dev.utsushi.loadtest.simulation.SimulationResult;

/**
 * What a function's time costs.
 *
 * @param memoryMib 128 to 10,240
 */
public record Pricing(Prices prices, Architecture architecture, int memoryMib) {

  /**
   * @throws IllegalArgumentException if Lambda has no such memory
   */
  public Pricing {
    var _ = MonthlyCost.of(0, 0, memoryMib, architecture, prices);
  }

  MonthlyCost of(SimulationResult outcome) {
    return MonthlyCost.of(
        outcome.invocationsPerSecond(), outcome.billedPerSecond(), memoryMib, architecture, prices);
  }
}
