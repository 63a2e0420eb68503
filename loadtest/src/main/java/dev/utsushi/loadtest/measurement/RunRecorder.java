package dev.utsushi.loadtest.measurement;

import dev.utsushi.loadtest.generator.WritePlan;
import dev.utsushi.loadtest.generator.WriteTimes;
import dev.utsushi.loadtest.lag.LagHistogram;
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

  /** 0 for never looked for, or not found, else nanoseconds from the start of the run. */
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
