package dev.utsushi.faults;

import java.nio.file.Path;
import java.time.Duration;

/**
 * The settings of a run.
 *
 * @param seed decides faults, times, writes and the mapping's settings
 * @param duration of the writes and the faults
 * @param functionJar the function as it is deployed
 * @param kinesisShards that a Kinesis stream begins with; 0 for the table's own stream
 */
public record ChaosOptions(
    long seed, Duration duration, int writesPerSecond, Path functionJar, int kinesisShards) {

  /** The command that runs the same again. */
  String command() {
    return "./utsushi chaos --seed %d --seconds %d --rate %d%s"
        .formatted(
            seed,
            duration.toSeconds(),
            writesPerSecond,
            kinesisShards == 0 ? "" : " --source kinesis --shards " + kinesisShards);
  }
}
