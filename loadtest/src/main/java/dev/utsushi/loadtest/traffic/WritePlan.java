package dev.utsushi.loadtest.traffic;

import dev.utsushi.loadtest.traffic.PlannedWrite.Operation;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * Every write of a load test: when, to which item, and what it does. Drawn before the run, so that
 * the same seed gives the same writes whatever happens in it.
 *
 * <p>An insert goes to the item of the key distribution. An update or a delete goes to the item of
 * an earlier write, all equally likely, which keeps each item's share. If that item is deleted by
 * then, it is inserted again.
 */
public final class WritePlan {

  /** An hour at 140 writes per second. Each write takes about 60 bytes until the run ends. */
  private static final int MAX_WRITES = 500_000;

  private static final int NONE = -1;

  private final PlannedTraffic traffic;
  private final int[] items;
  private final int[] bytes;
  private final Operation[] operations;

  /** The next write to the same item, or {@value #NONE}. */
  private final int[] next;

  /** The write before to the same item, or {@value #NONE}. */
  private final int[] previous;

  private WritePlan(PlannedTraffic traffic) {
    this.traffic = traffic;
    items = new int[traffic.size()];
    bytes = new int[traffic.size()];
    operations = new Operation[traffic.size()];
    next = new int[traffic.size()];
    previous = new int[traffic.size()];
    Arrays.fill(next, NONE);
  }

  static WritePlan of(Traffic traffic) {
    double expected = traffic.profile().expected();
    if (expected > MAX_WRITES) {
      throw new IllegalArgumentException(
          "%s is %,.0f writes; a load test takes at most %,d"
              .formatted(traffic.profile(), expected, MAX_WRITES));
    }
    var plan = new WritePlan(traffic.simulated(Duration.ZERO));
    plan.draw(traffic.mix(), traffic.size(), new SplittableRandom(traffic.seed() * 31 + 17));
    return plan;
  }

  private void draw(WriteMix mix, ItemSize size, SplittableRandom random) {
    Map<Integer, Integer> latest = new HashMap<>();
    for (int i = 0; i < items.length; i++) {
      Operation drawn = mix.draw(random);
      boolean insert = drawn == Operation.INSERT || i == 0;
      items[i] = insert ? traffic.item(i) : items[random.nextInt(i)];
      bytes[i] = size.draw(random);
      Integer before = latest.put(items[i], i);
      boolean exists = before != null && operations[before] != Operation.DELETE;
      operations[i] = exists ? drawn : Operation.INSERT;
      previous[i] = before == null ? NONE : before;
      if (before != null) {
        next[before] = i;
      }
    }
  }

  public int size() {
    return items.length;
  }

  public PlannedWrite write(int number) {
    return new PlannedWrite(
        number, traffic.nanos(number), items[number], operations[number], bytes[number]);
  }

  /**
   * Returns the delete that removes the item as this write left it; negative if there is none. The
   * stream record of a delete has the item as it was, and so the number of the write before.
   */
  public int deletedBy(int number) {
    int after = next[number];
    return after != NONE && operations[after] == Operation.DELETE ? after : NONE;
  }

  /** Returns the next write to the same item; negative if there is none. */
  public int next(int number) {
    return next[number];
  }

  /** Returns the write before to the same item; negative if there is none. */
  public int previous(int number) {
    return previous[number];
  }

  /** Returns when the traffic ends, in nanoseconds from the start. */
  public long endNanos() {
    return traffic.endNanos();
  }
}
