package dev.utsushi.faults.nemesis;

import java.util.List;
import java.util.Random;

/** What takes the changes from the table's stream to the index, as the nemesis handles it. */
public sealed interface StreamConsumer permits MappedFunction, StreamWorkers {
  /** Starts to consume a stream, the first one from its beginning. */
  void start(String streamArn);

  /** Keeps the current checkpoints for a restart from them. */
  void rememberCheckpoints();

  /** Kills every process with kill -9; returns how many ran. */
  int kill();

  /** Ends all, and starts again from checkpoints that were remembered. */
  void restartFromOldCheckpoint(Random random, List<String> streamArns) throws InterruptedException;

  /** Ends all for good. */
  void stop();
}
