package dev.utsushi.local.mapping;

import static dev.utsushi.local.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;

/** Waits for a mapping. */
final class Await {
  private Await() {}

  /** Waits until exactly this many records are settled. */
  static void settled(EventSourceMapping mapping, long records) {
    await().until(() -> mapping.counters().settledRecords() >= records);
    assertThat(mapping.counters().settledRecords()).isEqualTo(records);
  }
}
