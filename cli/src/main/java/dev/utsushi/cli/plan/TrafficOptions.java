package dev.utsushi.cli.plan;

import dev.utsushi.loadtest.traffic.ArrivalPattern;
import dev.utsushi.loadtest.traffic.ArrivalProfile;
import dev.utsushi.loadtest.traffic.KeyDistribution;
import dev.utsushi.loadtest.traffic.Traffic;
import dev.utsushi.loadtest.units.DurationText;
import java.time.Duration;
import java.util.Optional;
import picocli.CommandLine.Option;

/** Options that say what is written. */
public final class TrafficOptions {
  private static final int MOST_SECONDS = 3600;

  @Option(
      names = "--rate",
      paramLabel = "RATE",
      description =
          "writes a second: steady (200), for so long (200/30s), a ramp (20..200/60s), or steps"
              + " (20/30s,200/10s)")
  private Optional<String> rate = Optional.empty();

  @Option(
      names = "--arrivals",
      paramLabel = "KIND",
      defaultValue = "poisson",
      description = "poisson (bursts and gaps) or constant (default ${DEFAULT-VALUE})")
  private ArrivalPattern pattern = ArrivalPattern.POISSON;

  @Option(
      names = "--seconds",
      paramLabel = "N",
      defaultValue = "60",
      description =
          "how long a rate lasts that does not say so (1 to 3600; default ${DEFAULT-VALUE})")
  private int seconds;

  @Option(
      names = "--warm-up",
      paramLabel = "DURATION",
      defaultValue = "10s",
      description = "traffic before that, which is not measured (default ${DEFAULT-VALUE})")
  private String warmUp = "";

  @Option(
      names = "--keys",
      paramLabel = "KEYS",
      defaultValue = "uniform:1000000",
      description =
          "how writes are spread over items: uniform:COUNT, zipf:COUNT,EXPONENT or hot:COUNT,SHARE"
              + " of one item (default ${DEFAULT-VALUE}: nearly all are new items)")
  private String keys = "";

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "1",
      description = "same seed, same plan (default ${DEFAULT-VALUE})")
  private long seed;

  /**
   * Makes sense of them.
   *
   * @throws IllegalArgumentException if there is none to make
   */
  public Traffic traffic() {
    if (seconds < 1 || seconds > MOST_SECONDS) {
      throw new IllegalArgumentException(
          "--seconds takes 1 to %d, not %d".formatted(MOST_SECONDS, seconds));
    }
    String profile =
        rate.orElseThrow(
            () -> new IllegalArgumentException("--rate says how many writes a second there are"));
    return new Traffic(
        ArrivalProfile.parse(profile, Duration.ofSeconds(seconds)),
        pattern,
        KeyDistribution.parse(keys),
        seed);
  }

  Duration warmUp() {
    return DurationText.parse(warmUp);
  }

  /** Whether a rate was given. */
  public boolean isGiven() {
    return rate.isPresent();
  }

  public long seed() {
    return seed;
  }
}
