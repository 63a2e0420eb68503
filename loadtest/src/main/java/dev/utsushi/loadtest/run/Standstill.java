package dev.utsushi.loadtest.run;

import java.time.Duration;
import java.util.function.IntConsumer;

/** Waits for something that may stop moving. */
final class Standstill {
  private static final Duration INTERVAL = Duration.ofMillis(25);

  private Standstill() {}

  /** Counts what is not done yet. */
  interface Remaining {
    int count() throws InterruptedException;
  }

  /**
   * Waits until nothing is left, or until the count has not changed for a while.
   *
   * @param progress receives each count
   * @return how many are left
   */
  static int await(Remaining remaining, Duration longest, IntConsumer progress)
      throws InterruptedException {
    long lastChange = System.nanoTime();
    int left = remaining.count();
    while (left > 0 && System.nanoTime() - lastChange < longest.toNanos()) {
      progress.accept(left);
      Thread.sleep(INTERVAL);
      int now = remaining.count();
      if (now != left) {
        left = now;
        lastChange = System.nanoTime();
      }
    }
    return left;
  }
}
