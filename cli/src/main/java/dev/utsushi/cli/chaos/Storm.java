package dev.utsushi.cli.chaos;

import dev.utsushi.cli.chaos.FaultKind.Lane;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * The faults of a storm and their times, by lane. Each lane goes through all of its kinds in a
 * random order, then again in another, so that a short storm has every kind once.
 */
record Storm(Map<Lane, List<Strike>> lanes) {
  /** Where there is time for it: a function's JVM takes its time to come back. */
  private static final Duration COMFORTABLE = Duration.ofMillis(2_500);

  /** An engine that is more down than up would hide what the other lanes do. */
  private static final Duration COMFORTABLE_FOR_THE_ENGINE = Duration.ofMillis(7_500);

  static Storm of(long seed, Duration duration) {
    Random random = new Random(seed);
    Map<Lane, List<Strike>> lanes = new EnumMap<>(Lane.class);
    for (Lane lane : Lane.values()) {
      Duration slot = lane == Lane.ENGINE ? COMFORTABLE_FOR_THE_ENGINE : COMFORTABLE;
      lanes.put(lane, strikes(lane.kinds(), duration, slot, random));
    }
    return new Storm(lanes);
  }

  private static List<Strike> strikes(
      List<FaultKind> kinds, Duration duration, Duration comfortable, Random random) {
    long rounds = Math.max(1, duration.dividedBy(comfortable) / kinds.size());
    int count = Math.toIntExact(rounds * kinds.size());
    long slot = duration.toMillis() / count;
    List<Strike> strikes = new ArrayList<>(count);
    List<FaultKind> order = new ArrayList<>(kinds);
    for (int i = 0; i < count; i++) {
      if (i % order.size() == 0) {
        Collections.shuffle(order, random);
      }
      long start = i * slot + random.nextLong(slot / 3 + 1);
      long length = slot / 4 + random.nextLong(slot / 4 + 1);
      strikes.add(
          new Strike(
              order.get(i % order.size()),
              Duration.ofMillis(start),
              Duration.ofMillis(length),
              random.nextLong()));
    }
    return List.copyOf(strikes);
  }
}
