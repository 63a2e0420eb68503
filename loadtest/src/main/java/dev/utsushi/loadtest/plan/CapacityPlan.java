package dev.utsushi.loadtest.plan;

import dev.utsushi.loadtest.plan.PlanCell.Verdict;
import dev.utsushi.loadtest.simulation.MappingModel;
import dev.utsushi.loadtest.simulation.Setup;
import dev.utsushi.loadtest.simulation.Simulation;
import dev.utsushi.loadtest.simulation.SimulationResult;
import dev.utsushi.loadtest.traffic.PlannedTraffic;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * A grid of settings, simulated with the same traffic.
 *
 * @param cells by factor, then by batch size
 */
public record CapacityPlan(Inputs inputs, List<PlanCell> cells) {

  /** Costs within 2 % are equal. Then the smaller batch is better: a failure delays less. */
  private static final double SAME_COST = 1.02;

  /** How much busier than the average a lane is that has a hot item. */
  private static final double HOT_LANE = 1.2;

  /**
   * What a plan is made for.
   *
   * @param setup the grid replaces its factor and its batch size
   */
  public record Inputs(
      PlannedTraffic writes, Setup setup, Grid grid, LagTarget target, FunctionPricing pricing) {}

  public CapacityPlan {
    cells = List.copyOf(cells);
  }

  /** Simulates every setting. */
  public static CapacityPlan of(Inputs inputs) {
    MappingModel given = inputs.setup().mapping();
    List<PlanCell> cells = new ArrayList<>();
    for (int factor : inputs.grid().factors()) {
      for (int batchSize : inputs.grid().batchSizes()) {
        var mapping = new MappingModel(factor, batchSize, given.window(), given.retries());
        SimulationResult result =
            Simulation.run(inputs.writes(), inputs.setup().withMapping(mapping));
        double dollars =
            inputs.pricing().perMonth(result.invocationsPerSecond(), result.billedPerSecond());
        cells.add(new PlanCell(mapping, result, dollars, Verdict.of(result, inputs.target())));
      }
    }
    return new CapacityPlan(inputs, cells);
  }

  /** Returns the recommended setting, if one meets the target with room to spare. */
  public Optional<PlanCell> cheapest() {
    List<PlanCell> good = cells.stream().filter(PlanCell::meetsTarget).toList();
    double least = good.stream().mapToDouble(PlanCell::dollarsPerMonth).min().orElse(0);
    return good.stream()
        .filter(cell -> cell.dollarsPerMonth() <= least * SAME_COST)
        .min(
            Comparator.comparingInt((PlanCell cell) -> cell.mapping().batchSize())
                .thenComparingInt(cell -> cell.mapping().factor()));
  }

  /** Returns the cheapest setting with a batch size, if one meets the target. */
  public Optional<PlanCell> cheapest(int batchSize) {
    return cells.stream()
        .filter(PlanCell::meetsTarget)
        .filter(cell -> cell.mapping().batchSize() == batchSize)
        .min(Comparator.comparingDouble(PlanCell::dollarsPerMonth));
  }

  /** Returns the least factor that meets the target with one record per batch, if one does. */
  public Optional<PlanCell> singleRecords() {
    return cells.stream()
        .filter(PlanCell::meetsTarget)
        .filter(cell -> cell.mapping().batchSize() == 1)
        .findFirst();
  }

  /** Returns the setting with the least lag, of all that do not fall behind, if any. */
  public Optional<PlanCell> fastest() {
    return cells.stream()
        .filter(cell -> cell.verdict() != Verdict.FALLING_BEHIND)
        .min(Comparator.comparing(cell -> inputs.target().lagOf(cell.result().lag())));
  }

  /** Returns the setting that takes the most changes per second. */
  public PlanCell strongest() {
    return cells.stream()
        .max(Comparator.comparingDouble(cell -> cell.result().capacityPerSecond()))
        .orElseThrow();
  }

  /** Returns the lag of a change that comes at the worst moment and finds everything idle. */
  public Duration leastLag() {
    var stream = inputs.setup().stream();
    return stream
        .visibleAfter()
        .plus(stream.pollInterval())
        .plus(stream.pollTime())
        .plus(inputs.setup().function().time().mean(1))
        .plus(inputs.setup().refresh());
  }

  /** Whether one lane is overloaded by an item even with the largest factor. */
  public boolean hasHotItem() {
    return cells.stream()
        .filter(cell -> cell.mapping().factor() == inputs.grid().factors().getLast())
        .filter(cell -> !cell.meetsTarget())
        .map(PlanCell::result)
        .anyMatch(
            result ->
                result.busiestLaneUse() > PlanCell.MAX_LANE_USE
                    && result.busiestLaneUse() > HOT_LANE * result.meanLaneUse());
  }
}
