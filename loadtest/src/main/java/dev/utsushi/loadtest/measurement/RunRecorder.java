package dev.utsushi.loadtest.measurement;

import dev.utsushi.loadtest.generator.WriteTimes;
import dev.utsushi.loadtest.traffic.PlannedWrite.Operation;
import dev.utsushi.loadtest.traffic.WritePlan;
import dev.utsushi.loadtest.units.LagHistogram;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.function.LongSupplier;

/**
 * Notes when each change arrived. Safe for use by several threads.
 *
 * <p>A change counts as indexed when the invocation that settled it returned: then the engine has
 * acknowledged it, and the event source mapping knows. A change that comes again counts once.
 */
public final class RunRecorder {
  private static final long OVERTAKEN = -1;

  private final AtomicLongArray indexed;
  private final AtomicLongArray searchable;
  private final AtomicInteger indexedCount = new AtomicInteger();
  private final List<InvocationRecord> invocations = new ArrayList<>();
  private final LagHistogram soFar = new LagHistogram();
  private final WritePlan plan;
  private final WriteTimes times;
  private final LongSupplier nanos;
  private volatile ProcessorUse processors = ProcessorUse.UNKNOWN;

  /**
   * @param nanos the run's clock: nanoseconds from its start
   */
  public RunRecorder(WritePlan plan, WriteTimes times, LongSupplier nanos) {
    this.plan = plan;
    this.times = times;
    this.nanos = nanos;
    indexed = new AtomicLongArray(plan.size());
    searchable = new AtomicLongArray(plan.size());
  }

  /** Nanoseconds from the start of the run. */
  public long now() {
    return nanos.getAsLong();
  }

  /** The write that a delivered change is of; negative if it is none of the test's. */
  public int writeOf(DeliveredChange change) {
    int number = change.writeNumber();
    return number >= 0 && change.removal() ? plan.deletedBy(number) : number;
  }

  /** How long ago the write was sent to the table; zero for one that is none of the test's. */
  public Duration ageOf(int write) {
    return write < 0
        ? Duration.ZERO
        : Duration.ofNanos(Math.max(0, now() - times.startedAt(write)));
  }

  /** Changes are in the index from now on. */
  public void indexed(List<DeliveredChange> changes) {
    long now = now();
    for (DeliveredChange change : changes) {
      int write = writeOf(change);
      if (write >= 0 && indexed.compareAndSet(write, 0, now)) {
        indexedCount.incrementAndGet();
        recordSoFar(now - times.startedAt(write));
      }
    }
  }

  /**
   * A change arrived at a moment that was read elsewhere.
   *
   * @param at nanoseconds from the start of the run
   */
  public void arrived(int write, long at) {
    if (indexed.compareAndSet(write, 0, Math.max(1, at))) {
      indexedCount.incrementAndGet();
      recordSoFar(at - times.startedAt(write));
    }
  }

  private void recordSoFar(long lag) {
    synchronized (soFar) {
      soFar.record(lag);
    }
  }

  /** A search found the change, or a later one of its item. */
  public void found(int write, long at) {
    var _ = searchable.compareAndSet(write, 0, at);
  }

  /** The item was deleted before a search found the change: none can any more. */
  public void overtaken(int write) {
    var _ = searchable.compareAndSet(write, 0, OVERTAKEN);
  }

  /** Whether the last of what has been indexed of the write's item is a deletion. */
  public boolean isDeletedSince(int write) {
    int last = write;
    for (int each = plan.next(write); each >= 0 && indexedAt(each) > 0; each = plan.next(each)) {
      last = each;
    }
    return plan.write(last).operation() == Operation.DELETE;
  }

  /** Where this machine's processors' time went while there was traffic. */
  public void processors(ProcessorUse use) {
    processors = use;
  }

  ProcessorUse processors() {
    return processors;
  }

  /** An invocation is over. */
  public void invoked(InvocationRecord invocation) {
    synchronized (invocations) {
      invocations.add(invocation);
    }
  }

  public int indexedCount() {
    return indexedCount.get();
  }

  /** 0 for not yet, else nanoseconds from the start of the run. */
  public long indexedAt(int write) {
    return indexed.get(write);
  }

  /**
   * 0 for never looked for, or not found; negative if the item was deleted first; else nanoseconds
   * from the start of the run.
   */
  public long searchableAt(int write) {
    return searchable.get(write);
  }

  /** What has been indexed so far was so late. */
  public Duration percentileSoFar(double percentile) {
    synchronized (soFar) {
      return soFar.percentile(percentile);
    }
  }

  List<InvocationRecord> invocations() {
    synchronized (invocations) {
      return List.copyOf(invocations);
    }
  }

  WritePlan plan() {
    return plan;
  }

  WriteTimes times() {
    return times;
  }
}
