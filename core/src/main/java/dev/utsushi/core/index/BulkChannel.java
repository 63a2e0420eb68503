package dev.utsushi.core.index;

import java.time.Duration;
import java.util.List;

/** A way for attempts to reach the engine. */
@FunctionalInterface
interface BulkChannel {

  /**
   * Sends the attempts, once.
   *
   * @param timeout the longest that one round trip may take
   * @return one reply for each attempt, in the same order
   */
  List<Reply> send(List<Attempt> attempts, Duration timeout);
}
