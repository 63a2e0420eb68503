package dev.utsushi.loadtest.generator;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * When each write was begun and acknowledged, in nanoseconds from the start of the run; 0 for not
 * yet. Safe for use by several threads.
 */
public final class WriteTimes {
  private final AtomicLongArray dispatched;
  private final AtomicLongArray started;
  private final AtomicLongArray acknowledged;
  private final AtomicInteger dispatchedCount = new AtomicInteger();
  private final AtomicInteger acknowledgedCount = new AtomicInteger();
  private final AtomicInteger failedCount = new AtomicInteger();

  public WriteTimes(int writes) {
    dispatched = new AtomicLongArray(writes);
    started = new AtomicLongArray(writes);
    acknowledged = new AtomicLongArray(writes);
  }

  /** The generator came to it. */
  public void dispatched(int number, long nanos) {
    dispatched.set(number, nanos);
    dispatchedCount.incrementAndGet();
  }

  /** It was sent to the table: the item's earlier writes were over, and there was room for it. */
  public void started(int number, long nanos) {
    started.set(number, nanos);
  }

  /** The table said that it is done. */
  public void acknowledged(int number, long nanos) {
    acknowledged.set(number, nanos);
    acknowledgedCount.incrementAndGet();
  }

  /** The table refused it, or did not answer. */
  public void failed() {
    failedCount.incrementAndGet();
  }

  public long dispatchedAt(int number) {
    return dispatched.get(number);
  }

  public long startedAt(int number) {
    return started.get(number);
  }

  public long acknowledgedAt(int number) {
    return acknowledged.get(number);
  }

  public int dispatchedCount() {
    return dispatchedCount.get();
  }

  public int acknowledgedCount() {
    return acknowledgedCount.get();
  }

  public int failedCount() {
    return failedCount.get();
  }

  public int size() {
    return started.length();
  }
}
