package dev.utsushi.loadtest.measurement;

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
 * Records when each write was sent, acknowledged, indexed and found, in nanoseconds from the start
 * of the run; 0 means not yet. Safe for use by several threads.
 *
 * <p>A change counts as indexed when the invocation that processed it returned: the engine has
 * acknowledged it then, and the event source mapping knows. A change that is delivered again counts
 * once.
 */
public final class RunRecorder {
  private static final long DELETED = -1;

  /**
   * One invocation, as the event source mapping saw it.
   *
   * @param lane of the shard, from 0
   * @param records in its batch
   * @param iteratorAge the age of the batch's last change when the function was invoked
   * @param failed at least in part
   */
  record Invocation(
      int lane,
      long startNanos,
      long endNanos,
      int records,
      Duration iteratorAge,
      boolean failed) {}

  private final AtomicInteger dispatchedCount = new AtomicInteger();
  private final AtomicInteger acknowledgedCount = new AtomicInteger();
  private final AtomicInteger failedCount = new AtomicInteger();
  private final AtomicInteger indexedCount = new AtomicInteger();
  private final List<Invocation> invocations = new ArrayList<>();
  private final LagHistogram soFar = new LagHistogram();
  private final WritePlan plan;
  private final LongSupplier nanos;
  private final AtomicLongArray dispatched;
  private final AtomicLongArray started;
  private final AtomicLongArray acknowledged;
  private final AtomicLongArray indexed;
  private final AtomicLongArray searchable;
  private volatile double processorsBusy;

  /**
   * @param nanos the run's clock: nanoseconds from its start
   */
  public RunRecorder(WritePlan plan, LongSupplier nanos) {
    this.plan = plan;
    this.nanos = nanos;
    dispatched = new AtomicLongArray(plan.size());
    started = new AtomicLongArray(plan.size());
    acknowledged = new AtomicLongArray(plan.size());
    indexed = new AtomicLongArray(plan.size());
    searchable = new AtomicLongArray(plan.size());
  }

  /** Returns nanoseconds from the start of the run. */
  public long now() {
    return nanos.getAsLong();
  }

  /** Records that the generator reached the write. */
  public void dispatched(int write, long at) {
    dispatched.set(write, at);
    dispatchedCount.incrementAndGet();
  }

  /** Records that the write was sent: no earlier write of its item was in progress. */
  public void started(int write, long at) {
    started.set(write, at);
  }

  /** Records that the table confirmed the write. */
  public void acknowledged(int write, long at) {
    acknowledged.set(write, at);
    acknowledgedCount.incrementAndGet();
  }

  /** Records that the table refused a write or did not answer. */
  public void failed() {
    failedCount.incrementAndGet();
  }

  /**
   * Returns the write that caused a change; negative if it is not part of the plan.
   *
   * @param writeNumber the number that the item carries: that of the write itself or, for a
   *     removal, of the write before it; negative for none
   */
  public int writeOf(int writeNumber, boolean removal) {
    return writeNumber >= 0 && removal ? plan.deletedBy(writeNumber) : writeNumber;
  }

  /**
   * Records an invocation that ended.
   *
   * @param writes of its batch in order, with negative numbers for changes outside the plan
   * @param processed how many of them, from the first on, are indexed now
   */
  public void invoked(int lane, List<Integer> writes, int processed, long start, long end) {
    int last = writes.getLast();
    long age = last < 0 ? 0 : Math.max(0, start - startedAt(last));
    writes.subList(0, processed).forEach(write -> indexed(write, end));
    synchronized (invocations) {
      invocations.add(
          new Invocation(
              lane, start, end, writes.size(), Duration.ofNanos(age), processed < writes.size()));
    }
  }

  /** Records that a change is indexed; only the first time counts. */
  public void indexed(int write, long at) {
    if (write >= 0 && indexed.compareAndSet(write, 0, Math.max(1, at))) {
      indexedCount.incrementAndGet();
      synchronized (soFar) {
        soFar.record(at - startedAt(write));
      }
    }
  }

  /** Records that a search found the change, or a later one of its item. */
  public void found(int write, long at) {
    var _ = searchable.compareAndSet(write, 0, at);
  }

  /** Records that the item was deleted before a search found the change. */
  public void deletedBeforeFound(int write) {
    var _ = searchable.compareAndSet(write, 0, DELETED);
  }

  /** Returns whether the last indexed change of the write's item is a deletion. */
  public boolean isDeletedSince(int write) {
    int last = write;
    for (int each = plan.next(write); each >= 0 && indexedAt(each) > 0; each = plan.next(each)) {
      last = each;
    }
    return plan.write(last).operation() == Operation.DELETE;
  }

  /** Records how busy this machine's processors were while there was traffic, from 0 to 1. */
  public void processorsBusy(double share) {
    processorsBusy = share;
  }

  double processorsBusy() {
    return processorsBusy;
  }

  public WritePlan plan() {
    return plan;
  }

  public long dispatchedAt(int write) {
    return dispatched.get(write);
  }

  public long startedAt(int write) {
    return started.get(write);
  }

  public long acknowledgedAt(int write) {
    return acknowledged.get(write);
  }

  public long indexedAt(int write) {
    return indexed.get(write);
  }

  /** Returns when a search found the change; negative if its item was deleted first. */
  public long searchableAt(int write) {
    return searchable.get(write);
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

  public int indexedCount() {
    return indexedCount.get();
  }

  /** Returns a percentile of the lags of what is indexed so far. */
  public Duration percentileSoFar(double percentile) {
    synchronized (soFar) {
      return soFar.percentile(percentile);
    }
  }

  List<Invocation> invocations() {
    synchronized (invocations) {
      return List.copyOf(invocations);
    }
  }
}
