package dev.utsushi.cli;

import dev.utsushi.loadtest.traffic.ArrivalPattern;
import dev.utsushi.loadtest.traffic.ArrivalProfile;
import dev.utsushi.loadtest.traffic.KeyDistribution;
import dev.utsushi.loadtest.traffic.Traffic;
import java.time.Duration;
import java.util.Optional;
import picocli.CommandLine.Option;

/** Options that say what is written when. */
class TrafficOptions {
  private static final int MAX_SECONDS = 3600;

  @Option(
      names = "--rate",
      paramLabel = "RATE",
      description =
          "writes per second: steady (200), with a duration (200/30s), a ramp (20..200/60s), or"
              + " steps (20/30s,200/10s)")
  private Optional<String> rate = Optional.empty();

  @Option(
      names = "--arrivals",
      paramLabel = "KIND",
      defaultValue = "poisson",
      description = "poisson (bursts and gaps) or constant (default: ${DEFAULT-VALUE})")
  private ArrivalPattern pattern = ArrivalPattern.POISSON;

  @Option(
      names = "--seconds",
      paramLabel = "N",
      description =
          "duration of a rate without one, in seconds, 1 to 3600 (default: ${DEFAULT-VALUE})")
  private int seconds;

  @Option(
      names = "--keys",
      paramLabel = "KEYS",
      defaultValue = "uniform:1000000",
      description =
          "how writes are spread over items: uniform:COUNT, zipf:COUNT,EXPONENT or hot:COUNT,SHARE"
              + " with a share for one item (default: ${DEFAULT-VALUE}, nearly all new items)")
  private KeyDistribution keys = KeyDistribution.newItems();

  @Option(
      names = "--seed",
      paramLabel = "N",
      description = "the same seed gives the same writes (default: ${DEFAULT-VALUE})")
  private long seed = 1;

  TrafficOptions(int defaultSeconds) {
    seconds = defaultSeconds;
  }

  /**
   * Returns the traffic with the given rate.
   *
   * @throws IllegalArgumentException if an option is missing or out of range
   */
  final Traffic traffic() {
    return traffic(
        rate.orElseThrow(
            () -> new IllegalArgumentException("--rate is missing: writes per second")));
  }

  /** Returns the traffic with another rate. */
  Traffic traffic(String otherRate) {
    if (seconds < 1 || seconds > MAX_SECONDS) {
      throw new IllegalArgumentException(
          "--seconds must be 1 to %d, not %d".formatted(MAX_SECONDS, seconds));
    }
    var profile = ArrivalProfile.parse(otherRate, Duration.ofSeconds(seconds));
    return new Traffic(profile, pattern, keys, seed);
  }

  boolean hasRate() {
    return rate.isPresent();
  }

  long seed() {
    return seed;
  }
}
