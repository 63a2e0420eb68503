package dev.utsushi.loadtest.measurement;

import java.util.List;

/**
 * What was still on its way as the traffic ended.
 *
 * @param changes written and not indexed
 * @param most of them at the end of any second of the traffic
 * @param growthPerSecond in the second half of the traffic
 * @param fallingBehind whether it would go on growing: a lane never free (where lanes are seen),
 *     and more waiting in the end than in the middle, by more than a second's writes
 */
public record Backlog(int changes, int most, double growthPerSecond, boolean fallingBehind) {

  /** A lane has to be given its next batch, so that it is never busy all the time. */
  private static final double ALWAYS_BUSY = 0.85;

  /** Of the rate: what is more than chance. */
  private static final double GROWTH = 0.02;

  /** The same where lanes are not seen, so that nothing else speaks against chance. */
  private static final double GROWTH_ALONE = 0.1;

  /** Of a run; no lanes for one whose lanes are not seen. */
  static Backlog of(List<Second> seconds, List<LaneUse> lanes, int trafficSeconds, double rate) {
    int last = Math.min(trafficSeconds, seconds.size()) - 1;
    int middle = last / 2;
    int end = seconds.get(last).behind();
    int most = seconds.stream().limit(last + 1L).mapToInt(Second::behind).max().orElse(0);
    int grown = end - seconds.get(middle).behind();
    double busiest =
        lanes.stream().mapToDouble(lane -> lane.shareBetween(middle + 1, last + 1)).max().orElse(0);
    double growth = last == middle ? 0 : (double) grown / (last - middle);
    boolean growing =
        lanes.isEmpty()
            ? growth > GROWTH_ALONE * rate
            : busiest >= ALWAYS_BUSY && growth > GROWTH * rate;
    return new Backlog(end, most, growth, growing && end > rate);
  }
}
