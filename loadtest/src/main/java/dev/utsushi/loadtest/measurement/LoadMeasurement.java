package dev.utsushi.loadtest.measurement;

import dev.utsushi.loadtest.measurement.RunRecorder.Invocation;
import dev.utsushi.loadtest.measurement.RunRecorder.Moment;
import dev.utsushi.loadtest.traffic.WritePlan;
import dev.utsushi.loadtest.units.LagHistogram;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * The figures of a load test.
 *
 * @param traffic how long writes were made
 * @param watched until the last change was indexed or waiting ended
 * @param planned writes
 * @param sent writes that were due before the run was interrupted
 * @param acknowledged writes that the table confirmed
 * @param arrived changes that are indexed
 * @param indexed lags from sending the write to the end of the invocation that processed it
 * @param fromSchedule the same from when the write was due: it includes the delays of the generator
 *     and the table
 * @param searchable lags of a sample from sending the write to a search that finds it
 * @param notFound of the sample, indexed and never found by a search, though not deleted since
 * @param invocationTime with its overhead, as the event source mapping waited for it
 * @param invocations during the traffic and after it
 * @param failedInvocations at least in part
 * @param recordsPerInvocation on average
 * @param iteratorAge the greatest, counted from sending the write
 * @param processorsBusy the share of this machine's processor time that was used during the
 *     traffic, from 0 to 1; 0 if it was not measured
 */
public record LoadMeasurement(
    Duration traffic,
    Duration watched,
    int planned,
    int sent,
    int acknowledged,
    int arrived,
    LagHistogram indexed,
    LagHistogram fromSchedule,
    LagHistogram searchable,
    int notFound,
    LagHistogram invocationTime,
    int invocations,
    int failedInvocations,
    double recordsPerInvocation,
    Duration iteratorAge,
    Backlog backlog,
    List<Second> seconds,
    List<LaneUse> lanes,
    Punctuality punctuality,
    double processorsBusy) {

  public LoadMeasurement {
    seconds = List.copyOf(seconds);
    lanes = List.copyOf(lanes);
  }

  /**
   * Returns the figures of what was recorded so far.
   *
   * @param lanes of the event source mapping; 0 where they are not observed
   */
  public static LoadMeasurement of(RunRecorder recorder, int lanes) {
    WritePlan plan = recorder.plan();
    long watched = Math.max(recorder.now(), 1);
    long traffic = Math.min(plan.endNanos(), watched);
    List<Second> seconds = Timeline.of(recorder, watched);
    List<Invocation> invocations = recorder.invocations();
    List<LaneUse> use = LaneUse.of(invocations, lanes, seconds.size(), traffic);
    // Whole ones: in the partial second of an interruption no lane looks busy.
    int trafficSeconds = Math.toIntExact(Math.max(1, traffic / 1_000_000_000L));
    return new LoadMeasurement(
        Duration.ofNanos(traffic),
        Duration.ofNanos(watched),
        plan.size(),
        recorder.count(Moment.DISPATCHED),
        recorder.count(Moment.ACKNOWLEDGED),
        recorder.count(Moment.INDEXED),
        recorder.between(Moment.SENT, Moment.INDEXED),
        recorder.between(Moment.DUE, Moment.INDEXED),
        recorder.between(Moment.SENT, Moment.FOUND),
        notFound(recorder),
        timesOf(invocations),
        invocations.size(),
        (int) invocations.stream().filter(Invocation::failed).count(),
        invocations.stream().mapToInt(Invocation::records).average().orElse(0),
        invocations.stream()
            .map(Invocation::iteratorAge)
            .max(Duration::compareTo)
            .orElse(Duration.ZERO),
        Backlog.of(seconds, use, trafficSeconds, plan.size() / (plan.endNanos() / 1e9)),
        seconds,
        use,
        Punctuality.of(recorder),
        recorder.processorsBusy());
  }

  private static int notFound(RunRecorder recorder) {
    return (int)
        SearchableProbe.sampleOf(recorder.plan()).stream()
            .filter(
                write ->
                    recorder.at(Moment.INDEXED, write) > 0 && recorder.at(Moment.FOUND, write) == 0)
            .count();
  }

  private static LagHistogram timesOf(List<Invocation> invocations) {
    var times = new LagHistogram();
    invocations.forEach(each -> times.record(each.endNanos() - each.startNanos()));
    return times;
  }

  /** Returns the invocation times for a plan; empty if nothing was invoked. */
  public Optional<InvocationMeasurement> invocation() {
    return invocations == 0
        ? Optional.empty()
        : Optional.of(InvocationMeasurement.of(invocationTime, recordsPerInvocation));
  }

  /** Returns how many writes were acknowledged and not indexed. */
  public int missing() {
    return Math.max(0, acknowledged - arrived);
  }

  /** Returns the writes per second that the table confirmed during the traffic. */
  public double writesPerSecond() {
    return acknowledged / (traffic.toNanos() / 1e9);
  }

  /** Returns the use of the busiest lane. */
  public double busiestLane() {
    return lanes.stream().mapToDouble(LaneUse::share).max().orElse(0);
  }
}
