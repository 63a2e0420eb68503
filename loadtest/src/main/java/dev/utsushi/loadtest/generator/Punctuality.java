package dev.utsushi.loadtest.generator;

import dev.utsushi.loadtest.traffic.WritePlan;
import dev.utsushi.loadtest.units.LagHistogram;
import java.time.Duration;

/**
 * Whether writes were made as planned; if not, whose doing it was. Lags are counted from the moment
 * a write was sent to the table, so none of this is in them.
 *
 * @param dispatch from the schedule until the generator came to the write
 * @param waiting from there until it was sent: for the item's earlier write, or for room
 * @param table from there until it was acknowledged
 * @param failed writes that the table did not take
 */
public record Punctuality(
    LagHistogram dispatch, LagHistogram waiting, LagHistogram table, long failed) {

  /** Who could not keep up with the planned traffic. */
  public enum Bottleneck {
    NONE,
    /** The machine that writes: too few processors for what it runs. */
    GENERATOR,
    /** The table took long, so that writes waited for others. */
    TABLE
  }

  /** Later than that, and the traffic was not the planned one. */
  private static final Duration LATE = Duration.ofMillis(100);

  /** A table answers in some ten milliseconds. */
  private static final Duration SLOW = Duration.ofMillis(250);

  private static final double PERCENTILE = 99;

  /** Of all writes that were sent. */
  public static Punctuality of(WritePlan plan, WriteTimes times) {
    var dispatch = new LagHistogram();
    var waiting = new LagHistogram();
    var table = new LagHistogram();
    for (int i = 0; i < plan.size(); i++) {
      long dispatched = times.dispatchedAt(i);
      long started = times.startedAt(i);
      long acknowledged = times.acknowledgedAt(i);
      if (dispatched > 0) {
        dispatch.record(dispatched - plan.write(i).scheduledNanos());
      }
      if (started > 0) {
        waiting.record(started - dispatched);
      }
      if (acknowledged > 0) {
        table.record(acknowledged - started);
      }
    }
    return new Punctuality(dispatch, waiting, table, times.failedCount());
  }

  /** The first link of the chain that was late. */
  public Bottleneck bottleneck() {
    if (isLate(dispatch, LATE)) {
      return Bottleneck.GENERATOR;
    }
    return failed > 0 || isLate(waiting, LATE) || isLate(table, SLOW)
        ? Bottleneck.TABLE
        : Bottleneck.NONE;
  }

  private static boolean isLate(LagHistogram lags, Duration most) {
    return lags.percentile(PERCENTILE).compareTo(most) > 0;
  }
}
