package dev.utsushi.outbox.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import dev.utsushi.outbox.protocol.EventState.Discarded;
import dev.utsushi.outbox.protocol.EventState.Marked;
import dev.utsushi.outbox.protocol.EventState.OnParked;
import dev.utsushi.outbox.protocol.EventState.Parked;
import dev.utsushi.outbox.protocol.EventState.Waiting;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Goes through every interleaving of small histories: stream relays with the same and other
 * batches, pollers that take a lease for over at any time, a crash at each step, replies that are
 * lost before and after the effect, an operator.
 */
final class InterleavingTest {

  @ParameterizedTest
  @CsvSource({
    // events, poison, what the key does, deliveries, polls, operator, faults, crashes, at once
    "2, 0, KEY_WAITS, 1 2|1 2, 2, 0, 1, 1, 3",
    "2, 0, KEY_WAITS, 1|2|1 2, 2, 0, 1, 1, 3",
    "3, 0, KEY_WAITS, 1 2|2 3, 1, 0, 1, 1, 3",
    "3, 2, KEY_WAITS, 1 2 3, 3, 1, 1, 1, 2",
    "3, 2, KEY_GOES_ON, 1 2|3, 2, 1, 1, 1, 2",
    "2, 1, KEY_GOES_ON, 1 2|2, 2, 1, 1, 1, 3",
    "2, 1, KEY_WAITS, 1|2, 3, 1, 1, 1, 3"
  })
  void everyHistoryEndsWell(
      int events,
      long poison,
      OnParked onParked,
      String deliveries,
      int polls,
      int decisions,
      int faults,
      int crashes,
      int workersAtOnce) {
    var setup = new World.Setup(events, poison, onParked, workersAtOnce);
    World start =
        new World(
            setup,
            List.of(),
            List.of(),
            Set.of(),
            deliveries(deliveries),
            List.of(),
            polls,
            decisions,
            faults,
            crashes);
    long worlds = explore(start);
    assertThat(worlds).isGreaterThan(1000);
  }

  private static List<List<Long>> deliveries(String text) {
    return List.of(text.split("\\|")).stream()
        .map(batch -> List.of(batch.split(" ")).stream().map(Long::valueOf).toList())
        .toList();
  }

  private static long explore(World start) {
    Set<World> seen = new HashSet<>(Set.of(start));
    Deque<World> open = new ArrayDeque<>(List.of(start));
    while (!open.isEmpty()) {
      World world = open.pop();
      checkAlways(world);
      // Whatever is running may die here: then a new poller must find everything.
      checkSettled(world);
      for (World next : world.next()) {
        if (seen.add(next)) {
          open.push(next);
        }
      }
    }
    return seen.size();
  }

  private static void checkAlways(World world) {
    Set<Long> before = new TreeSet<>();
    for (long sequence : world.published()) {
      for (long earlier = 1; earlier < sequence; earlier++) {
        assertThat(before.contains(earlier) || world.excused().contains(earlier))
            .as("%d went past %d in %s", sequence, earlier, world)
            .isTrue();
      }
      before.add(sequence);
    }
    for (EventRow row : world.rows()) {
      assertThat(row.state() instanceof Marked && !before.contains(row.sequence()))
          .as("marked and not published: %s in %s", row, world)
          .isFalse();
    }
  }

  private static void checkSettled(World world) {
    World settled = world.settled();
    checkAlways(settled);
    boolean parked = false;
    for (EventRow row : settled.rows()) {
      parked |= row.state() instanceof Parked;
      boolean fine =
          switch (row.state()) {
            case Marked _ -> true;
            case Discarded _ -> row.sequence() == world.setup().poison();
            case Parked _ -> row.sequence() == world.setup().poison();
            case Waiting _ -> parked && world.setup().onParked() == OnParked.KEY_WAITS;
            case EventState.Written _, EventState.Leased _ -> false;
          };
      assertThat(fine).as("%s in the end, after %s", row, world).isTrue();
    }
  }
}
