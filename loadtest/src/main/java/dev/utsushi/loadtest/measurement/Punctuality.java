package dev.utsushi.loadtest.measurement;

import dev.utsushi.loadtest.measurement.RunRecorder.Moment;
import dev.utsushi.loadtest.units.LagHistogram;
import java.time.Duration;

/**
 * Whether writes were made as planned and, if not, what was late. Lags are counted from when a
 * write was sent, so that none of this is in them.
 *
 * @param dispatch from the schedule until the generator reached the write
 * @param waiting from there until it was sent: for the item's earlier write, or for capacity
 * @param table from there until it was acknowledged
 * @param failed writes that the table did not confirm
 */
public record Punctuality(
    LagHistogram dispatch, LagHistogram waiting, LagHistogram table, long failed) {

  /** What could not keep up with the planned traffic. */
  public enum Bottleneck {
    NONE,
    /** The machine that writes: too few processors for what it runs. */
    GENERATOR,
    /** The table was slow, so that writes waited for others. */
    TABLE
  }

  /** A later write is no longer the planned traffic. */
  private static final Duration LATE = Duration.ofMillis(100);

  /** A table usually answers within ten milliseconds or so. */
  private static final Duration SLOW = Duration.ofMillis(250);

  private static final double PERCENTILE = 99;

  static Punctuality of(RunRecorder recorder) {
    return new Punctuality(
        recorder.between(Moment.DUE, Moment.DISPATCHED),
        recorder.between(Moment.DISPATCHED, Moment.SENT),
        recorder.between(Moment.SENT, Moment.ACKNOWLEDGED),
        recorder.failedCount());
  }

  /** Returns the first stage that was late. */
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
