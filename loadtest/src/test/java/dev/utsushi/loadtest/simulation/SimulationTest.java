package dev.utsushi.loadtest.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.utsushi.loadtest.traffic.ArrivalPattern;
import dev.utsushi.loadtest.traffic.ArrivalProfile;
import dev.utsushi.loadtest.traffic.KeyDistribution;
import dev.utsushi.loadtest.traffic.PlannedTraffic;
import dev.utsushi.loadtest.traffic.Traffic;
import java.time.Duration;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Compares the simulation with results that can be calculated by hand. */
class SimulationTest {
  private static final long SEED = 1;
  private static final KeyDistribution MANY = KeyDistribution.uniform(1_000_000);
  private static final InvocationTime FORTY = InvocationTime.constant(Duration.ofMillis(40));

  /** Polled so often that polls hardly add to lag. */
  private static final StreamModel HARDLY_POLLED =
      new StreamModel(1, Duration.ZERO, Duration.ofMillis(1), Duration.ZERO, 1024);

  @ParameterizedTest
  @ValueSource(doubles = {0.3, 0.6, 0.8})
  void oneLaneOfSingleRecordsIsAnMD1Queue(double use) {
    var result = run(poisson(25 * use, 4000), HARDLY_POLLED, MappingModel.of(1, 1));

    double wait = use * 40 / (2 * (1 - use));
    assertThat(millis(result.lag().mean())).isCloseTo(40.5 + wait, Percentage.withPercentage(5));
    assertThat(result.laneUse().getFirst()).isCloseTo(use, within(0.02));
    assertThat(result.fallingBehind()).isFalse();
  }

  @Test
  void tenLanesOfSingleRecordsAreTenMD1Queues() {
    var result = run(poisson(200, 600), HARDLY_POLLED, MappingModel.of(10, 1));

    assertThat(millis(result.lag().mean())).isCloseTo(120.5, Percentage.withPercentage(5));
    assertThat(result.laneUse()).hasSize(10).allSatisfy(use -> assertThat(use).isBetween(.75, .85));
    assertThat(result.meanConcurrency()).isCloseTo(8, within(0.1));
  }

  @Test
  void largeBatchesWaitForHalfAPollAndThenTakeOneInvocation() {
    var result = run(constant(97, 200), StreamModel.ofShards(1), MappingModel.of(1, 1000));

    // 10 ms until visible, half of a period of 255, 5 for the poll, 40 for the invocation.
    assertThat(millis(result.lag().mean())).isCloseTo(10 + 127.5 + 5 + 40, within(2.0));
    assertThat(millis(result.lag().max())).isCloseTo(10 + 255 + 5 + 40, within(2.0));
    assertThat(result.invocationsPerSecond()).isCloseTo(1000 / 255.0, within(0.05));
    assertThat(result.laneUse().getFirst()).isCloseTo(40 / 255.0, within(0.01));
  }

  @Test
  void aWindowGathersFromTheFirstRecordOn() {
    var mapping = new MappingModel(1, 1000, Duration.ofSeconds(1), 3);
    var result = run(constant(97, 204), StreamModel.ofShards(1), mapping);

    // The first record comes with a poll; the window ends before the fifth poll, at 1,020 ms.
    assertThat(result.invocationsPerSecond()).isCloseTo(1 / 1.02, within(0.02));
    assertThat(millis(result.lag().max())).isCloseTo(10 + 255 + 5 + 1000 + 40, within(6.0));
  }

  @Test
  void aFullBatchDoesNotWaitForItsWindow() {
    var mapping = new MappingModel(1, 25, Duration.ofMinutes(5), 3);
    var result = run(constant(100, 60), HARDLY_POLLED, mapping);

    // The last batch does wait, as in Lambda, because the shard does not end.
    assertThat(millis(result.lag().percentile(50))).isLessThan(250);
    assertThat(result.invocationsPerSecond()).isCloseTo(4, within(0.05));
  }

  @Test
  void anOverloadedLaneFallsBehindByTheExcess() {
    var result = run(poisson(63, 60), StreamModel.ofShards(1), MappingModel.of(1, 1));

    assertThat(result.fallingBehind()).isTrue();
    assertThat(result.capacityPerSecond()).isEqualTo(25);
    assertThat(result.growthPerSecond()).isCloseTo(38, within(4.0));
    assertThat(result.backlog()).isCloseTo(38 * 60, within(150L));
    assertThat(result.lag().max()).isGreaterThan(Duration.ofSeconds(80));
    assertThat(result.laneUse().getFirst()).isGreaterThan(0.99);
  }

  @ParameterizedTest
  @CsvSource({"1, 1", "3, 1", "10, 1", "1, 10", "5, 100", "10, 10000"})
  void aPipelineFallsBehindAboveItsCapacity(int factor, int batchSize) {
    var time = FORTY.withPerRecord(Duration.ofMillis(2));
    var setup =
        new Setup(
            StreamModel.ofShards(1), MappingModel.of(factor, batchSize), FunctionModel.of(time));
    double capacity = Simulation.run(constant(100, 60), setup).capacityPerSecond();

    assertThat(Simulation.run(constant(capacity * 0.9, 120), setup).fallingBehind()).isFalse();
    assertThat(Simulation.run(constant(capacity * 1.1, 120), setup).fallingBehind()).isTrue();
  }

  @Test
  void aHotItemFallsBehindWhateverTheFactor() {
    var traffic =
        new Traffic(
                ArrivalProfile.steady(200, Duration.ofSeconds(60)),
                ArrivalPattern.POISSON,
                KeyDistribution.hot(1_000_000, 0.2),
                SEED)
            .simulated(Duration.ZERO);
    var result = run(traffic, StreamModel.ofShards(1), MappingModel.of(10, 1));

    assertThat(result.fallingBehind()).isTrue();
    assertThat(result.busiestLaneUse()).isGreaterThan(0.99);
    assertThat(result.meanLaneUse()).isLessThan(0.8);
  }

  @Test
  void twoShardsCarryTwiceAsMuch() {
    var result = run(poisson(40, 300), StreamModel.ofShards(2), MappingModel.of(1, 1));

    assertThat(result.laneUse()).hasSize(2);
    assertThat(result.fallingBehind()).isFalse();
    assertThat(result.maxConcurrency()).isEqualTo(2);
  }

  @Test
  void pollsCarryNoMoreThanAThousandRecordsEach() {
    var result = run(constant(5000, 20), StreamModel.ofShards(1), MappingModel.of(10, 10_000));

    assertThat(result.capacityPerSecond()).isCloseTo(1000 / 0.255, within(0.1));
    assertThat(result.fallingBehind()).isTrue();
    assertThat(result.busiestLaneUse()).isLessThan(0.5);
  }

  @Test
  void pollsAndBatchesAreLimitedByBytes() {
    var big = new StreamModel(1, Duration.ZERO, Duration.ofMillis(100), Duration.ZERO, 100 * 1024);
    assertThat(big.recordsPerPoll()).isEqualTo(10);
    assertThat(MappingModel.of(1, 10_000).fullBatch(100 * 1024)).isEqualTo(61);
    var witness = new Witness();
    var time = InvocationTime.constant(Duration.ofSeconds(10));
    var setup = new Setup(big, MappingModel.of(1, 10_000), FunctionModel.of(time));
    Simulation.run(constant(90, 60), setup, witness);

    assertThat(witness.invocations).extracting(Witness.Invoked::records).contains(61);
    assertThat(witness.invocations).allSatisfy(each -> assertThat(each.records()).isLessThan(62));
  }

  @Test
  void oneBlockedLaneStopsPollingAndWithItTheOtherLanes() {
    var traffic =
        new Traffic(
                ArrivalProfile.steady(1000, Duration.ofSeconds(30)),
                ArrivalPattern.CONSTANT,
                KeyDistribution.hot(1_000_000, 0.9),
                SEED)
            .simulated(Duration.ZERO);
    var witness = new Witness();
    Simulation.run(traffic, setup(StreamModel.ofShards(1), MappingModel.of(10, 1)), witness);

    int hotLane = new Routing(1, 10).laneOf(0);
    double latest =
        witness.processed.stream()
            .filter(each -> each.lane() != hotLane)
            .mapToDouble(each -> (each.nanos() - traffic.nanos(each.write())) / 1e9)
            .max()
            .orElseThrow();
    // 10,000 changes of one item take its lane 400 s; the other lanes are nearly idle.
    assertThat(latest).isGreaterThan(300);
  }

  @Test
  void theCapacityIncludesAConcurrencyLimit() {
    var limited = new FunctionModel(FORTY, Duration.ZERO, 3, 0);
    var setup = new Setup(StreamModel.ofShards(1), MappingModel.of(10, 1), limited);
    assertThat(Simulation.run(constant(10, 60), setup).capacityPerSecond()).isEqualTo(75);
  }

  @Test
  void aFailingRecordIsInvokedOnceAndOncePerRetryAndThenDiscarded() {
    var failing = new FunctionModel(FORTY, Duration.ZERO, 1000, 1);
    var mapping = new MappingModel(1, 1, Duration.ZERO, 3);
    var witness = new Witness();
    var setup = new Setup(StreamModel.ofShards(1), mapping, failing);
    var result = Simulation.run(constant(1, 20), setup, witness);

    assertThat(result.discarded()).isEqualTo(20);
    assertThat(witness.invocations).hasSize(4 * 20);
    assertThat(result.failures()).isEqualTo(4 * 20);
    assertThat(result.lag().count()).isZero();
    var first = witness.invocations.subList(0, 4);
    for (int i = 1; i < 4; i++) {
      long wait = first.get(i).start() - first.get(i - 1).end();
      assertThat(wait / 1e6).isBetween(50.0 * (1 << (i - 1)), 100.0 * (1 << (i - 1)));
    }
  }

  @Test
  void aConcurrencyLimitThrottlesButLosesNothing() {
    var limited = new FunctionModel(FORTY, Duration.ZERO, 3, 0);
    var setup = new Setup(StreamModel.ofShards(1), MappingModel.of(10, 1), limited);
    var result = Simulation.run(poisson(60, 60), setup);

    assertThat(result.maxConcurrency()).isEqualTo(3);
    assertThat(result.throttles()).isPositive();
    assertThat(result.discarded()).isZero();
    assertThat(result.lag().count()).isEqualTo(result.writes());
  }

  @Test
  void eachLanesFirstInvocationIsColdAndNoLaterOne() {
    var cold = new FunctionModel(FORTY, Duration.ofSeconds(3), 1000, 0);
    var setup = new Setup(StreamModel.ofShards(1), MappingModel.of(4, 1), cold);
    var result = Simulation.run(poisson(40, 60), setup);

    assertThat(result.coldStarts()).isEqualTo(4);
    assertThat(result.lag().max()).isBetween(Duration.ofSeconds(3), Duration.ofSeconds(6));
    assertThat(result.billed()).isEqualTo(Duration.ofMillis(40).multipliedBy(result.invocations()));
  }

  @Test
  void theWarmUpIsNotMeasured() {
    var cold = new FunctionModel(FORTY, Duration.ofSeconds(3), 1000, 0);
    var setup = new Setup(StreamModel.ofShards(1), MappingModel.of(4, 1), cold);
    var traffic =
        new Traffic(
                ArrivalProfile.steady(20, Duration.ofSeconds(60)),
                ArrivalPattern.CONSTANT,
                MANY,
                SEED)
            .simulated(Duration.ofSeconds(20));
    var result = Simulation.run(traffic, setup);

    assertThat(traffic.size()).isEqualTo(80 * 20);
    assertThat(result.writes()).isBetween(1199L, 1201L);
    assertThat(result.lag().count()).isEqualTo(result.writes());
    assertThat(result.lag().max()).isLessThan(Duration.ofSeconds(1));
  }

  @Test
  void eachInvocationIsBilledInWholeMilliseconds() {
    var time = InvocationTime.constant(Duration.ofNanos(40_200_000));
    var setup = new Setup(StreamModel.ofShards(1), MappingModel.of(1, 1), FunctionModel.of(time));
    var result = Simulation.run(constant(10, 60), setup);

    assertThat(result.invocations()).isGreaterThan(590);
    assertThat(result.billed()).isEqualTo(Duration.ofMillis(41).multipliedBy(result.invocations()));
  }

  @Test
  void aChangeIsSearchableFromTheNextRefreshOn() {
    var stream = StreamModel.ofShards(1);
    var mapping = MappingModel.of(1, 1000);
    var indexed = Simulation.run(constant(97, 300), setup(stream, mapping));
    var searchable =
        Simulation.run(
            constant(97, 300),
            new Setup(stream, mapping, FunctionModel.of(FORTY), Duration.ofSeconds(1)));

    double wait = millis(searchable.lag().mean()) - millis(indexed.lag().mean());
    assertThat(wait).isCloseTo(500, within(20.0));
  }

  private static SimulationResult run(
      PlannedTraffic traffic, StreamModel stream, MappingModel mapping) {
    return Simulation.run(traffic, setup(stream, mapping));
  }

  private static Setup setup(StreamModel stream, MappingModel mapping) {
    return new Setup(stream, mapping, FunctionModel.of(FORTY));
  }

  private static PlannedTraffic poisson(double rate, int seconds) {
    return traffic(rate, seconds, ArrivalPattern.POISSON);
  }

  private static PlannedTraffic constant(double rate, int seconds) {
    return traffic(rate, seconds, ArrivalPattern.CONSTANT);
  }

  private static PlannedTraffic traffic(double rate, int seconds, ArrivalPattern pattern) {
    var profile = ArrivalProfile.steady(rate, Duration.ofSeconds(seconds));
    return new Traffic(profile, pattern, MANY, SEED).simulated(Duration.ZERO);
  }

  private static double millis(Duration duration) {
    return duration.toNanos() / 1e6;
  }
}
