package dev.utsushi.loadtest.measurement;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * How busy a lane was with invocations, without the waits between retries.
 *
 * @param lane from 0 on
 * @param share of the time of the traffic, 0 to 1
 * @param perSecond of each second of the run, 0 to 1
 */
public record LaneUse(int lane, double share, List<Double> perSecond) {
  private static final double NANOS_PER_SECOND = 1e9;

  public LaneUse {
    perSecond = List.copyOf(perSecond);
  }

  /**
   * Returns the use of every lane, unused ones included.
   *
   * @param seconds the length of the run
   * @param trafficNanos when the traffic ended
   */
  static List<LaneUse> of(
      List<RunRecorder.Invocation> invocations, int lanes, int seconds, long trafficNanos) {
    double[][] busy = new double[lanes][seconds];
    double[] inTraffic = new double[lanes];
    for (RunRecorder.Invocation each : invocations) {
      spread(each, busy[each.lane()]);
      long end = Math.min(each.endNanos(), trafficNanos);
      inTraffic[each.lane()] += Math.max(0, end - Math.max(0, each.startNanos()));
    }
    List<LaneUse> use = new ArrayList<>();
    for (int i = 0; i < lanes; i++) {
      use.add(
          new LaneUse(
              i,
              Math.min(1, inTraffic[i] / trafficNanos),
              Arrays.stream(busy[i]).map(share -> Math.min(1, share)).boxed().toList()));
    }
    return use;
  }

  private static void spread(RunRecorder.Invocation invocation, double[] busy) {
    double start = Math.max(0, invocation.startNanos() / NANOS_PER_SECOND);
    double end = Math.min(busy.length, invocation.endNanos() / NANOS_PER_SECOND);
    for (int second = (int) start; second < end; second++) {
      busy[second] += Math.min(end, second + 1) - Math.max(start, second);
    }
  }

  /** Returns the average share of the seconds from {@code from} to before {@code to}. */
  double shareBetween(int from, int to) {
    return perSecond
        .subList(Math.min(from, perSecond.size()), Math.min(to, perSecond.size()))
        .stream()
        .mapToDouble(Double::doubleValue)
        .average()
        .orElse(0);
  }
}
