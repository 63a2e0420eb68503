package dev.utsushi.loadtest.traffic;

import java.time.Duration;
import java.util.Arrays;
import java.util.Spliterators;
import java.util.function.IntSupplier;
import java.util.stream.StreamSupport;

/** The time and the item of every write. Drawn once and used for each setting of a plan. */
public final class PlannedTraffic {

  /** About ten minutes of the most that ten shards take. Each write takes 12 bytes. */
  private static final int MAX_WRITES = 10_000_000;

  private final Traffic traffic;
  private final Duration warmUp;
  private final long[] times;
  private final int[] items;

  private PlannedTraffic(Traffic traffic, Duration warmUp, long[] times, int[] items) {
    this.traffic = traffic;
    this.warmUp = warmUp;
    this.times = times;
    this.items = items;
  }

  static PlannedTraffic of(Traffic traffic, Duration warmUp) {
    ArrivalProfile whole = traffic.profile().after(warmUp);
    if (whole.expected() > MAX_WRITES) {
      throw new IllegalArgumentException(
          "%s is %,.0f writes; a simulation takes at most %,d"
              .formatted(traffic.profile(), whole.expected(), MAX_WRITES));
    }
    var arrivals = new Arrivals(whole, traffic.pattern(), traffic.seed());
    long[] times =
        StreamSupport.longStream(Spliterators.spliteratorUnknownSize(arrivals, 0), false).toArray();
    if (times.length == 0) {
      throw new IllegalArgumentException(traffic.profile() + " is less than one write");
    }
    IntSupplier keys = traffic.keys().draws(~traffic.seed());
    int[] items = new int[times.length];
    Arrays.setAll(items, _ -> keys.getAsInt());
    return new PlannedTraffic(traffic, warmUp, times, items);
  }

  /** Returns what the writes were drawn from. */
  public Traffic traffic() {
    return traffic;
  }

  public Duration warmUp() {
    return warmUp;
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

  /** Returns when the last phase ends, and measuring with it. */
  public long endNanos() {
    return warmUp.plus(traffic.profile().duration()).toNanos();
  }
}
