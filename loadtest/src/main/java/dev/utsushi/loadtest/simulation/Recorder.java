package dev.utsushi.loadtest.simulation;

import dev.utsushi.loadtest.traffic.PlannedTraffic;
import dev.utsushi.loadtest.units.LagHistogram;
import java.time.Duration;
import java.util.Arrays;
import java.util.SplittableRandom;

/** Counts what happens in a simulation. */
final class Recorder {
  private static final long NANOS_PER_MILLI = 1_000_000;

  /** A lane that was taken so much of the second half had no pause to catch up in. */
  private static final double NEVER_FREE = 0.995;

  private final LagHistogram lag = new LagHistogram();
  private final PlannedTraffic workload;
  private final Setup setup;
  private final int[] laneOf;
  private final long start;
  private final long middle;
  private final long end;
  private final long refresh;
  private final long refreshPhase;
  private final long[] invoking;
  private final long[] takenLate;
  private final long[] settledByMiddle;
  private final long[] settledByEnd;
  private long discarded;
  private long invocations;
  private long billedMillis;
  private long throttles;
  private long failures;
  private long coldStarts;
  private int maxConcurrency;

  /**
   * @param laneOf the lane of each write
   */
  Recorder(PlannedTraffic workload, Setup setup, int[] laneOf, long seed) {
    this.workload = workload;
    this.setup = setup;
    this.laneOf = laneOf;
    int lanes = setup.routing().lanes();
    start = workload.warmUpNanos();
    end = workload.endNanos();
    middle = start + (end - start) / 2;
    refresh = setup.refresh().toNanos();
    refreshPhase = refresh == 0 ? 0 : new SplittableRandom(~seed).nextLong(refresh);
    invoking = new long[lanes];
    takenLate = new long[lanes];
    settledByMiddle = new long[lanes];
    settledByEnd = new long[lanes];
  }

  void invoked(int lane, long from, long until, long warmTime, int concurrency) {
    invoking[lane] += overlap(from, until, start);
    maxConcurrency = Math.max(maxConcurrency, concurrency);
    if (from >= start && from < end) {
      invocations++;
      billedMillis += (warmTime + NANOS_PER_MILLI - 1) / NANOS_PER_MILLI;
    }
  }

  private long overlap(long from, long until, long first) {
    return Math.max(0, Math.min(until, end) - Math.max(from, first));
  }

  void laneFree(int lane, long takenAt, long now) {
    takenLate[lane] += overlap(takenAt, now, middle);
  }

  void settled(int lane, long written, long now, boolean indexed) {
    settledByMiddle[lane] += now < middle ? 1 : 0;
    settledByEnd[lane] += now < end ? 1 : 0;
    if (!indexed) {
      discarded++;
    } else if (written >= start) {
      lag.record(searchableAt(now) - written);
    }
  }

  private long searchableAt(long indexedAt) {
    if (refresh == 0) {
      return indexedAt;
    }
    return indexedAt + Math.floorMod(refreshPhase - indexedAt, refresh);
  }

  void throttled() {
    throttles++;
  }

  void failed() {
    failures++;
  }

  void coldStarted() {
    coldStarts++;
  }

  SimulationResult outcome() {
    long[] backlogInMiddle = backlog(middle, settledByMiddle);
    long[] backlogAtEnd = backlog(end, settledByEnd);
    long growth = sum(backlogAtEnd) - sum(backlogInMiddle);
    double seconds = (end - start) / 1e9;
    return new SimulationResult(
        lag,
        Duration.ofNanos(end - start),
        workload.size() - writesBefore(start),
        discarded,
        sum(backlogAtEnd),
        growth / (seconds / 2),
        isFallingBehind(backlogInMiddle, backlogAtEnd),
        Capacity.perSecond(laneOf, setup),
        Arrays.stream(invoking).mapToObj(nanos -> nanos / (double) (end - start)).toList(),
        Arrays.stream(invoking).sum() / (double) (end - start),
        maxConcurrency,
        invocations,
        Duration.ofMillis(billedMillis),
        throttles,
        failures,
        coldStarts);
  }

  /** Writes of each lane until then, polled or not, less those that were settled. */
  private long[] backlog(long nanos, long[] settled) {
    long[] backlog = new long[settled.length];
    for (int write = 0; write < workload.size() && workload.nanos(write) < nanos; write++) {
      backlog[laneOf[write]]++;
    }
    Arrays.setAll(backlog, lane -> backlog[lane] - settled[lane]);
    return backlog;
  }

  private long writesBefore(long nanos) {
    int writes = 0;
    while (writes < workload.size() && workload.nanos(writes) < nanos) {
      writes++;
    }
    return writes;
  }

  private boolean isFallingBehind(long[] before, long[] after) {
    for (int lane = 0; lane < after.length; lane++) {
      double taken = takenLate[lane] / (double) (end - middle);
      if (taken > NEVER_FREE && after[lane] > before[lane]) {
        return true;
      }
    }
    // More than two polls' worth in the stream, and growing.
    long polls = 2L * setup.stream().recordsPerPoll() * setup.stream().shards();
    return sum(after) > polls && sum(after) > sum(before) * 1.2;
  }

  private static long sum(long[] values) {
    return Arrays.stream(values).sum();
  }
}
