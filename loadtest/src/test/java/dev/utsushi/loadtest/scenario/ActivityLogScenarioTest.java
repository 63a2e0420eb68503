package dev.utsushi.loadtest.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import dev.utsushi.loadtest.scenario.ActivityLogScenario.Assumption;
import dev.utsushi.loadtest.simulation.SimulationResult;
import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Checks what the report says about the four published runs, with more seeds than it shows. */
class ActivityLogScenarioTest {
  private static final Duration SECOND = Duration.ofSeconds(1);

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void theInputsAloneExplainThreeOfFourRuns(long seed) {
    assertThat(searchable(0, ActivityLogScenario.NONE, seed).lag().mean()).isLessThan(SECOND);

    SimulationResult behind = indexed(1, ActivityLogScenario.NONE, seed);
    assertThat(behind.fallingBehind()).isTrue();
    assertThat(behind.backlog() / behind.capacityPerSecond()).isGreaterThan(10);

    SimulationResult aLittleMore = searchable(2, ActivityLogScenario.NONE, seed);
    assertThat(aLittleMore.fallingBehind()).isFalse();
    assertThat(aLittleMore.lag().percentile(90)).isBetween(SECOND, SECOND.multipliedBy(2));

    SimulationResult notFive = searchable(3, ActivityLogScenario.NONE, seed);
    assertThat(notFive.fallingBehind()).isFalse();
    assertThat(notFive.lag().max()).isLessThan(SECOND.multipliedBy(4));
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void coldStartsDelaySomeChangesOfTheFourthRunBySecondsAndLeaveTheOthers(long seed) {
    SimulationResult fourth = searchable(3, ActivityLogScenario.COLD_STARTS, seed);
    assertThat(fourth.lag().max()).isGreaterThan(SECOND.multipliedBy(4));
    assertThat(fourth.lag().percentile(50)).isLessThan(SECOND.multipliedBy(2));
    assertThat(indexed(0, ActivityLogScenario.COLD_STARTS, seed).lag().mean())
        .isLessThan(Duration.ofMillis(1200));
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void aHotItemDelaysSomeChangesOfTheFourthRunBySecondsAndLeavesTheOthers(long seed) {
    SimulationResult fourth = searchable(3, ActivityLogScenario.HOT_ITEM, seed);
    assertThat(fourth.lag().max()).isBetween(SECOND.multipliedBy(3), SECOND.multipliedBy(15));
    assertThat(fourth.lag().percentile(75)).isLessThan(SECOND.multipliedBy(2));
    assertThat(searchable(2, ActivityLogScenario.HOT_ITEM, seed).lag().max())
        .isLessThan(SECOND.multipliedBy(4));
  }

  private static SimulationResult indexed(int run, Assumption assumption, long seed) {
    return ActivityLogScenario.simulate(
        ActivityLogScenario.RUNS.get(run), assumption, Duration.ZERO, seed);
  }

  private static SimulationResult searchable(int run, Assumption assumption, long seed) {
    return ActivityLogScenario.simulate(
        ActivityLogScenario.RUNS.get(run), assumption, ActivityLogScenario.REFRESH, seed);
  }
}
