package dev.utsushi.loadtest.plan;

import dev.utsushi.loadtest.simulation.MappingModel;
import java.util.List;

/**
 * The settings of a plan: every factor with every batch size.
 *
 * @param factors 1 to 10 each
 * @param batchSizes 1 to 10,000 each
 */
public record Grid(List<Integer> factors, List<Integer> batchSizes) {

  public static final List<Integer> ALL_FACTORS = List.of(1, 2, 3, 4, 5, 6, 7, 8, 9, 10);
  public static final List<Integer> USUAL_BATCH_SIZES = List.of(1, 2, 5, 10, 25, 100);

  /**
   * @throws IllegalArgumentException without a factor or a batch size, with too many of them, or if
   *     one is out of range
   */
  public Grid {
    factors = factors.stream().distinct().sorted().toList();
    batchSizes = batchSizes.stream().distinct().sorted().toList();
    if (factors.isEmpty() || batchSizes.isEmpty() || batchSizes.size() > 20) {
      throw new IllegalArgumentException("a plan needs a factor and 1 to 20 batch sizes");
    }
    factors.forEach(factor -> MappingModel.of(factor, 1));
    batchSizes.forEach(batchSize -> MappingModel.of(1, batchSize));
  }
}
