package dev.utsushi.cli.chaos;

import java.nio.file.Path;
import java.time.Duration;

/**
 * What a run is to do.
 *
 * @param seed decides the faults, their times, the writes and the mapping's settings
 * @param storm how long it lasts
 * @param writesPerSecond to the table, while it lasts
 * @param debug whether the function's log is shown
 * @param functionJar the function as it is deployed
 */
public record ChaosOptions(
    long seed, Duration storm, int writesPerSecond, boolean debug, Path functionJar) {

  /** What to type to have the same again. */
  String command() {
    return "./utsushi chaos --seed %d --seconds %d --rate %d"
        .formatted(seed, storm.toSeconds(), writesPerSecond);
  }
}
