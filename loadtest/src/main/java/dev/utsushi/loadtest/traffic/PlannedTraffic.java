package dev.utsushi.loadtest.traffic;

import java.time.Duration;
import java.util.Arrays;
import java.util.function.IntSupplier;

/** The time and the item of every write. Drawn once and used for each setting of a plan. */
public final class PlannedTraffic {

  /** About ten minutes of the most that ten shards take. Each write takes 12 bytes. */
  private static final int MAX_WRITES = 10_000_000;

  private final long[] times;
  private final int[] items;
  private final long warmUpNanos;
  private final long endNanos;

  private PlannedTraffic(long[] times, int[] items, Duration warmUp, Duration end) {
    this.times = times;
    this.items = items;
    warmUpNanos = warmUp.toNanos();
    endNanos = end.toNanos();
  }

  static PlannedTraffic of(Traffic traffic, Duration warmUp) {
    ArrivalProfile whole = traffic.profile().after(warmUp);
    if (whole.expected() > MAX_WRITES) {
      throw new IllegalArgumentException(
          "%s is %,.0f writes; a simulation takes at most %,d"
              .formatted(traffic.profile(), whole.expected(), MAX_WRITES));
    }
    var arrivals = new Arrivals(whole, traffic.pattern(), traffic.seed());
    long[] times = times(arrivals, (int) whole.expected() + 16);
    if (times.length == 0) {
      throw new IllegalArgumentException(traffic.profile() + " is less than one write");
    }
    IntSupplier keys = traffic.keys().draws(~traffic.seed());
    int[] items = new int[times.length];
    Arrays.setAll(items, _ -> keys.getAsInt());
    return new PlannedTraffic(times, items, warmUp, whole.duration());
  }

  private static long[] times(Arrivals arrivals, int expected) {
    long[] times = new long[expected];
    int count = 0;
    while (arrivals.hasNext()) {
      if (count == times.length) {
        times = Arrays.copyOf(times, count + count / 2);
      }
      times[count++] = arrivals.nextLong();
    }
    return Arrays.copyOf(times, count);
  }

  /** Returns the number of writes, warm-up included. */
  public int size() {
    return times.length;
  }

  /** Returns when the write happens, in nanoseconds from the start of the warm-up. */
  public long nanos(int write) {
    return times[write];
  }

  /** Returns the number of the item that is written. */
  public int item(int write) {
    return items[write];
  }

  /** Returns when the warm-up ends and measuring starts. */
  public long warmUpNanos() {
    return warmUpNanos;
  }

  /** Returns when the last phase ends, and measuring with it. */
  public long endNanos() {
    return endNanos;
  }
}
