package dev.utsushi.loadtest.measurement;

import dev.utsushi.loadtest.traffic.PlannedWrite.Operation;
import dev.utsushi.loadtest.traffic.WritePlan;
import dev.utsushi.loadtest.units.LagHistogram;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.function.LongSupplier;

/**
 * Records what happens to each write and when, in nanoseconds from the start of the run; 0 means
 * not yet. Safe for use by several threads.
 *
 * <p>A change counts as indexed when the invocation that processed it returned: the engine has
 * acknowledged it then, and the event source mapping knows. A change that is delivered again counts
 * once.
 */
public final class RunRecorder {
  private static final long DELETED = -1;

  /** What happens to a write, in this order. */
  public enum Moment {
    /** The plan's time for it. */
    DUE,
    /** The generator reached it. */
    DISPATCHED,
    /** It was sent to the table: no earlier write of its item was in progress. */
    SENT,
    /** The table confirmed it. */
    ACKNOWLEDGED,
    INDEXED,
    /** A search found it, or a later write of its item. */
    FOUND
  }

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

  /** When a moment came, for each write, and for how many. */
  private record Track(AtomicLongArray times, AtomicInteger count) {}

  private final Map<Moment, Track> tracks = new EnumMap<>(Moment.class);
  private final AtomicInteger failed = new AtomicInteger();
  private final List<Invocation> invocations = new ArrayList<>();
  private final LagHistogram soFar = new LagHistogram();
  private final WritePlan plan;
  private final LongSupplier nanos;
  private volatile double processorsBusy;

  /**
   * @param nanos the run's clock: nanoseconds from its start
   */
  public RunRecorder(WritePlan plan, LongSupplier nanos) {
    this.plan = plan;
    this.nanos = nanos;
    for (Moment each : Moment.values()) {
      tracks.put(each, new Track(new AtomicLongArray(plan.size()), new AtomicInteger()));
    }
  }

  private Track track(Moment moment) {
    return Objects.requireNonNull(tracks.get(moment));
  }

  /** Returns nanoseconds from the start of the run. */
  public long now() {
    return nanos.getAsLong();
  }

  /** Records when something happened to a write; only the first time counts. */
  public void record(Moment moment, int write, long at) {
    if (track(moment).times().compareAndSet(write, 0, Math.max(1, at))) {
      track(moment).count().incrementAndGet();
      if (moment == Moment.INDEXED) {
        synchronized (soFar) {
          soFar.record(at - at(Moment.SENT, write));
        }
      }
    }
  }

  /** Returns when something happened to a write; negative if its item was deleted before. */
  public long at(Moment moment, int write) {
    return moment == Moment.DUE
        ? plan.write(write).scheduledNanos()
        : track(moment).times().get(write);
  }

  /** Returns to how many writes it has happened. */
  public int count(Moment moment) {
    return track(moment).count().get();
  }

  /** Returns the times between two moments, of all writes that have reached the second one. */
  LagHistogram between(Moment from, Moment to) {
    var lags = new LagHistogram();
    for (int i = 0; i < plan.size(); i++) {
      if (at(to, i) > 0) {
        lags.record(at(to, i) - at(from, i));
      }
    }
    return lags;
  }

  /** Records that the table refused a write or did not answer. */
  public void failed() {
    failed.incrementAndGet();
  }

  public int failedCount() {
    return failed.get();
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
    long age = last < 0 ? 0 : Math.max(0, start - at(Moment.SENT, last));
    writes.stream()
        .limit(processed)
        .filter(write -> write >= 0)
        .forEach(write -> record(Moment.INDEXED, write, end));
    synchronized (invocations) {
      invocations.add(
          new Invocation(
              lane, start, end, writes.size(), Duration.ofNanos(age), processed < writes.size()));
    }
  }

  /** Records that a write is indexed, and with it those before it of its item. */
  public void indexedUpTo(int write, long at) {
    for (int each = write; each >= 0 && at(Moment.INDEXED, each) == 0; each = plan.previous(each)) {
      record(Moment.INDEXED, each, at);
    }
  }

  /** Records that the item was deleted before a search found the change. */
  public void deletedBeforeFound(int write) {
    var _ = track(Moment.FOUND).times().compareAndSet(write, 0, DELETED);
  }

  /** Returns whether the last indexed change of the write's item is a deletion. */
  public boolean isDeletedSince(int write) {
    int last = write;
    for (int each = plan.next(write);
        each >= 0 && at(Moment.INDEXED, each) > 0;
        each = plan.next(each)) {
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

  /** Returns how many acknowledged changes are not indexed yet. */
  public int behind() {
    return Math.max(0, count(Moment.ACKNOWLEDGED) - count(Moment.INDEXED));
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
