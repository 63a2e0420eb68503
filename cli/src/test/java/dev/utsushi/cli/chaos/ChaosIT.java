package dev.utsushi.cli.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import dev.utsushi.cli.chaos.FaultKind.Lane;
import dev.utsushi.cli.terminal.Terminal;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Short storms against the function's jar, on real parts. Their whole reports go to the output: a
 * run is not repeated exactly by its seed, since how faults and writes meet is up to the machine.
 */
class ChaosIT {
  private static final Duration STORM = Duration.ofSeconds(10);
  private static final int WRITES_PER_SECOND = 40;

  /** Less than half of what is written: puts of what stands already are no changes. */
  private static final long FEWEST_CHANGES = 150;

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3})
  void theIndexIsFaithfulAfterAStorm(long seed) throws InterruptedException {
    Path jar = Path.of(System.getProperty("utsushi.home"), "function/target/utsushi-function.jar");
    var options = new ChaosOptions(seed, STORM, WRITES_PER_SECOND, false, jar);

    ChaosReport report = new Chaos(options, Terminal.plain(System.out)).run();

    String told = String.join(System.lineSeparator(), report.lines());
    System.out.println(told);
    assertThat(report.findings()).as(told).isEmpty();
    assertThatItWasNoDrizzle(report, told);
  }

  private static void assertThatItWasNoDrizzle(ChaosReport report, String told) {
    Figures figures = report.figures();
    assertThat(figures.table().changes()).as(told).isGreaterThan(FEWEST_CHANGES);
    assertThat(figures.index().tombstones()).as(told).isPositive();
    assertThat(figures.deadLetters().parked()).as(told).isPositive();
    assertThat(figures.function().retries() + figures.brought().failed()).as(told).isPositive();
    assertThat(figures.brought().repeated()).as(told).isPositive();
    // A lane may find nothing to hit on a machine that has other things to do; not most of them.
    assertThat(lanesThatStruck(report)).as(told).hasSizeGreaterThanOrEqualTo(4);
  }

  private static List<Lane> lanesThatStruck(ChaosReport report) {
    return Arrays.stream(Lane.values())
        .filter(
            lane ->
                lane.kinds().stream()
                    .anyMatch(kind -> report.faults().getOrDefault(kind.words(), 0L) > 0))
        .toList();
  }
}
