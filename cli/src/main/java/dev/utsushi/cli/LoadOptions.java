package dev.utsushi.cli;

import dev.utsushi.loadtest.traffic.ArrivalPattern;
import dev.utsushi.loadtest.traffic.ArrivalProfile;
import dev.utsushi.loadtest.traffic.ItemSize;
import dev.utsushi.loadtest.traffic.KeyDistribution;
import dev.utsushi.loadtest.traffic.Traffic;
import dev.utsushi.loadtest.traffic.WriteMix;
import java.time.Duration;
import java.util.Optional;
import picocli.CommandLine.Option;

/** The options of {@code load} for the traffic. */
final class LoadOptions {
  private static final int MOST_SECONDS = 3600;

  /**
   * DynamoDB Local takes some hundreds of writes per second; a higher rate would only test that.
   */
  private static final double MOST_PER_SECOND = 2000;

  @Option(
      names = "--rate",
      paramLabel = "RATE",
      description =
          "writes per second: steady (200), with a duration (200/30s), a ramp (20..200/60s), or"
              + " steps (20/30s,200/10s)")
  private Optional<String> rate = Optional.empty();

  @Option(
      names = "--seconds",
      paramLabel = "N",
      defaultValue = "30",
      description =
          "duration in seconds of a rate without one, 1 to 3600 (default: ${DEFAULT-VALUE})")
  private int seconds;

  @Option(
      names = "--arrivals",
      paramLabel = "KIND",
      defaultValue = "poisson",
      description = "poisson (bursts and gaps) or constant (default: ${DEFAULT-VALUE})")
  private ArrivalPattern pattern = ArrivalPattern.POISSON;

  @Option(
      names = "--keys",
      paramLabel = "KEYS",
      defaultValue = "uniform:1000000",
      description =
          "distribution of inserts over items: uniform:COUNT, zipf:COUNT,EXPONENT or"
              + " hot:COUNT,SHARE of one item (default: ${DEFAULT-VALUE}, nearly all are new"
              + " items)")
  private String keys = "";

  @Option(
      names = "--mix",
      paramLabel = "I,U,D",
      defaultValue = "70,22,8",
      description =
          "proportions of inserts, updates and deletes; updates and deletes go to items of earlier"
              + " writes (default: ${DEFAULT-VALUE})")
  private String mix = "";

  @Option(
      names = "--item-size",
      paramLabel = "BYTES",
      defaultValue = "0",
      description = "least size of an item in bytes: 2000, or 500..8000 (default: about 700)")
  private String size = "";

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "1",
      description =
          "the same seed gives the same items and arrival times (default: ${DEFAULT-VALUE})")
  private long seed;

  /** Whether a rate was given. */
  boolean isGiven() {
    return rate.isPresent();
  }

  /**
   * @throws IllegalArgumentException if an option is missing or wrong
   */
  Traffic traffic() {
    return traffic(
        rate.orElseThrow(
            () -> new IllegalArgumentException("--rate is missing: writes per second")));
  }

  /**
   * Returns traffic for a table that others use: every write creates an item.
   *
   * @throws IllegalArgumentException if an option is missing or wrong
   */
  Traffic insertsOnly() {
    Traffic asked = traffic();
    return new Traffic(
        asked.profile(),
        asked.pattern(),
        new KeyDistribution.New(),
        new WriteMix(1, 0, 0),
        asked.size(),
        asked.seed());
  }

  /** With another rate. */
  Traffic traffic(String otherRate) {
    if (seconds < 1 || seconds > MOST_SECONDS) {
      throw new IllegalArgumentException(
          "--seconds takes 1 to %d, not %d".formatted(MOST_SECONDS, seconds));
    }
    var profile = ArrivalProfile.parse(otherRate, Duration.ofSeconds(seconds));
    if (profile.peakPerSecond() > MOST_PER_SECOND) {
      throw new IllegalArgumentException(
          "--rate takes up to %.0f writes per second here, not %.0f"
              .formatted(MOST_PER_SECOND, profile.peakPerSecond()));
    }
    return new Traffic(
        profile,
        pattern,
        KeyDistribution.parse(keys),
        WriteMix.parse(mix),
        ItemSize.parse(size),
        seed);
  }
}
