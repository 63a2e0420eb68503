package dev.utsushi.local.mapping;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.Callable;

/** Waits for what happens on other threads. */
final class Await {

  private static final Duration PATIENCE = Duration.ofMinutes(3);

  private Await() {}

  static void until(Callable<Boolean> condition) throws Exception {
    until(condition, PATIENCE);
  }

  static void until(Callable<Boolean> condition, Duration patience) throws Exception {
    long giveUpAt = System.nanoTime() + patience.toNanos();
    while (!condition.call()) {
      assertThat(System.nanoTime()).as("within " + patience).isLessThan(giveUpAt);
      Thread.sleep(10);
    }
  }

  /** Until so many records are settled, and not one more. */
  static void settled(EventSourceMapping mapping, long records) throws Exception {
    until(() -> mapping.counters().settledRecords() >= records);
    assertThat(mapping.counters().settledRecords()).isEqualTo(records);
  }
}
