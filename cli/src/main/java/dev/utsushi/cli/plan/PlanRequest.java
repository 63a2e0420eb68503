package dev.utsushi.cli.plan;

import dev.utsushi.loadtest.plan.CapacityPlan;
import dev.utsushi.loadtest.plan.Grid;
import dev.utsushi.loadtest.plan.LagTarget;
import dev.utsushi.loadtest.plan.Pricing;
import dev.utsushi.loadtest.simulation.Setup;
import dev.utsushi.loadtest.traffic.PlannedTraffic;
import dev.utsushi.loadtest.traffic.Traffic;
import java.time.Duration;

/**
 * What was asked for.
 *
 * @param workload drawn from the traffic
 * @param consumers that read the stream, this one included
 */
public record PlanRequest(
    Traffic traffic,
    Duration warmUp,
    PlannedTraffic workload,
    Setup setup,
    Grid grid,
    LagTarget target,
    Pricing pricing,
    int consumers) {

  /**
   * Makes sense of the options.
   *
   * @throws IllegalArgumentException naming what makes none
   * @throws java.io.UncheckedIOException if a file can't be read
   */
  public static PlanRequest of(
      TrafficOptions traffic, StreamOptions stream, FunctionOptions function, GridOptions grid) {
    Traffic parsed = traffic.traffic();
    var setup = new Setup(stream.stream(), grid.mapping(), function.function(), stream.refresh());
    return new PlanRequest(
        parsed,
        traffic.warmUp(),
        parsed.simulated(traffic.warmUp()),
        setup,
        grid.grid(),
        grid.target(),
        function.pricing(),
        stream.consumers());
  }

  /** Simulates it. */
  public CapacityPlan plan() {
    return CapacityPlan.of(workload, setup, grid, target, pricing, traffic.seed());
  }

  double writesPerSecond() {
    return traffic.profile().meanPerSecond();
  }
}
