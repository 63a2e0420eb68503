package dev.utsushi.loadtest.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.utsushi.loadtest.plan.FunctionPricing.Architecture;
import dev.utsushi.loadtest.plan.PlanCell.Verdict;
import dev.utsushi.loadtest.simulation.FunctionModel;
import dev.utsushi.loadtest.simulation.InvocationTime;
import dev.utsushi.loadtest.simulation.MappingModel;
import dev.utsushi.loadtest.simulation.Setup;
import dev.utsushi.loadtest.simulation.StreamModel;
import dev.utsushi.loadtest.traffic.ArrivalPattern;
import dev.utsushi.loadtest.traffic.ArrivalProfile;
import dev.utsushi.loadtest.traffic.KeyDistribution;
import dev.utsushi.loadtest.traffic.Traffic;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CapacityPlanTest {
  private static final FunctionPricing PRICING =
      new FunctionPricing(Prices.usEast1(), Architecture.ARM64, 1769);

  @Test
  void everyFactorIsTriedWithEveryBatchSize() {
    CapacityPlan plan = plan(63, new Grid(List.of(3, 1, 3), List.of(10, 1)), "p99=1s");
    assertThat(plan.cells())
        .extracting(cell -> cell.mapping().factor() + "x" + cell.mapping().batchSize())
        .containsExactly("1x1", "1x10", "3x1", "3x10");
    assertThat(plan.cells())
        .extracting(PlanCell::verdict)
        .containsExactly(
            Verdict.FALLING_BEHIND,
            Verdict.MEETS_TARGET,
            Verdict.MEETS_TARGET,
            Verdict.MEETS_TARGET);
  }

  @Test
  void theRecommendedSettingIsTheCheapestOrAsCheapWithASmallerBatch() {
    CapacityPlan plan = plan(200, new Grid(Grid.ALL_FACTORS, Grid.USUAL_BATCH_SIZES), "p99=1s");
    PlanCell recommended = plan.cheapest().orElseThrow();
    assertThat(recommended.verdict()).isEqualTo(Verdict.MEETS_TARGET);
    for (PlanCell each : plan.cells()) {
      if (each.verdict() == Verdict.MEETS_TARGET) {
        assertThat(recommended.dollarsPerMonth())
            .isLessThanOrEqualTo(each.dollarsPerMonth() * 1.02);
      }
    }
    PlanCell single = plan.singleRecords().orElseThrow();
    assertThat(single.mapping()).isEqualTo(MappingModel.of(10, 1));
    assertThat(recommended.dollarsPerMonth()).isLessThan(single.dollarsPerMonth() / 10);
  }

  @Test
  void amongBatchSizesThatAreNeverFilledTheSmallestIsRecommended() {
    CapacityPlan plan = plan(20, new Grid(List.of(1, 2), List.of(100, 1000, 10_000)), "p99=1s");
    assertThat(plan.cheapest().orElseThrow().mapping()).isEqualTo(MappingModel.of(1, 100));
  }

  @Test
  void aLaneThatIsNearlyAlwaysBusyIsNotRecommended() {
    // 23 of the 25 changes per second that one lane can take.
    CapacityPlan plan = plan(23, new Grid(List.of(1), List.of(1)), "p99=60s");
    assertThat(plan.cells().getFirst().verdict()).isEqualTo(Verdict.NO_ROOM);
    assertThat(plan.cheapest()).isEmpty();
    assertThat(plan.fastest()).isPresent();
  }

  @Test
  void noSettingMeetsATargetBelowThePollInterval() {
    CapacityPlan plan = plan(20, new Grid(Grid.ALL_FACTORS, List.of(1, 10)), "p99=100ms");
    assertThat(plan.cells()).extracting(PlanCell::verdict).containsOnly(Verdict.TOO_LATE);
    assertThat(plan.cheapest()).isEmpty();
  }

  @Test
  void aSettingThatFallsBehindIsNeverTheFastest() {
    CapacityPlan plan = plan(200, new Grid(List.of(1, 2), List.of(1)), "p99=1s");
    assertThat(plan.fastest()).isEmpty();
    assertThat(plan.strongest().result().capacityPerSecond()).isBetween(45.0, 50.0);
  }

  @ParameterizedTest
  @CsvSource({"p99=1s, p99", "p99.9=300ms, p99.9", "max=5s, max", "p100=5s, max", "p50=1s, p50"})
  void targetsAreParsed(String text, String name) {
    assertThat(LagTarget.parse(text).name()).isEqualTo(name);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      textBlock =
          """
          1s       | '1s' is not a target such as p99=1s or max=5s
          p99      | 'p99' is not a target such as p99=1s or max=5s
          p99=1    | '1' is not a duration such as 40ms or 1.5s
          p99=-1s  | '-1s' is not a duration such as 40ms or 1.5s
          p99=0s   | the lag of a target must be above 0
          p0=1s    | a percentile must be above 0 and at most 100
          p101=1s  | a percentile must be above 0 and at most 100
          """)
  void otherTextIsRefused(String text, String message) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> LagTarget.parse(text))
        .withMessage(message);
  }

  @Test
  void aGridOutOfRangeIsRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Grid(List.of(11), List.of(1)))
        .withMessage("factor must be 1 to 10, not 11");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Grid(List.of(1), List.of(20_000)))
        .withMessage("batch size must be 1 to 10000, not 20000");
  }

  private static CapacityPlan plan(double rate, Grid grid, String target) {
    var workload =
        new Traffic(
                ArrivalProfile.steady(rate, Duration.ofSeconds(60)),
                ArrivalPattern.POISSON,
                KeyDistribution.uniform(1_000_000),
                1)
            .simulated(Duration.ofSeconds(10));
    var time =
        InvocationTime.constant(Duration.ofMillis(40)).withPerRecord(Duration.ofNanos(300_000));
    var setup = new Setup(StreamModel.ofShards(1), MappingModel.of(1, 1), FunctionModel.of(time));
    return CapacityPlan.of(
        new CapacityPlan.Inputs(workload, setup, grid, LagTarget.parse(target), PRICING));
  }
}
