package dev.utsushi.loadtest.measurement;

import dev.utsushi.loadtest.generator.WriteTimes;
import dev.utsushi.loadtest.traffic.ArrivalPattern;
import dev.utsushi.loadtest.traffic.ArrivalProfile;
import dev.utsushi.loadtest.traffic.ItemSize;
import dev.utsushi.loadtest.traffic.KeyDistribution;
import dev.utsushi.loadtest.traffic.PlannedWrite.Operation;
import dev.utsushi.loadtest.traffic.Traffic;
import dev.utsushi.loadtest.traffic.WriteMix;
import dev.utsushi.loadtest.traffic.WritePlan;
import java.time.Duration;
import java.util.List;

/** A run on a clock of its own: one lane, batch size 1, every write sent when it is due. */
public final class MadeUpRun {
  private static final long MILLI = 1_000_000;

  private final Traffic traffic;
  private final WritePlan plan;
  private final WriteTimes times;
  private final RunRecorder recorder;
  private volatile long now;

  /** With the activity log's mix on a few items, so that some are updated and deleted. */
  public MadeUpRun(int writesPerSecond, int seconds) {
    traffic =
        new Traffic(
            ArrivalProfile.steady(writesPerSecond, Duration.ofSeconds(seconds)),
            ArrivalPattern.CONSTANT,
            new KeyDistribution.Uniform(50),
            WriteMix.ACTIVITY_LOG,
            ItemSize.DEFAULT,
            1);
    plan = traffic.plan();
    times = new WriteTimes(plan.size());
    recorder = new RunRecorder(plan, times, () -> now);
    for (int i = 0; i < plan.size(); i++) {
      long due = plan.write(i).scheduledNanos();
      times.dispatched(i, due + 1);
      times.started(i, due + 1);
      times.acknowledged(i, due + 5 * MILLI);
    }
  }

  /** Each change in turn, with invocations one after the other that take so long. */
  public MadeUpRun index(int invocationMillis) {
    for (int i = 0; i < plan.size(); i++) {
      long start = Math.max(now, times.startedAt(i) + 100 * MILLI);
      now = start;
      Duration age = recorder.ageOf(i);
      long end = start + invocationMillis * MILLI;
      now = end;
      recorder.indexed(List.of(delivered(i)));
      recorder.invoked(new InvocationRecord(0, start, end, 1, age, false));
      recorder.found(i, end + 200 * MILLI);
    }
    return this;
  }

  public MadeUpRun processors(double busy, double stolen) {
    recorder.processors(new ProcessorUse(busy, stolen));
    return this;
  }

  /** As the stream has it: a removal has the number of the write before. */
  DeliveredChange delivered(int write) {
    if (plan.write(write).operation() != Operation.DELETE) {
      return new DeliveredChange(Integer.toString(write), write, false);
    }
    for (int i = 0; i < write; i++) {
      if (plan.deletedBy(i) == write) {
        return new DeliveredChange(Integer.toString(write), i, true);
      }
    }
    throw new IllegalStateException("a deletion of nothing");
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
