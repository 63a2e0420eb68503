package dev.utsushi.faults;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * The settings of a run.
 *
 * @param seed decides faults, times, writes and the mapping's settings
 * @param duration of the writes and the faults
 * @param functionJar the function as it is deployed
 * @param kinesisShards that a Kinesis stream begins with; 0 for the table's own stream
 * @param workerJars a directory with the jars of the worker, if workers consume the stream
 * @param targets into how many indexes the table goes
 */
public record ChaosOptions(
    long seed,
    Duration duration,
    int writesPerSecond,
    Path functionJar,
    int kinesisShards,
    Optional<Path> workerJars,
    int targets) {
  /** The most indexes that a run can have. */
  public static final int MOST_TARGETS = ChaosTargets.MOST;

  /**
   * How many items the table has before its stream: a backfill takes about as long as the faults.
   */
  int itemsBefore() {
    return Math.toIntExact(50 * duration.toSeconds());
  }

  /** The command that runs the same again. */
  String command() {
    return "./utsushi chaos --seed %d --seconds %d --rate %d%s%s%s"
        .formatted(
            seed,
            duration.toSeconds(),
            writesPerSecond,
            kinesisShards == 0 ? "" : " --source kinesis --shards " + kinesisShards,
            workerJars.isEmpty() ? "" : " --consumer worker",
            targets == 1 ? "" : " --targets " + targets);
  }
}
