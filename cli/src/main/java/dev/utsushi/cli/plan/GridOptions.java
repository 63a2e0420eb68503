package dev.utsushi.cli.plan;

import dev.utsushi.loadtest.plan.Grid;
import dev.utsushi.loadtest.plan.LagTarget;
import dev.utsushi.loadtest.simulation.MappingModel;
import dev.utsushi.loadtest.units.DurationText;
import java.util.List;
import picocli.CommandLine.Option;

/** Options that say which settings are tried, and what they are to achieve. */
public final class GridOptions {
  @Option(
      names = "--target",
      paramLabel = "TARGET",
      defaultValue = "p99=1s",
      description = "how late changes may be: p99=1s, p99.9=3s, max=5s (default ${DEFAULT-VALUE})")
  private String target = "";

  @Option(
      names = {"--factors", "--factor"},
      paramLabel = "N",
      split = ",",
      description = "parallelization factors to try (default 1 to 10)")
  private List<Integer> factors = Grid.ALL_FACTORS;

  @Option(
      names = {"--batch-sizes", "--batch-size"},
      paramLabel = "N",
      split = ",",
      description = "batch sizes to try, 1 to 10000 (default 1,2,5,10,25,100)")
  private List<Integer> batchSizes = Grid.USUAL_BATCH_SIZES;

  @Option(
      names = "--window",
      paramLabel = "DURATION",
      defaultValue = "0s",
      description = "batching window, 0s to 300s (default ${DEFAULT-VALUE})")
  private String window = "";

  @Option(
      names = "--retries",
      paramLabel = "N",
      defaultValue = "3",
      description = "of a failing batch, 0 to 10000 (default ${DEFAULT-VALUE})")
  private int retries;

  Grid grid() {
    return new Grid(factors, batchSizes);
  }

  LagTarget target() {
    return LagTarget.parse(target);
  }

  /** With the first factor and batch size of the grid. */
  MappingModel mapping() {
    Grid grid = grid();
    return new MappingModel(
        grid.factors().getFirst(),
        grid.batchSizes().getFirst(),
        DurationText.parse(window),
        retries);
  }
}
