package dev.utsushi.faults;

import java.nio.file.Path;
import java.time.Duration;

/**
 * The settings of a run.
 *
 * @param seed decides faults, times, writes and the mapping's settings
 * @param duration of the writes and the faults
 * @param functionJar the function as it is deployed
 */
public record ChaosOptions(long seed, Duration duration, int writesPerSecond, Path functionJar) {

  /** The command that runs the same again. */
  String command() {
    return "./utsushi chaos --seed %d --seconds %d --rate %d"
        .formatted(seed, duration.toSeconds(), writesPerSecond);
  }
}
