package dev.utsushi.faults.nemesis;

import dev.utsushi.faults.nemesis.Fault.Lane;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * The faults of a run and their times, by lane. Each lane goes through all of its faults in a
 * random order, then again in another, so that a short run has every fault at least once.
 */
public record FaultSchedule(Map<Lane, List<Slot>> lanes) {
  /** Where there is time for it: a function's JVM needs a while to start again. */
  private static final Duration COMFORTABLE = Duration.ofMillis(2_500);

  /**
   * An engine that is more down than up would hide what the other lanes do, and so would workers: a
   * new one waits for the leases of one that was killed.
   */
  private static final Duration COMFORTABLE_FOR_RESTARTS = Duration.ofMillis(7_500);

  /**
   * One fault of the schedule.
   *
   * @param at the earliest time, from the start; later if the fault before it takes longer
   * @param length how long the fault lasts, if it lasts
   * @param seed for everything else that is random about it
   */
  record Slot(Fault fault, Duration at, Duration length, long seed) {}

  /**
   * Returns the same schedule for the same arguments.
   *
   * @param workers whether stream workers consume the stream, and not a mapping
   */
  public static FaultSchedule of(long seed, Duration duration, boolean workers) {
    Random random = new Random(seed);
    Map<Lane, List<Slot>> lanes = new EnumMap<>(Lane.class);
    for (Lane lane : Lane.values()) {
      lanes.put(lane, slots(Fault.of(lane, workers), duration, comfortable(lane, workers), random));
    }
    return new FaultSchedule(lanes);
  }

  private static Duration comfortable(Lane lane, boolean workers) {
    return switch (lane) {
      case ENGINE -> COMFORTABLE_FOR_RESTARTS;
      case FUNCTION, STREAM -> workers ? COMFORTABLE_FOR_RESTARTS : COMFORTABLE;
      case LINE, DELIVERY, QUEUE, RUN -> COMFORTABLE;
    };
  }

  private static List<Slot> slots(
      List<Fault> faults, Duration duration, Duration comfortable, Random random) {
    long rounds = Math.max(1, duration.dividedBy(comfortable) / faults.size());
    int count = Math.toIntExact(rounds * faults.size());
    long slot = duration.toMillis() / count;
    List<Slot> slots = new ArrayList<>(count);
    List<Fault> order = new ArrayList<>(faults);
    for (int i = 0; i < count; i++) {
      if (i % order.size() == 0) {
        Collections.shuffle(order, random);
      }
      long start = i * slot + random.nextLong(slot / 3 + 1);
      long length = slot / 4 + random.nextLong(slot / 4 + 1);
      slots.add(
          new Slot(
              order.get(i % order.size()),
              Duration.ofMillis(start),
              Duration.ofMillis(length),
              random.nextLong()));
    }
    return List.copyOf(slots);
  }
}
