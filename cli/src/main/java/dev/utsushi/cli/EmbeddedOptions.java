package dev.utsushi.cli;

import dev.utsushi.loadtest.measurement.TestedPipeline;
import dev.utsushi.loadtest.scenario.ActivityLogScenario;
import dev.utsushi.loadtest.units.DurationText;
import java.nio.file.Path;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The options of {@code load} for the embedded pipeline. */
final class EmbeddedOptions {
  private static final Duration LONGEST_WAIT = Duration.ofSeconds(10);

  @Option(
      names = "--factor",
      paramLabel = "N",
      description = "parallelization factor of the stream, 1 to 10 (default: 1)")
  private Optional<Integer> factor = Optional.empty();

  @Option(
      names = "--batch-size",
      paramLabel = "N",
      description = "changes per invocation, 1 to 10000 (default: 1)")
  private Optional<Integer> batchSize = Optional.empty();

  @Option(
      names = "--targets",
      paramLabel = "N",
      defaultValue = "1",
      description =
          "indexes that the table goes into, each whole, 1 to 10: a change was indexed when all of"
              + " them have it (default: ${DEFAULT-VALUE})")
  private int targets = 1;

  @Option(
      names = "--window",
      paramLabel = "DURATION",
      defaultValue = "0s",
      description = "batching window in whole seconds, 0s to 300s (default: ${DEFAULT-VALUE})")
  private Duration window = Duration.ZERO;

  @Option(
      names = "--invocation",
      paramLabel = "TIME",
      description =
          "the time of an invocation on Lambda, 0ms to 10s: a shorter one waits for the rest"
              + " (default: 40ms, or 0ms with --invoke-overhead)")
  private Optional<Duration> invocation = Optional.empty();

  @Option(
      names = "--invoke-overhead",
      paramLabel = "TIME",
      description =
          "a real wait before the handler of each invocation for Lambda's overhead, 0ms to 10s; the"
              + " rest of the invocation takes what it takes on this machine (default: 0ms)")
  private Optional<Duration> overhead = Optional.empty();

  @Option(
      names = "--search-rtt",
      paramLabel = "TIME",
      defaultValue = "5ms",
      description =
          "a real wait before each request of the function to the engine for the network, 0ms to"
              + " 10s (default: ${DEFAULT-VALUE})")
  private Duration roundTrip = Duration.ZERO;

  @Option(
      names = "--warm-up",
      paramLabel = "DURATION",
      defaultValue = "45s",
      description =
          "the longest warm-up, 0s to 5m: changes are written until the pipeline gets no faster"
              + " (default: ${DEFAULT-VALUE}; 0s only starts the function's JVMs)")
  private Duration warmUp = Duration.ZERO;

  @Mixin private SourceOptions source = new SourceOptions();

  /** Returns whether a factor or a batch size was given. */
  boolean isGiven() {
    return factor.isPresent() || batchSize.isPresent();
  }

  /**
   * Returns how long the warm-up may take.
   *
   * @throws IllegalArgumentException if it is out of range
   */
  Duration longestWarmUp() {
    return atMost(Duration.ofMinutes(5), "--warm-up takes 0s to 5m", warmUp);
  }

  /**
   * Returns the settings.
   *
   * @throws IllegalArgumentException if an option is out of range
   */
  TestedPipeline.Embedded settings() {
    return settings(factor.orElse(1), batchSize.orElse(1));
  }

  /**
   * Returns the settings of one test: those of a worker, if it was chosen.
   *
   * @throws IllegalArgumentException if an option is out of range, or does not go with a worker
   */
  TestedPipeline tested() {
    TestedPipeline.Embedded function = settings();
    return source.workerJars().<TestedPipeline>map(jars -> worker(jars, function)).orElse(function);
  }

  private TestedPipeline.Worker worker(Path jars, TestedPipeline.Embedded function) {
    if (overhead.isPresent() || invocation.isPresent() || !window.isZero()) {
      throw new IllegalArgumentException(
          "--consumer worker takes no --window, --invocation and --invoke-overhead");
    }
    if (targets > 1) {
      throw new IllegalArgumentException("--targets needs --consumer function");
    }
    return new TestedPipeline.Worker(
        jars, function.factor(), function.kinesisShards(), function.batchSize(), roundTrip);
  }

  /** Returns whether something else than the function was chosen to read the stream. */
  boolean isWorker() {
    return source.workerJars().isPresent();
  }

  /** Returns the settings with another factor and batch size. */
  TestedPipeline.Embedded settings(int otherFactor, int otherBatchSize) {
    inRange("--factor", otherFactor, 10);
    inRange("--batch-size", otherBatchSize, 10_000);
    inRange("--targets", targets, 10);
    boolean wholeSeconds = window.equals(window.truncatedTo(ChronoUnit.SECONDS));
    atMost(
        wholeSeconds ? Duration.ofMinutes(5) : Duration.ZERO,
        "--window takes whole seconds from 0s to 300s",
        window);
    return new TestedPipeline.Embedded(
        otherFactor,
        source.kinesisShards(),
        otherBatchSize,
        window,
        atMost(LONGEST_WAIT, "--invoke-overhead takes 0ms to 10s", overhead.orElse(Duration.ZERO)),
        atMost(
            LONGEST_WAIT,
            "--invocation takes 0ms to 10s",
            invocation.orElse(
                overhead.isPresent() ? Duration.ZERO : ActivityLogScenario.INVOCATION)),
        atMost(LONGEST_WAIT, "--search-rtt takes 0ms to 10s", roundTrip),
        targets);
  }

  private static Duration atMost(Duration longest, String range, Duration given) {
    if (given.compareTo(longest) > 0) {
      throw new IllegalArgumentException(range + ", not " + DurationText.print(given));
    }
    return given;
  }

  private static void inRange(String option, int value, int most) {
    if (value < 1 || value > most) {
      throw new IllegalArgumentException("%s takes 1 to %d, not %d".formatted(option, most, value));
    }
  }
}
