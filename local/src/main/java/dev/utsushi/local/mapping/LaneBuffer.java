package dev.utsushi.local.mapping;

import dev.utsushi.local.stream.PolledRecord;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
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

  synchronized void addAll(List<PolledRecord> records) {
    long now = nanoTime.getAsLong();
    records.forEach(record -> waiting.addLast(new Waiting(record, now)));
    notifyAll();
  }

  /** Ends the input: waiting records are due at once. */
  synchronized void close() {
    closed = true;
    notifyAll();
  }

  /** Waits for the next batch that is due; returns nothing when closed and drained. */
  synchronized Optional<RecordBatch> take() throws InterruptedException {
    while (true) {
      Waiting first = waiting.peekFirst();
      if (first == null) {
        if (closed) {
          return Optional.empty();
        }
        wait();
      } else {
        long left = first.sinceNanos() + windowNanos - nanoTime.getAsLong();
        int fitting = RecordBatch.fitting(this::records, batchSize);
        boolean full = fitting == batchSize || fitting < waiting.size();
        if (closed || full || left <= 0) {
          return Optional.of(remove(fitting));
        }
        TimeUnit.NANOSECONDS.timedWait(this, left);
      }
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
