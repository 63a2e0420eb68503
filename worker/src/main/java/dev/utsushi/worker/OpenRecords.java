package dev.utsushi.worker;

import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * How far a shard has come: the records that are open, and up to where all are settled. Lanes
 * settle records in any order; a checkpoint never passes an open one.
 */
final class OpenRecords {
  /** Beyond it, the shard is not read on: memory is finite. */
  private static final int MOST_RECORDS = 10_000;

  private static final long MOST_BYTES = 64L * 1024 * 1024;

  /** In the order of the shard. The first one is not settled. */
  private final Deque<OpenRecord> open = new ArrayDeque<>();

  private @Nullable String settledUpTo;
  private long bytes;

  synchronized void add(OpenRecord added) {
    open.addLast(added);
    bytes += added.bytes();
  }

  synchronized void settle(Collection<OpenRecord> records) {
    records.forEach(OpenRecord::settle);
    for (OpenRecord first = open.peek(); first != null && first.isSettled(); first = open.peek()) {
      open.remove();
      settledUpTo = first.sequenceNumber();
      bytes -= first.bytes();
    }
    notifyAll();
  }

  /** Returns the last record before the first open one; null if none was settled. */
  synchronized @Nullable String settledUpTo() {
    return settledUpTo;
  }

  synchronized int count() {
    return open.size();
  }

  /** Returns the arrival of the oldest open record; null without one. */
  synchronized @Nullable Instant oldestArrival() {
    OpenRecord first = open.peek();
    return first == null ? null : first.arrivedAt();
  }

  /** Returns whether there is room for more records, after waiting a while for it. */
  synchronized boolean awaitRoom(long millis) throws InterruptedException {
    if (isFull()) {
      TimeUnit.MILLISECONDS.timedWait(this, millis);
    }
    return !isFull();
  }

  private boolean isFull() {
    return open.size() >= MOST_RECORDS || bytes >= MOST_BYTES;
  }

  /** Returns whether every record is settled, after waiting a while for it. */
  synchronized boolean awaitEmpty(long millis) throws InterruptedException {
    if (!open.isEmpty()) {
      TimeUnit.MILLISECONDS.timedWait(this, millis);
    }
    return open.isEmpty();
  }
}
