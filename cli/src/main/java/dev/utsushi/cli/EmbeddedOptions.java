package dev.utsushi.cli;

import dev.utsushi.loadtest.measurement.TestedPipeline;
import dev.utsushi.loadtest.scenario.ActivityLogScenario;
import dev.utsushi.loadtest.units.DurationText;
import java.time.Duration;
import java.util.Optional;
import picocli.CommandLine.Option;

/** The options of {@code load} for the embedded pipeline. */
final class EmbeddedOptions {
  private static final Duration LONGEST_WAIT = Duration.ofSeconds(10);
  private static final String AS_PUBLISHED = ActivityLogScenario.INVOCATION.toMillis() + "ms";
  private static final Duration LONGEST_WARM_UP = Duration.ofMinutes(5);

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
      names = "--window",
      paramLabel = "DURATION",
      defaultValue = "0s",
      description = "batching window in whole seconds, 0s to 300s (default: ${DEFAULT-VALUE})")
  private String window = "";

  @Option(
      names = "--invocation",
      paramLabel = "TIME",
      description =
          "the time of an invocation on Lambda, 0ms to 10s: a shorter one waits for the rest"
              + " (default: 40ms, or 0ms with --invoke-overhead)")
  private Optional<String> invocation = Optional.empty();

  @Option(
      names = "--invoke-overhead",
      paramLabel = "TIME",
      description =
          "a real wait before the handler of each invocation for Lambda's overhead, 0ms to 10s; the"
              + " rest of the invocation takes what it takes on this machine (default: 0ms)")
  private Optional<String> overhead = Optional.empty();

  @Option(
      names = "--search-rtt",
      paramLabel = "TIME",
      defaultValue = "5ms",
      description =
          "a real wait before each request of the function to the engine for the network, 0ms to"
              + " 10s (default: ${DEFAULT-VALUE})")
  private String roundTrip = "";

  @Option(
      names = "--warm-up",
      paramLabel = "DURATION",
      defaultValue = "45s",
      description =
          "the longest warm-up, 0s to 5m: changes are written until the pipeline gets no faster"
              + " (default: ${DEFAULT-VALUE}; 0s only starts the function's JVMs)")
  private String warmUp = "";

  /**
   * @throws IllegalArgumentException if an option is wrong
   */
  TestedPipeline.Embedded settings() {
    return settings(factor.orElse(1), batchSize.orElse(1));
  }

  /**
   * @throws IllegalArgumentException if it is too long
   */
  Duration longestWarmUp() {
    Duration longest = DurationText.parse(warmUp);
    if (longest.compareTo(LONGEST_WARM_UP) > 0) {
      throw new IllegalArgumentException("--warm-up takes 0s to 5m, not " + warmUp);
    }
    return longest;
  }

  /** Returns whether a factor or a batch size was given. */
  boolean isGiven() {
    return factor.isPresent() || batchSize.isPresent();
  }

  /** Returns the settings with another factor and batch size. */
  TestedPipeline.Embedded settings(int otherFactor, int otherBatchSize) {
    inRange("--factor", otherFactor, 10);
    inRange("--batch-size", otherBatchSize, 10_000);
    Duration batchingWindow = DurationText.parse(window);
    if (batchingWindow.toSeconds() > 300
        || !batchingWindow.equals(Duration.ofSeconds(batchingWindow.toSeconds()))) {
      throw new IllegalArgumentException(
          "--window takes whole seconds from 0s to 300s, not " + window);
    }
    return new TestedPipeline.Embedded(
        otherFactor,
        otherBatchSize,
        batchingWindow,
        wait("--invoke-overhead", overhead.orElse("0ms")),
        wait("--invocation", invocation.orElse(overhead.isPresent() ? "0ms" : AS_PUBLISHED)),
        wait("--search-rtt", roundTrip));
  }

  private static Duration wait(String option, String text) {
    Duration wait = DurationText.parse(text);
    if (wait.compareTo(LONGEST_WAIT) > 0) {
      throw new IllegalArgumentException("%s takes 0ms to 10s, not %s".formatted(option, text));
    }
    return wait;
  }

  private static void inRange(String option, int value, int most) {
    if (value < 1 || value > most) {
      throw new IllegalArgumentException("%s takes 1 to %d, not %d".formatted(option, most, value));
    }
  }
}
