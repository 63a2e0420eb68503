package dev.utsushi.loadtest.generator;

import dev.utsushi.loadtest.simulation.Workload;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * Every write of a run: when, to which item, what. Drawn before the run, so that the same seed
 * gives the same writes whatever happens in it; the times are those of the workload that a plan
 * simulates.
 *
 * <p>An insert goes to the workload's item. An update or a delete goes to the item of some earlier
 * write, all as likely, which keeps each item's share as the key distribution has it; if that item
 * is deleted by then it is inserted again.
 */
public final class WritePlan {

  /** An hour at 140 writes a second; each write costs some 60 bytes until the run's end. */
  public static final int MOST_WRITES = 500_000;

  private static final int NONE = -1;

  private final Workload workload;
  private final int[] items;
  private final int[] bytes;
  private final Operation[] operations;

  /** The next write to the same item, or {@value #NONE}. */
  private final int[] next;

  private WritePlan(Workload workload) {
    this.workload = workload;
    items = new int[workload.size()];
    bytes = new int[workload.size()];
    operations = new Operation[workload.size()];
    next = new int[workload.size()];
    Arrays.fill(next, NONE);
  }

  /**
   * Draws the writes. Same arguments, same writes.
   *
   * @throws IllegalArgumentException if there are more than {@value #MOST_WRITES}
   */
  public static WritePlan of(Workload workload, WriteMix mix, ItemSize size, long seed) {
    if (workload.size() > MOST_WRITES) {
      throw new IllegalArgumentException(
          "%,d writes are too many for a load test here, which takes %,d"
              .formatted(workload.size(), MOST_WRITES));
    }
    var plan = new WritePlan(workload);
    plan.draw(mix, size, new SplittableRandom(seed * 31 + 17));
    return plan;
  }

  private void draw(WriteMix mix, ItemSize size, SplittableRandom random) {
    Map<Integer, Integer> latest = new HashMap<>();
    for (int i = 0; i < items.length; i++) {
      Operation drawn = mix.draw(random);
      boolean fresh = drawn == Operation.INSERT || i == 0;
      items[i] = fresh ? workload.item(i) : items[random.nextInt(i)];
      bytes[i] = size.draw(random);
      Integer before = latest.put(items[i], i);
      boolean standing = before != null && operations[before] != Operation.DELETE;
      operations[i] = standing ? drawn : Operation.INSERT;
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
        number, workload.nanos(number), items[number], operations[number], bytes[number]);
  }

  /**
   * The delete that removes the item as this write left it; negative if none does. A delete's
   * stream record has the item as it was, and so the number of the write before.
   */
  public int deletedBy(int number) {
    int after = next[number];
    return after != NONE && operations[after] == Operation.DELETE ? after : NONE;
  }

  /** The next write to the same item; negative if there is none. */
  public int next(int number) {
    return next[number];
  }

  /** How many writes do that. */
  public long count(Operation operation) {
    return Arrays.stream(operations).filter(each -> each == operation).count();
  }

  /** When the traffic ends, in nanoseconds from the start. */
  public long endNanos() {
    return workload.endNanos();
  }

  /** The times and items that the plan was drawn from. */
  public Workload workload() {
    return workload;
  }
}
