package dev.utsushi.outbox.relay;

import java.util.concurrent.atomic.LongAdder;

/** Counts what was done. Safe for use by many threads. */
public final class RelayCount {
  private final LongAdder published = new LongAdder();
  private final LongAdder duplicates = new LongAdder();
  private final LongAdder unavailable = new LongAdder();
  private final LongAdder refused = new LongAdder();
  private final LongAdder parked = new LongAdder();
  private final LongAdder failed = new LongAdder();

  LongAdder publishedAdder() {
    return published;
  }

  LongAdder duplicatesAdder() {
    return duplicates;
  }

  LongAdder unavailableAdder() {
    return unavailable;
  }

  LongAdder refusedAdder() {
    return refused;
  }

  LongAdder parkedAdder() {
    return parked;
  }

  LongAdder failedAdder() {
    return failed;
  }

  /** Returns how many events the broker acknowledged, duplicates included. */
  public long published() {
    return published.sum();
  }

  /** Returns how many of them another one had published as well. */
  public long duplicates() {
    return duplicates.sum();
  }

  /** Returns how often the broker did not say that it has an event. */
  public long unavailable() {
    return unavailable.sum();
  }

  /** Returns how often the broker refused an event for good. */
  public long refused() {
    return refused.sum();
  }

  /** Returns how many events were parked. */
  public long parked() {
    return parked.sum();
  }

  /** Returns how many requests to the table failed. */
  public long failed() {
    return failed.sum();
  }
}
