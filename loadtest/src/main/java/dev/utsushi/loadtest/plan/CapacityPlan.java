package dev.utsushi.loadtest.plan;

import dev.utsushi.loadtest.plan.PlanCell.Verdict;
import dev.utsushi.loadtest.simulation.MappingModel;
import dev.utsushi.loadtest.simulation.Setup;
import dev.utsushi.loadtest.simulation.Simulation;
import dev.utsushi.loadtest.simulation.SimulationResult;
import dev.utsushi.loadtest.traffic.PlannedTraffic;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * A grid of settings under the same traffic.
 *
 * @param cells by factor, then by batch size
 */
public record CapacityPlan(List<PlanCell> cells) {

  /** Costs this close are the same: then the smaller batch, with its narrower blast, wins. */
  private static final double SAME_COST = 1.02;

  public CapacityPlan {
    cells = List.copyOf(cells);
  }

  /**
   * Simulates every setting.
   *
   * @param setup whose factor and batch size the grid's replace
   */
  public static CapacityPlan of(
      PlannedTraffic workload,
      Setup setup,
      Grid grid,
      LagTarget target,
      Pricing pricing,
      long seed) {
    List<PlanCell> cells = new ArrayList<>();
    for (int factor : grid.factors()) {
      for (int batchSize : grid.batchSizes()) {
        var mapping =
            new MappingModel(
                factor, batchSize, setup.mapping().window(), setup.mapping().retries());
        SimulationResult outcome = Simulation.run(workload, setup.withMapping(mapping), seed);
        cells.add(
            new PlanCell(mapping, outcome, pricing.of(outcome), PlanCell.judge(outcome, target)));
      }
    }
    return new CapacityPlan(cells);
  }

  /** The setting to take, if one meets the target with room. */
  public Optional<PlanCell> cheapest() {
    List<PlanCell> good =
        cells.stream().filter(cell -> cell.verdict() == Verdict.MEETS_TARGET).toList();
    double least = good.stream().mapToDouble(cell -> cell.cost().total()).min().orElse(0);
    return good.stream()
        .filter(cell -> cell.cost().total() <= least * SAME_COST)
        .min(
            Comparator.comparingInt((PlanCell cell) -> cell.mapping().batchSize())
                .thenComparingInt(cell -> cell.mapping().factor()));
  }

  /** The least factor that meets the target with one record a batch, if one does. */
  public Optional<PlanCell> singleRecords() {
    return cells.stream()
        .filter(cell -> cell.verdict() == Verdict.MEETS_TARGET)
        .filter(cell -> cell.mapping().batchSize() == 1)
        .findFirst();
  }

  /** The setting that comes nearest to the target, of all that don't fall behind, if any. */
  public Optional<PlanCell> quickest(LagTarget target) {
    return cells.stream()
        .filter(cell -> cell.verdict() != Verdict.FALLING_BEHIND)
        .min(Comparator.comparing(cell -> target.lagOf(cell.outcome().lag())));
  }

  /** Changes a second that the strongest setting takes. */
  public double mostCapacity() {
    return cells.stream().mapToDouble(cell -> cell.outcome().capacityPerSecond()).max().orElse(0);
  }
}
