package dev.utsushi.loadtest.scenario;

import dev.utsushi.loadtest.simulation.FunctionModel;
import dev.utsushi.loadtest.simulation.InvocationTime;
import dev.utsushi.loadtest.simulation.MappingModel;
import dev.utsushi.loadtest.simulation.Setup;
import dev.utsushi.loadtest.simulation.Simulation;
import dev.utsushi.loadtest.simulation.SimulationResult;
import dev.utsushi.loadtest.simulation.StreamModel;
import dev.utsushi.loadtest.traffic.ArrivalPattern;
import dev.utsushi.loadtest.traffic.ArrivalProfile;
import dev.utsushi.loadtest.traffic.KeyDistribution;
import dev.utsushi.loadtest.traffic.Traffic;
import java.time.Duration;
import java.util.List;

/**
 * The four runs that the first users measured by hand: one shard, batch size 1, about 40 ms per
 * invocation.
 *
 * <p>They published how late changes were, but neither how writes were spread over time and items
 * nor where their lag began and ended. So the known inputs are simulated as they are, and each
 * assumption about the rest has a name.
 */
public final class ActivityLogScenario {

  /** The time of their invocations. */
  public static final Duration INVOCATION = Duration.ofMillis(40);

  /** About as long as a run was watched. */
  public static final Duration DURATION = Duration.ofSeconds(60);

  /** The default refresh interval of Elasticsearch. */
  public static final Duration REFRESH = Duration.ofSeconds(1);

  /** Actions are mostly new items. */
  private static final KeyDistribution MOSTLY_NEW_ITEMS = KeyDistribution.uniform(1_000_000);

  private ActivityLogScenario() {}

  /**
   * One of the four runs.
   *
   * @param published the result as they published it
   */
  public record Run(int writesPerSecond, int factor, String published) {}

  /** An assumption about what was not published. */
  public record Assumption(String text, KeyDistribution keys, Duration coldStart) {}

  public static final List<Run> RUNS =
      List.of(
          new Run(20, 1, "below 1 s on average"),
          new Run(63, 1, "falling behind by more than 10 s"),
          new Run(63, 3, "a little over 1 s"),
          new Run(200, 10, "some changes 5 s late"));

  public static final Assumption NONE =
      new Assumption("nothing beyond the published inputs", MOSTLY_NEW_ITEMS, Duration.ZERO);

  /** A JVM with its clients, started without a snapshot: the first change of each lane waits. */
  public static final Assumption COLD_STARTS =
      new Assumption(
          "the first invocation of each lane takes 3 s longer, as a JVM without a snapshot may",
          MOSTLY_NEW_ITEMS,
          Duration.ofSeconds(3));

  /**
   * A deal that is edited all the time. At 63/s with factor 3 its lane still gets 22.7 of the 25
   * changes per second that it can take; at 200/s with factor 10 it gets 27.2.
   */
  public static final Assumption HOT_ITEM =
      new Assumption(
          "one item gets 4 % of the writes", KeyDistribution.hot(1_000_000, 0.04), Duration.ZERO);

  public static final List<Assumption> ASSUMPTIONS = List.of(NONE, COLD_STARTS, HOT_ITEM);

  /**
   * Simulates a run from its cold start on: without a warm-up, as they measured.
   *
   * @param refresh zero for lags that end when a change is indexed
   */
  public static SimulationResult simulate(
      Run run, Assumption assumption, Duration refresh, long seed) {
    var profile = ArrivalProfile.steady(run.writesPerSecond(), DURATION);
    var traffic = new Traffic(profile, ArrivalPattern.POISSON, assumption.keys(), seed);
    var function =
        new FunctionModel(
            InvocationTime.constant(INVOCATION),
            assumption.coldStart(),
            FunctionModel.ACCOUNT_CONCURRENCY,
            0);
    var setup =
        new Setup(StreamModel.ofShards(1), MappingModel.of(run.factor(), 1), function, refresh);
    return Simulation.run(traffic.simulated(Duration.ZERO), setup);
  }
}
