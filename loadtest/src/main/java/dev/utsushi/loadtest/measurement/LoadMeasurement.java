package dev.utsushi.loadtest.measurement;

import dev.utsushi.loadtest.generator.Punctuality;
import dev.utsushi.loadtest.traffic.WritePlan;
import dev.utsushi.loadtest.units.LagHistogram;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What a load test found.
 *
 * @param traffic how long writes were made
 * @param watched until the last change had arrived, or watching was given up
 * @param planned writes
 * @param sent writes whose time came before the run was broken off
 * @param acknowledged writes that the table took
 * @param arrived changes that are indexed
 * @param indexed lags from sending the write to the return of the invocation that settled it
 * @param fromSchedule the same from the moment at which the write was due: what the generator's and
 *     the table's lateness add is in it
 * @param searchable lags of a sample from sending the write to a search that finds it
 * @param notFound of the sample, indexed and never found by a search, though not deleted since
 * @param invocationTime with its overhead, as the event source mapping waited for it
 * @param invocations in the traffic and after it
 * @param failedInvocations wholly or in part
 * @param recordsPerInvocation on average
 * @param iteratorAge the greatest, counted from sending the write
 * @param processors this machine's, while there was traffic
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
    ProcessorUse processors) {

  public LoadMeasurement {
    seconds = List.copyOf(seconds);
    lanes = List.copyOf(lanes);
  }

  /**
   * Of what was recorded up to now.
   *
   * @param lanes of the event source mapping; 0 where they are not seen
   */
  public static LoadMeasurement of(RunRecorder recorder, int lanes) {
    WritePlan plan = recorder.plan();
    long watched = Math.max(recorder.now(), 1);
    long traffic = Math.min(plan.endNanos(), watched);
    List<Second> seconds = Timeline.of(recorder, watched);
    List<InvocationRecord> invocations = recorder.invocations();
    List<LaneUse> use = LaneUse.of(invocations, lanes, seconds.size(), traffic);
    int trafficSeconds = Math.toIntExact(Math.ceilDiv(traffic, 1_000_000_000L));
    var lags = Lags.of(recorder);
    return new LoadMeasurement(
        Duration.ofNanos(traffic),
        Duration.ofNanos(watched),
        plan.size(),
        recorder.times().dispatchedCount(),
        recorder.times().acknowledgedCount(),
        recorder.indexedCount(),
        lags.indexed(),
        lags.fromSchedule(),
        lags.searchable(),
        lags.notFound(),
        timesOf(invocations),
        invocations.size(),
        (int) invocations.stream().filter(InvocationRecord::failed).count(),
        invocations.stream().mapToInt(InvocationRecord::records).average().orElse(0),
        invocations.stream()
            .map(InvocationRecord::iteratorAge)
            .max(Duration::compareTo)
            .orElse(Duration.ZERO),
        Backlog.of(seconds, use, trafficSeconds, plan.size() / (plan.endNanos() / 1e9)),
        seconds,
        use,
        Punctuality.of(plan, recorder.times()),
        recorder.processors());
  }

  private static LagHistogram timesOf(List<InvocationRecord> invocations) {
    var times = new LagHistogram();
    invocations.forEach(each -> times.record(each.endNanos() - each.startNanos()));
    return times;
  }

  /** For a plan; empty if nothing was invoked. */
  public Optional<InvocationMeasurement> invocation() {
    return invocations == 0
        ? Optional.empty()
        : Optional.of(InvocationMeasurement.of(invocationTime, recordsPerInvocation));
  }

  /** Written and not indexed when watching ended. */
  public int missing() {
    return Math.max(0, acknowledged - arrived);
  }

  /** Writes a second that the table took while there was traffic. */
  public double writesPerSecond() {
    return acknowledged / (traffic.toNanos() / 1e9);
  }

  /** Of the lane that was used most. */
  public double busiestLane() {
    return lanes.stream().mapToDouble(LaneUse::share).max().orElse(0);
  }
}
