package dev.utsushi.loadtest.simulation;

import dev.utsushi.loadtest.traffic.PlannedTraffic;
import dev.utsushi.loadtest.units.LagHistogram;
import java.time.Duration;
import java.util.Arrays;
import java.util.SplittableRandom;

/** Counts what happens in a simulation. */
final class Recorder {
  private static final long NANOS_PER_MILLI = 1_000_000;

  /** A lane that was taken for this share of the second half had no pause to catch up in. */
  private static final double NEVER_FREE = 0.995;

  private final LagHistogram lag = new LagHistogram();
  private final PlannedTraffic traffic;
  private final Setup setup;
  private final int[] laneOf;
  private final long start;
  private final long middle;
  private final long end;
  private final long refresh;
  private final long refreshPhase;
  private final long[] invoking;
  private final long[] takenLate;
  private final long[] processedByMiddle;
  private final long[] processedByEnd;
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
  Recorder(PlannedTraffic traffic, Setup setup, int[] laneOf) {
    this.traffic = traffic;
    this.setup = setup;
    this.laneOf = laneOf;
    int lanes = setup.routing().lanes();
    start = traffic.warmUp().toNanos();
    end = traffic.endNanos();
    middle = start + (end - start) / 2;
    refresh = setup.refresh().toNanos();
    refreshPhase =
        refresh == 0 ? 0 : new SplittableRandom(~traffic.traffic().seed()).nextLong(refresh);
    invoking = new long[lanes];
    takenLate = new long[lanes];
    processedByMiddle = new long[lanes];
    processedByEnd = new long[lanes];
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

  void processed(int lane, long written, long now, boolean indexed) {
    processedByMiddle[lane] += now < middle ? 1 : 0;
    processedByEnd[lane] += now < end ? 1 : 0;
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

  SimulationResult result() {
    long[] backlogInMiddle = backlog(middle, processedByMiddle);
    long[] backlogAtEnd = backlog(end, processedByEnd);
    long growth = sum(backlogAtEnd) - sum(backlogInMiddle);
    double seconds = (end - start) / 1e9;
    return new SimulationResult(
        lag,
        Duration.ofNanos(end - start),
        traffic.size() - writesBefore(start),
        discarded,
        sum(backlogAtEnd),
        growth / (seconds / 2),
        isFallingBehind(backlogInMiddle, backlogAtEnd),
        capacityPerSecond(),
        Arrays.stream(invoking).mapToObj(nanos -> nanos / (double) (end - start)).toList(),
        Arrays.stream(invoking).sum() / (double) (end - start),
        maxConcurrency,
        invocations,
        Duration.ofMillis(billedMillis),
        throttles,
        failures,
        coldStarts);
  }

  /** Returns the writes of each lane until a moment, polled or not, less the processed ones. */
  private long[] backlog(long nanos, long[] processed) {
    long[] backlog = new long[processed.length];
    long writes = writesBefore(nanos);
    for (int write = 0; write < writes; write++) {
      backlog[laneOf[write]]++;
    }
    Arrays.setAll(backlog, lane -> backlog[lane] - processed[lane]);
    return backlog;
  }

  private long writesBefore(long nanos) {
    int writes = 0;
    while (writes < traffic.size() && traffic.nanos(writes) < nanos) {
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

  /**
   * Returns the changes per second at which something saturates, by arithmetic: the lane or the
   * shard with the most of these writes, or the function's concurrency. Batches are full, and
   * nothing fails.
   */
  private double capacityPerSecond() {
    int full = setup.mapping().fullBatch(setup.stream().recordBytes());
    double lane = setup.function().time().recordsPerSecond(full);
    int[] perLane = new int[setup.routing().lanes()];
    int[] perShard = new int[setup.stream().shards()];
    for (int each : laneOf) {
      perLane[each]++;
      perShard[each / setup.mapping().factor()]++;
    }
    double lanes = lane / largestShare(perLane);
    double polls = setup.stream().polledPerSecond() / largestShare(perShard);
    return Math.min(Math.min(lanes, polls), lane * setup.function().concurrency());
  }

  private double largestShare(int[] counts) {
    return (double) Arrays.stream(counts).max().orElse(0) / laneOf.length;
  }

  private static long sum(long[] values) {
    return Arrays.stream(values).sum();
  }
}
