package dev.utsushi.cli.chaos;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * What happened, to each item and to everything, in the order of time. Bounded: of an item that
 * much happened to, and of faults, the oldest are forgotten first. Holds keys and versions, never
 * content.
 */
final class Journal {
  private static final int MOST_OF_AN_ITEM = 400;
  private static final int MOST_FAULTS = 20_000;

  /** Faults that are near enough to something that happened to an item to matter to it. */
  private static final Duration AROUND = Duration.ofMillis(500);

  private record Entry(Instant at, String text) {}

  private final Map<ItemName, Deque<Entry>> items = new HashMap<>();
  private final Deque<Entry> faults = new ArrayDeque<>();
  private final InstantSource clock;
  private final Instant start;
  private final Consumer<String> echo;

  /** Faults go to the echo too. */
  Journal(InstantSource clock, Consumer<String> echo) {
    this.clock = clock;
    this.echo = echo;
    this.start = clock.instant();
  }

  synchronized void item(ItemName item, String text) {
    var entries = items.computeIfAbsent(item, _ -> new ArrayDeque<>());
    add(entries, text, MOST_OF_AN_ITEM);
  }

  synchronized void fault(String text) {
    add(faults, text, MOST_FAULTS);
    echo.accept(line(faults.getLast()));
  }

  private void add(Deque<Entry> entries, String text, int most) {
    if (entries.size() == most) {
      entries.removeFirst();
    }
    entries.addLast(new Entry(clock.instant(), text));
  }

  /** All about an item, and the faults around it. */
  synchronized List<String> history(ItemName item) {
    Deque<Entry> own = items.getOrDefault(item, new ArrayDeque<>());
    List<Entry> entries = new ArrayList<>(own);
    faults.stream().filter(fault -> isNear(fault, own)).forEach(entries::add);
    entries.sort(Comparator.comparing(Entry::at));
    return entries.stream().map(this::line).toList();
  }

  synchronized List<String> faults() {
    return faults.stream().map(this::line).toList();
  }

  private static boolean isNear(Entry fault, Deque<Entry> entries) {
    return entries.stream()
        .anyMatch(entry -> Duration.between(fault.at(), entry.at()).abs().compareTo(AROUND) <= 0);
  }

  private String line(Entry entry) {
    double seconds = Duration.between(start, entry.at()).toMillis() / 1000.0;
    return "%9.3f s  %s".formatted(seconds, entry.text());
  }
}
