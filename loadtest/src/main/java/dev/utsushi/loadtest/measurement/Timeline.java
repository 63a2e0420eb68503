package dev.utsushi.loadtest.measurement;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Divides a run into seconds, up to the arrival of the last change. */
final class Timeline {
  private static final long NANOS_PER_SECOND = 1_000_000_000L;

  private final RunRecorder recorder;
  private final int length;
  private final int[] planned;
  private final int[] acknowledged;
  private final int[] indexed;
  private final long[] iteratorAge;

  /** Plain numbers, because a histogram for each second of an hour would need too much memory. */
  private final long[][] lags;

  private final int[] lagged;

  private Timeline(RunRecorder recorder, long endNanos) {
    this.recorder = recorder;
    length = Math.toIntExact(Math.ceilDiv(Math.max(1, endNanos), NANOS_PER_SECOND));
    planned = new int[length];
    acknowledged = new int[length];
    indexed = new int[length];
    iteratorAge = new long[length];
    lags = new long[length][16];
    lagged = new int[length];
  }

  /**
   * @param endNanos when watching ended
   */
  static List<Second> of(RunRecorder recorder, long endNanos) {
    var timeline = new Timeline(recorder, endNanos);
    for (int i = 0; i < recorder.plan().size(); i++) {
      timeline.add(i);
    }
    recorder.invocations().forEach(timeline::add);
    return timeline.seconds();
  }

  /** Returns the second of a moment; a moment just after the end belongs to the last second. */
  private int secondOf(long nanos) {
    return Math.clamp(nanos / NANOS_PER_SECOND, 0, length - 1);
  }

  private void add(int write) {
    planned[secondOf(recorder.plan().write(write).scheduledNanos())]++;
    if (recorder.acknowledgedAt(write) > 0) {
      acknowledged[secondOf(recorder.acknowledgedAt(write))]++;
    }
    long arrived = recorder.indexedAt(write);
    if (arrived > 0) {
      long started = recorder.startedAt(write);
      indexed[secondOf(arrived)]++;
      addLag(secondOf(started), Math.max(0, arrived - started));
    }
  }

  private void addLag(int second, long lag) {
    int count = lagged[second]++;
    if (count == lags[second].length) {
      lags[second] = Arrays.copyOf(lags[second], count * 2);
    }
    lags[second][count] = lag;
  }

  private void add(RunRecorder.Invocation invocation) {
    int second = secondOf(invocation.startNanos());
    iteratorAge[second] = Math.max(iteratorAge[second], invocation.iteratorAge().toNanos());
  }

  private List<Second> seconds() {
    List<Second> seconds = new ArrayList<>();
    int behind = 0;
    for (int i = 0; i < length; i++) {
      Arrays.sort(lags[i], 0, lagged[i]);
      behind += acknowledged[i] - indexed[i];
      seconds.add(
          new Second(
              i,
              planned[i],
              acknowledged[i],
              indexed[i],
              // An acknowledgement may be noted after the arrival.
              Math.max(0, behind),
              lagged[i],
              percentile(i, 50),
              percentile(i, 99),
              percentile(i, 100),
              Duration.ofNanos(iteratorAge[i])));
    }
    return seconds;
  }

  /** Returns the least lag that this percentage of the second's writes does not exceed. */
  private Duration percentile(int second, int percent) {
    int count = lagged[second];
    return count == 0
        ? Duration.ZERO
        : Duration.ofNanos(lags[second][Math.ceilDiv(count * percent, 100) - 1]);
  }
}
