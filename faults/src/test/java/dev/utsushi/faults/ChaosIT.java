package dev.utsushi.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.utsushi.core.telemetry.Metric;
import dev.utsushi.faults.history.History.Count;
import dev.utsushi.faults.nemesis.Fault;
import dev.utsushi.faults.nemesis.Fault.Lane;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Short runs of the function's jar, on real parts. Their reports go to the output: a seed does not
 * repeat a run exactly, since how faults and writes meet is up to the machine.
 */
class ChaosIT {
  private static final Duration DURATION = Duration.ofSeconds(10);
  private static final int WRITES_PER_SECOND = 40;

  /** Less than half of the writes: a put of what is there already is no change. */
  private static final int FEWEST_CHANGES = 150;

  @ParameterizedTest(name = "seed {0}, {1} shards of Kinesis, workers {2}, {3} targets")
  @CsvSource({"1,0,false,1", "2,0,false,1", "3,0,false,3", "4,2,false,1", "5,0,true,1"})
  void theIndexIsFaithfulAfterFaults(long seed, int shards, boolean workers, int targets)
      throws InterruptedException {
    Path home = Path.of(System.getProperty("utsushi.home"));
    Path jar = home.resolve("function/target/utsushi-function.jar");
    Optional<Path> workerJars =
        workers ? Optional.of(home.resolve("worker/target/app")) : Optional.empty();

    ChaosReport report =
        ChaosRun.run(
            new ChaosOptions(seed, DURATION, WRITES_PER_SECOND, jar, shards, workerJars, targets),
            new Silent());

    String text = String.join(System.lineSeparator(), report.lines());
    System.out.println(text);
    assertThat(report.violations()).as(text).isEmpty();
    assertThatFaultsMattered(report, text);
  }

  private static void assertThatFaultsMattered(ChaosReport report, String text) {
    var history = report.history();
    var state = report.state();
    long failed = history.count(Count.FAILED_DELIVERIES);
    assertThat(history.changes().size()).as(text).isGreaterThan(FEWEST_CHANGES);
    assertThat(state.tombstones()).as(text).isPositive();
    assertThat(history.deadLetters()).as(text).isPositive();
    if (report.options().workerJars().isPresent()) {
      assertThat(history.count(Count.CHECKPOINTS)).as(text).isPositive();
    } else {
      assertThat(state.log().sum(Metric.RETRIES) + failed).as(text).isPositive();
      assertThat(history.count(Count.REPEATED_RECORDS)).as(text).isPositive();
    }
    if (report.options().targets() > 1) {
      assertThat(state.indexes()).as(text).hasSize(report.options().targets());
      assertThat(state.indexes())
          .as(text)
          .allSatisfy(
              index -> {
                assertThat(index.tombstones()).isPositive();
                assertThat(index.documents().size()).isGreaterThan((int) index.tombstones());
              });
      assertThat(report.searched()).as(text).isGreaterThan(FEWEST_CHANGES);
    }
    if (report.options().kinesisShards() > 0) {
      assertThat(history.records().size()).as(text).isGreaterThan(history.changes().size());
      assertThat(history.overtaken()).as(text).isPositive();
    }
    // On a busy machine a lane may find nothing to hit; not most of them.
    assertThat(lanesThatHit(report)).as(text).hasSizeGreaterThanOrEqualTo(4);
  }

  private static List<Lane> lanesThatHit(ChaosReport report) {
    return Arrays.stream(Lane.values())
        .filter(
            lane ->
                Fault.of(lane, report.options().workerJars().isPresent()).stream()
                    .anyMatch(fault -> report.history().injected(fault.description()) > 0))
        .toList();
  }

  private static final class Silent implements ChaosRun.Listener {
    @Override
    public void status(String text) {}

    @Override
    public void log(String line) {}
  }
}
