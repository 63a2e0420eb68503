package dev.utsushi.loadtest.measurement;

import java.util.List;

/**
 * The changes that were not indexed when the traffic ended.
 *
 * @param changes written and not indexed
 * @param most the greatest number of them at the end of any second of the traffic
 * @param growthPerSecond in the second half of the traffic
 * @param fallingBehind whether it would continue to grow: a lane is always busy (where lanes are
 *     observed), and it grew in the second half by more than a second's writes
 */
public record Backlog(int changes, int most, double growthPerSecond, boolean fallingBehind) {

  /** Below 1, because a lane is idle until it gets its next batch. */
  private static final double ALWAYS_BUSY = 0.85;

  /** The share of the rate above which growth is not chance. */
  private static final double GROWTH = 0.02;

  /** The same where lanes are not observed and nothing else rules out chance. */
  private static final double GROWTH_ALONE = 0.1;

  /**
   * @param lanes empty if lanes are not observed
   */
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
