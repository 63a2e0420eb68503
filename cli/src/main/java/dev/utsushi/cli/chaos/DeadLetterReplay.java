package dev.utsushi.cli.chaos;

import java.util.List;
import java.util.Set;

/** Brings what was given up down the same road once more, as an operator would after an outage. */
interface DeadLetterReplay {

  /**
   * A message that is in the dead-letter queue after the replay.
   *
   * @param versions of the changes that it stands for
   */
  record Remaining(String message, Set<String> versions) {}

  /** Replays everything once; what could not be written remains. */
  List<Remaining> replay() throws InterruptedException;
}
