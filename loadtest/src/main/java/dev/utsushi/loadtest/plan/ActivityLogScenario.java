package dev.utsushi.loadtest.plan;

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
 * The four runs that the first users measured by hand: one shard, batch size 1, some 40 ms an
 * invocation.
 *
 * <p>What they published says how late changes were, and neither how writes were spread over time
 * and items nor what their figure began and ended with. So all that is known is simulated as it is,
 * and what is assumed beside it has a name.
 */
public final class ActivityLogScenario {

  /** What an invocation took them. */
  public static final Duration INVOCATION = Duration.ofMillis(40);

  /** About as long as a run was watched. */
  public static final Duration DURATION = Duration.ofSeconds(60);

  /** Elasticsearch's default, between being indexed and being found. */
  public static final Duration REFRESH = Duration.ofSeconds(1);

  /** Actions are mostly new items. */
  private static final KeyDistribution MOSTLY_NEW_ITEMS = new KeyDistribution.Uniform(1_000_000);

  private ActivityLogScenario() {}

  /**
   * One of the four.
   *
   * @param published what they said came of it
   */
  public record Run(int writesPerSecond, int factor, String published) {}

  /**
   * What is taken to be so although nobody published it.
   *
   * @param text for people
   */
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
          "each lane's first invocation takes 3 s more, as a JVM without a snapshot may",
          MOSTLY_NEW_ITEMS,
          Duration.ofSeconds(3));

  /**
   * A deal that is edited all the time. At 63/s with factor 3 its lane still gets 22.7 of the 25 a
   * second that it can do; at 200/s with factor 10 it gets 27.2.
   */
  public static final Assumption HOT_ITEM =
      new Assumption(
          "one item gets 4 % of the writes",
          new KeyDistribution.HotKey(1_000_000, 0.04), Duration.ZERO);

  public static final List<Assumption> ASSUMPTIONS = List.of(NONE, COLD_STARTS, HOT_ITEM);

  /**
   * Simulates a run, from its cold start on: without a warm-up, as they measured.
   *
   * @param refresh zero for lags that end as a change is indexed
   */
  public static SimulationResult simulate(
      Run run, Assumption assumption, Duration refresh, long seed) {
    var workload =
        new Traffic(
                ArrivalProfile.steady(run.writesPerSecond(), DURATION),
                ArrivalPattern.POISSON,
                assumption.keys(),
                seed)
            .simulated(Duration.ZERO);
    var function =
        new FunctionModel(
            InvocationTime.constant(INVOCATION),
            assumption.coldStart(),
            FunctionModel.ACCOUNT_CONCURRENCY,
            0);
    var setup =
        new Setup(StreamModel.ofShards(1), MappingModel.of(run.factor(), 1), function, refresh);
    return Simulation.run(workload, setup, seed);
  }
}
