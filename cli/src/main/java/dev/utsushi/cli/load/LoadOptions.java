package dev.utsushi.cli.load;

import dev.utsushi.loadtest.traffic.ArrivalPattern;
import dev.utsushi.loadtest.traffic.ArrivalProfile;
import dev.utsushi.loadtest.traffic.ItemSize;
import dev.utsushi.loadtest.traffic.KeyDistribution;
import dev.utsushi.loadtest.traffic.Traffic;
import dev.utsushi.loadtest.traffic.WriteMix;
import java.time.Duration;
import java.util.Optional;
import picocli.CommandLine.Option;

/** Options that say what is written. */
public final class LoadOptions {
  private static final int MOST_SECONDS = 3600;

  /** DynamoDB Local takes some hundreds of writes a second; more would only test that. */
  private static final double MOST_PER_SECOND = 2000;

  @Option(
      names = "--rate",
      paramLabel = "RATE",
      description =
          "writes a second: steady (200), for so long (200/30s), a ramp (20..200/60s), or steps"
              + " (20/30s,200/10s)")
  private Optional<String> rate = Optional.empty();

  @Option(
      names = "--seconds",
      paramLabel = "N",
      defaultValue = "30",
      description =
          "how long a rate lasts that does not say so (1 to 3600; default ${DEFAULT-VALUE})")
  private int seconds;

  @Option(
      names = "--arrivals",
      paramLabel = "KIND",
      defaultValue = "poisson",
      description = "poisson (bursts and gaps) or constant (default ${DEFAULT-VALUE})")
  private ArrivalPattern pattern = ArrivalPattern.POISSON;

  @Option(
      names = "--keys",
      paramLabel = "KEYS",
      defaultValue = "uniform:1000000",
      description =
          "how inserts are spread over items: uniform:COUNT, zipf:COUNT,EXPONENT or"
              + " hot:COUNT,SHARE of one item (default ${DEFAULT-VALUE}: nearly all are new items)")
  private String keys = "";

  @Option(
      names = "--mix",
      paramLabel = "I,U,D",
      defaultValue = "70,22,8",
      description =
          "parts of inserts, updates and deletes; updates and deletes go to items of earlier writes"
              + " (default ${DEFAULT-VALUE})")
  private String mix = "";

  @Option(
      names = "--item-size",
      paramLabel = "BYTES",
      defaultValue = "0",
      description = "least size of an item: 2000, or 500..8000 (default: as it comes, some 700)")
  private String size = "";

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "1",
      description = "same seed, same items and arrival times (default ${DEFAULT-VALUE})")
  private long seed;

  /** Whether a rate was given. */
  public boolean isGiven() {
    return rate.isPresent();
  }

  /**
   * Makes sense of them.
   *
   * @throws IllegalArgumentException if there is none to make
   */
  Traffic traffic() {
    return traffic(
        rate.orElseThrow(
            () -> new IllegalArgumentException("--rate says how many writes a second there are")));
  }

  /**
   * For a table of somebody else: every write a new item, none written twice.
   *
   * @throws IllegalArgumentException if the options make no sense, or ask for something else
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
          "--rate takes up to %.0f writes a second here, not %.0f"
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
