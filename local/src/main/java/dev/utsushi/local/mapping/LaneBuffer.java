package dev.utsushi.local.mapping;

import dev.utsushi.local.stream.PolledRecord;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;

/**
 * The records that wait for a lane. A batch is due when it is full, by count or by size, or when
 * its first record has waited for the batching window.
 *
 * @see <a
 *     href="https://docs.aws.amazon.com/lambda/latest/dg/invocation-eventsourcemapping.html#invocation-eventsourcemapping-batching">Batching
 *     behavior</a>
 */
final class LaneBuffer {

  private record Waiting(PolledRecord record, long sinceNanos) {}

  private final Lock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Deque<Waiting> waiting = new ArrayDeque<>();
  private final int batchSize;
  private final long windowNanos;
  private final LongSupplier nanoTime;
  private boolean closed;

  LaneBuffer(int batchSize, Duration batchingWindow, LongSupplier nanoTime) {
    this.batchSize = batchSize;
    windowNanos = batchingWindow.toNanos();
    this.nanoTime = nanoTime;
  }

  void addAll(List<PolledRecord> records) {
    lock.lock();
    try {
      long now = nanoTime.getAsLong();
      records.forEach(record -> waiting.addLast(new Waiting(record, now)));
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Ends the input: waiting records are due at once. */
  void close() {
    lock.lock();
    try {
      closed = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Waits for the next batch that is due; empty when closed and drained. */
  Optional<RecordBatch> take() throws InterruptedException {
    lock.lockInterruptibly();
    try {
      while (true) {
        Waiting first = waiting.peekFirst();
        if (first == null) {
          if (closed) {
            return Optional.empty();
          }
          changed.await();
        } else {
          long left = first.sinceNanos() + windowNanos - nanoTime.getAsLong();
          int fitting = RecordBatch.fitting(this::records, batchSize);
          boolean full = fitting == batchSize || fitting < waiting.size();
          if (closed || full || left <= 0) {
            return Optional.of(remove(fitting));
          }
          var _ = changed.awaitNanos(left);
        }
      }
    } finally {
      lock.unlock();
    }
  }

  private Iterator<PolledRecord> records() {
    return waiting.stream().map(Waiting::record).iterator();
  }

  private RecordBatch remove(int count) {
    List<PolledRecord> records = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      records.add(waiting.removeFirst().record());
    }
    return new RecordBatch(records);
  }
}
