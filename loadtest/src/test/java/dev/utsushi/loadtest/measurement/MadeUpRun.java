package dev.utsushi.loadtest.measurement;

import dev.utsushi.loadtest.measurement.RunRecorder.Moment;
import dev.utsushi.loadtest.traffic.ArrivalPattern;
import dev.utsushi.loadtest.traffic.ArrivalProfile;
import dev.utsushi.loadtest.traffic.ItemSize;
import dev.utsushi.loadtest.traffic.KeyDistribution;
import dev.utsushi.loadtest.traffic.Traffic;
import dev.utsushi.loadtest.traffic.WriteMix;
import dev.utsushi.loadtest.traffic.WritePlan;
import java.time.Duration;
import java.util.List;

/** A run on a simulated clock: one lane, batch size 1, every write sent when it is due. */
public final class MadeUpRun {
  private static final long MILLI = 1_000_000;

  private final Traffic traffic;
  private final WritePlan plan;
  private final RunRecorder recorder;
  private volatile long now;

  /** Plans the activity log's mix on a few items, so that some are updated and deleted. */
  public MadeUpRun(int writesPerSecond, int seconds) {
    traffic =
        new Traffic(
            ArrivalProfile.steady(writesPerSecond, Duration.ofSeconds(seconds)),
            ArrivalPattern.CONSTANT,
            KeyDistribution.uniform(50),
            WriteMix.ACTIVITY_LOG,
            ItemSize.DEFAULT,
            1);
    plan = traffic.plan();
    recorder = new RunRecorder(plan, () -> now);
    for (int i = 0; i < plan.size(); i++) {
      long due = plan.write(i).scheduledNanos();
      recorder.record(Moment.DISPATCHED, i, due + 1);
      recorder.record(Moment.SENT, i, due + 1);
      recorder.record(Moment.ACKNOWLEDGED, i, due + 5 * MILLI);
    }
  }

  /** Indexes each change in turn, in one invocation after the other. */
  public MadeUpRun index(int invocationMillis) {
    for (int i = 0; i < plan.size(); i++) {
      long start = Math.max(now, recorder.at(Moment.SENT, i) + 100 * MILLI);
      long end = start + invocationMillis * MILLI;
      now = end;
      recorder.invoked(0, List.of(i), 1, start, end);
      recorder.record(Moment.FOUND, i, end + 200 * MILLI);
    }
    return this;
  }

  public MadeUpRun processorsBusy(double share) {
    recorder.processorsBusy(share);
    return this;
  }

  /** Records that a change is indexed now. */
  void indexed(int write) {
    recorder.record(Moment.INDEXED, write, now);
  }

  void at(Duration time) {
    now = time.toNanos();
  }

  RunRecorder recorder() {
    return recorder;
  }

  public Traffic traffic() {
    return traffic;
  }

  public LoadMeasurement measurement() {
    return LoadMeasurement.of(recorder, 2);
  }
}
