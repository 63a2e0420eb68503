package dev.utsushi.loadtest.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.utsushi.loadtest.simulation.Witness.Invoked;
import dev.utsushi.loadtest.simulation.Witness.Processed;
import dev.utsushi.loadtest.traffic.ArrivalPattern;
import dev.utsushi.loadtest.traffic.ArrivalProfile;
import dev.utsushi.loadtest.traffic.KeyDistribution;
import dev.utsushi.loadtest.traffic.PlannedTraffic;
import dev.utsushi.loadtest.traffic.Traffic;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Checks what holds in every setting. {@code -Dutsushi.seed=N} repeats one case. */
class SimulationRandomizedTest {
  private static final int CASES = 150;

  static List<Long> seeds() {
    Long given = Long.getLong("utsushi.seed");
    return given != null ? List.of(given) : new SplittableRandom().longs(CASES).boxed().toList();
  }

  @ParameterizedTest(name = "utsushi.seed={0}")
  @MethodSource("seeds")
  void everyWriteIsProcessedOnceInTheOrderOfItsItem(long seed) {
    var random = new SplittableRandom(seed);
    PlannedTraffic traffic = traffic(random);
    Setup setup = setup(random);
    var witness = new Witness();

    SimulationResult result = Simulation.run(traffic, setup, witness);

    String why = "utsushi.seed=" + seed + " " + setup;
    assertThat(witness.processed).as(why).hasSize(traffic.size());
    assertThat(witness.processed.stream().map(Processed::write).distinct()).hasSize(traffic.size());
    assertThat(result.discarded())
        .as(why)
        .isEqualTo(witness.processed.stream().filter(write -> !write.indexed()).count());
    itemsInOrder(traffic, witness, why);
    lanesExclusive(setup, witness, why);
    neverBeforeItIsVisible(traffic, setup, witness, why);
    concurrencyWithinLimit(setup, witness, result, why);
    SimulationResult again = Simulation.run(traffic, setup);
    assertThat(again.laneUse()).as(why).isEqualTo(result.laneUse());
    assertThat(again.lag().mean()).as(why).isEqualTo(result.lag().mean());
  }

  private static void itemsInOrder(PlannedTraffic traffic, Witness witness, String why) {
    Map<Integer, Processed> last = new HashMap<>();
    for (Processed each : witness.processed) {
      Processed before = last.put(traffic.item(each.write()), each);
      if (before != null) {
        assertThat(before.write()).as(why).isLessThan(each.write());
        assertThat(before.lane()).as(why).isEqualTo(each.lane());
        assertThat(before.nanos()).as(why).isLessThanOrEqualTo(each.nanos());
      }
    }
  }

  private static void lanesExclusive(Setup setup, Witness witness, String why) {
    Map<Integer, Invoked> last = new HashMap<>();
    for (Invoked each : witness.invocations) {
      assertThat(each.records()).as(why).isBetween(1, setup.mapping().batchSize());
      assertThat(each.lane()).isLessThan(setup.stream().shards() * setup.mapping().factor());
      Invoked before = last.put(each.lane(), each);
      if (before != null) {
        assertThat(before.end()).as(why).isLessThanOrEqualTo(each.start());
      }
    }
  }

  private static void neverBeforeItIsVisible(
      PlannedTraffic traffic, Setup setup, Witness witness, String why) {
    long least = setup.stream().visibleAfter().plus(setup.stream().pollTime()).toNanos();
    for (Processed each : witness.processed) {
      assertThat(each.nanos() - traffic.nanos(each.write())).as(why).isGreaterThan(least);
    }
  }

  private static void concurrencyWithinLimit(
      Setup setup, Witness witness, SimulationResult result, String why) {
    var open = new PriorityQueue<Invoked>(Comparator.comparingLong(Invoked::end));
    int most = 0;
    for (Invoked each : witness.invocations) {
      while (!open.isEmpty() && open.element().end() <= each.start()) {
        open.remove();
      }
      open.add(each);
      most = Math.max(most, open.size());
    }
    assertThat(most).as(why).isLessThanOrEqualTo(setup.function().concurrency());
    // If one ends at the moment at which another starts, either may come first.
    assertThat(result.maxConcurrency()).as(why).isGreaterThanOrEqualTo(most);
  }

  private static PlannedTraffic traffic(SplittableRandom random) {
    int items = 1 + random.nextInt(5000);
    KeyDistribution keys =
        switch (random.nextInt(3)) {
          case 0 -> KeyDistribution.uniform(items);
          case 1 -> KeyDistribution.zipf(items, random.nextDouble() * 2);
          default -> KeyDistribution.hot(items, random.nextDouble());
        };
    var pattern = random.nextBoolean() ? ArrivalPattern.POISSON : ArrivalPattern.CONSTANT;
    var profile =
        ArrivalProfile.parse(
            "%d..%d/%ds,%d/2s"
                .formatted(
                    random.nextInt(300),
                    1 + random.nextInt(300),
                    1 + random.nextInt(10),
                    1 + random.nextInt(1000)),
            Duration.ZERO);
    Duration warmUp = Duration.ofMillis(random.nextInt(3) * 500L);
    return new Traffic(profile, pattern, keys, random.nextLong()).simulated(warmUp);
  }

  private static Setup setup(SplittableRandom random) {
    var stream =
        new StreamModel(
            1 + random.nextInt(4),
            Duration.ofMillis(random.nextInt(30)),
            Duration.ofMillis(1 + random.nextInt(400)),
            Duration.ofMillis(random.nextInt(20)),
            1 + random.nextInt(200_000));
    var mapping =
        new MappingModel(
            1 + random.nextInt(10),
            random.nextBoolean() ? 1 + random.nextInt(3) : 1 + random.nextInt(10_000),
            Duration.ofSeconds(random.nextInt(3)),
            random.nextInt(4));
    var time =
        InvocationTime.percentiles(Duration.ofMillis(1 + random.nextInt(50)), Duration.ofMillis(60))
            .withPerRecord(Duration.ofNanos(random.nextInt(2_000_000)));
    var function =
        new FunctionModel(
            time,
            Duration.ofMillis(random.nextInt(3) * 300L),
            random.nextBoolean() ? 1000 : 1 + random.nextInt(8),
            random.nextBoolean() ? 0 : random.nextDouble() * 0.5);
    return new Setup(stream, mapping, function, Duration.ofMillis(random.nextInt(2) * 1000L));
  }
}
