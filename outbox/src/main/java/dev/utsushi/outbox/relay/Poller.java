package dev.utsushi.outbox.relay;

import dev.utsushi.outbox.event.EventKey;
import dev.utsushi.outbox.protocol.PollerRun;
import dev.utsushi.outbox.table.EventTable;
import dev.utsushi.outbox.table.OpenEvent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Publishes what is in the index of unpublished events for too long. Beside a stream relay it takes
 * what that one left; alone, it takes everything.
 *
 * <p>It compares no times of other machines: it waits from when it first saw an event at a
 * revision, by its own clock. A poller that has just started waits again. Used by one thread.
 */
public final class Poller {
  private static final int MOST_WAITING = 1000;
  private static final int KEYS_AT_ONCE = 256;

  private record Seen(EventKey place, long revision) {}

  private final EventTable table;
  private final Waves waves;
  private final Patience patience;
  private final PollerRun.Rules rules;
  private final LongSupplier nanoTime;
  private Map<Seen, Long> firstSeen = new HashMap<>();
  private @Nullable OpenEvent lastWaiting;

  /**
   * Creates a poller.
   *
   * @param nanoTime a clock that only goes forward, like {@link System#nanoTime}
   */
  public Poller(
      EventTable table,
      Waves waves,
      Patience patience,
      PollerRun.Rules rules,
      LongSupplier nanoTime) {
    this.table = table;
    this.waves = waves;
    this.patience = patience;
    this.rules = rules;
    this.nanoTime = nanoTime;
  }

  /**
   * Looks at the index once, and publishes what has waited long enough.
   *
   * @return how many events were in the index that had been there at the look before
   */
  public int look(BooleanSupplier mayGoOn) throws InterruptedException {
    List<OpenEvent> open = table.look();
    int remained = observe(open);
    List<KeyWork> works = due(open);
    for (int from = 0; from < works.size(); from += KEYS_AT_ONCE) {
      waves.run(works.subList(from, Math.min(from + KEYS_AT_ONCE, works.size())), mayGoOn);
    }
    return remained;
  }

  private int observe(List<OpenEvent> open) {
    long now = nanoTime.getAsLong();
    Map<Seen, Long> seen = HashMap.newHashMap(open.size());
    int remained = 0;
    for (OpenEvent event : open) {
      var key = new Seen(event.place(), event.revision());
      @Nullable Long first = firstSeen.get(key);
      remained += first == null ? 0 : 1;
      seen.put(key, first == null ? now : first);
    }
    firstSeen = seen;
    return remained;
  }

  /** Only a key's first event in the index may be next: the others come after it in its run. */
  private List<KeyWork> due(List<OpenEvent> open) {
    Map<String, OpenEvent> firsts = new HashMap<>();
    for (OpenEvent event : open) {
      firsts.merge(event.place().key(), event, Poller::earlier);
    }
    for (OpenEvent event : waiting()) {
      firsts.merge(event.place().key(), event, Poller::earlier);
    }
    long now = nanoTime.getAsLong();
    List<OpenEvent> due = new ArrayList<>();
    for (OpenEvent event : firsts.values()) {
      long since = firstSeen.getOrDefault(new Seen(event.place(), event.revision()), now);
      if (Duration.ofNanos(now - since).compareTo(patience.with(event.state())) >= 0) {
        due.add(event);
      }
    }
    return due.stream()
        .sorted(Comparator.comparing(OpenEvent::createdAt))
        .map(event -> new KeyWork(event.place().key(), run(event)))
        .toList();
  }

  private PollerRun run(OpenEvent event) {
    return PollerRun.of(event.place().sequence(), event.revision(), rules);
  }

  private static OpenEvent earlier(OpenEvent left, OpenEvent right) {
    return left.place().sequence() <= right.place().sequence() ? left : right;
  }

  /** A part of them at each look, since a parked event may hold up any number. */
  private List<OpenEvent> waiting() {
    List<OpenEvent> waiting = table.waiting(lastWaiting, MOST_WAITING);
    lastWaiting = waiting.size() < MOST_WAITING ? null : waiting.getLast();
    return waiting;
  }
}
