package dev.utsushi.loadtest.simulation;

import dev.utsushi.loadtest.arrivals.ArrivalPattern;
import dev.utsushi.loadtest.arrivals.ArrivalProfile;
import dev.utsushi.loadtest.arrivals.Arrivals;
import dev.utsushi.loadtest.keys.KeyDistribution;
import dev.utsushi.loadtest.keys.Keys;
import java.time.Duration;
import java.util.Arrays;

/** Writes, each with its time and its item. Drawn once and then used for every setting alike. */
public final class Workload {

  /** Some ten minutes of all that ten shards take; each costs the memory of two numbers. */
  private static final int MOST_WRITES = 10_000_000;

  private final long[] times;
  private final int[] items;
  private final long warmUpNanos;
  private final long endNanos;

  private Workload(long[] times, int[] items, Duration warmUp, Duration end) {
    this.times = times;
    this.items = items;
    warmUpNanos = warmUp.toNanos();
    endNanos = end.toNanos();
  }

  /**
   * Draws writes. Same arguments, same writes.
   *
   * @param profile without the warm-up, which comes before it at its first rate
   * @param warmUp for so long writes are made but not measured
   * @throws IllegalArgumentException if there are too many of them to hold, or none
   */
  public static Workload of(
      ArrivalProfile profile,
      ArrivalPattern pattern,
      KeyDistribution distribution,
      Duration warmUp,
      long seed) {
    ArrivalProfile whole = profile.after(warmUp);
    if (whole.expected() > MOST_WRITES) {
      throw new IllegalArgumentException(
          "%s is %,.0f writes, and %,d is the most that can be simulated"
              .formatted(profile, whole.expected(), MOST_WRITES));
    }
    long[] times = times(new Arrivals(whole, pattern, seed), (int) whole.expected() + 16);
    if (times.length == 0) {
      throw new IllegalArgumentException(profile + " is not a single write");
    }
    var keys = new Keys(distribution, ~seed);
    int[] items = new int[times.length];
    Arrays.setAll(items, _ -> keys.getAsInt());
    return new Workload(times, items, warmUp, whole.duration());
  }

  private static long[] times(Arrivals arrivals, int about) {
    long[] times = new long[about];
    int count = 0;
    while (arrivals.hasNext()) {
      if (count == times.length) {
        times = Arrays.copyOf(times, count + count / 2);
      }
      times[count++] = arrivals.nextLong();
    }
    return Arrays.copyOf(times, count);
  }

  /** How many writes there are, warm-up included. */
  public int size() {
    return times.length;
  }

  /** When the write happens, in nanoseconds from the start of the warm-up. */
  public long nanos(int write) {
    return times[write];
  }

  /** The number of the item that is written. */
  public int item(int write) {
    return items[write];
  }

  /** When measuring starts. */
  public long warmUpNanos() {
    return warmUpNanos;
  }

  /** When the last phase ends, and measuring with it. */
  public long endNanos() {
    return endNanos;
  }
}
