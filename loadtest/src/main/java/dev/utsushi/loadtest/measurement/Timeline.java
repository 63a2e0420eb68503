package dev.utsushi.loadtest.measurement;

import dev.utsushi.loadtest.measurement.RunRecorder.Moment;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/** Divides a run into seconds, up to the arrival of the last change. */
final class Timeline {
  private static final long NANOS_PER_SECOND = 1_000_000_000L;

  /** What is counted in one second. */
  private static final class Counts {
    /** Plain numbers, because a histogram for each second of an hour would need too much memory. */
    private final List<Long> lags = new ArrayList<>();

    private int planned;
    private int acknowledged;
    private int indexed;
    private long iteratorAge;

    /** Returns the least lag that this percentage of the second's writes does not exceed. */
    private Duration percentile(int percent) {
      return lags.isEmpty()
          ? Duration.ZERO
          : Duration.ofNanos(lags.get(Math.ceilDiv(lags.size() * percent, 100) - 1));
    }
  }

  private final RunRecorder recorder;
  private final Counts[] counts;

  private Timeline(RunRecorder recorder, long endNanos) {
    this.recorder = recorder;
    counts = new Counts[Math.toIntExact(Math.ceilDiv(Math.max(1, endNanos), NANOS_PER_SECOND))];
    Arrays.setAll(counts, _ -> new Counts());
  }

  /**
   * @param endNanos when watching ended
   */
  static List<Second> of(RunRecorder recorder, long endNanos) {
    var timeline = new Timeline(recorder, endNanos);
    for (int i = 0; i < recorder.plan().size(); i++) {
      timeline.add(i);
    }
    for (RunRecorder.Invocation each : recorder.invocations()) {
      Counts counts = timeline.at(each.startNanos());
      counts.iteratorAge = Math.max(counts.iteratorAge, each.iteratorAge().toNanos());
    }
    return timeline.seconds();
  }

  /** Returns the second of a moment; a moment just after the end belongs to the last second. */
  private Counts at(long nanos) {
    return counts[Math.clamp(nanos / NANOS_PER_SECOND, 0, counts.length - 1)];
  }

  private void add(int write) {
    at(recorder.at(Moment.DUE, write)).planned++;
    long acknowledged = recorder.at(Moment.ACKNOWLEDGED, write);
    if (acknowledged > 0) {
      at(acknowledged).acknowledged++;
    }
    long indexed = recorder.at(Moment.INDEXED, write);
    if (indexed > 0) {
      long sent = recorder.at(Moment.SENT, write);
      at(indexed).indexed++;
      at(sent).lags.add(Math.max(0, indexed - sent));
    }
  }

  private List<Second> seconds() {
    List<Second> seconds = new ArrayList<>();
    int behind = 0;
    for (Counts each : counts) {
      Collections.sort(each.lags);
      behind += each.acknowledged - each.indexed;
      seconds.add(
          new Second(
              seconds.size(),
              each.planned,
              each.acknowledged,
              each.indexed,
              // An acknowledgement may be noted after the arrival.
              Math.max(0, behind),
              each.lags.size(),
              each.percentile(50),
              each.percentile(99),
              each.percentile(100),
              Duration.ofNanos(each.iteratorAge)));
    }
    return seconds;
  }
}
