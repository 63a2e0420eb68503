package dev.utsushi.outbox.protocol;

import dev.utsushi.outbox.protocol.EventState.Discarded;
import dev.utsushi.outbox.protocol.EventState.Leased;
import dev.utsushi.outbox.protocol.EventState.Marked;
import dev.utsushi.outbox.protocol.EventState.OnParked;
import dev.utsushi.outbox.protocol.EventState.Parked;
import dev.utsushi.outbox.protocol.EventState.Waiting;
import dev.utsushi.outbox.protocol.EventState.Written;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * One key's table rows, the broker, and everybody who works on them, at one moment. {@link #next}
 * lists all moments that may follow.
 *
 * @param rows by sequence, from 1, without gaps
 * @param published in the order in which the broker took them for the first time
 * @param excused events that were parked or discarded at some time
 * @param faults how many more replies may be lost or bad
 * @param crashes how many more workers may die
 */
record World(
    Setup setup,
    List<EventRow> rows,
    List<Long> published,
    Set<Long> excused,
    List<List<Long>> deliveries,
    List<KeyRun> running,
    int polls,
    int decisions,
    int faults,
    int crashes) {

  /**
   * What may happen.
   *
   * @param events how many are committed, at any time
   * @param poison the sequence of the event that the broker refuses; 0 for none
   */
  record Setup(int events, long poison, OnParked onParked, int workersAtOnce) {}

  PollerRun.Rules rules() {
    return new PollerRun.Rules(1, setup.onParked());
  }

  /** Everything that may happen next. */
  List<World> next() {
    List<World> next = new ArrayList<>();
    if (rows.size() < setup.events()) {
      var committed = new ArrayList<>(rows);
      committed.add(new EventRow(rows.size() + 1L, 1, Written.NEW));
      next.add(withRows(committed));
    }
    if (running.size() < setup.workersAtOnce()) {
      deliver(next);
      poll(next);
    }
    decide(next);
    for (int i = 0; i < running.size(); i++) {
      if (crashes > 0) {
        next.add(crash(i));
      }
      step(i, next);
    }
    return next;
  }

  private void deliver(List<World> next) {
    for (int i = 0; i < deliveries.size(); i++) {
      if (deliveries.get(i).getLast() <= rows.size()) {
        var left = new ArrayList<>(deliveries);
        var run = RelayRun.of(left.remove(i), setup.onParked());
        next.add(
            new World(
                setup, rows, published, excused, left, plus(run), polls, decisions, faults,
                crashes));
      }
    }
  }

  private void poll(List<World> next) {
    if (polls == 0) {
      return;
    }
    for (EventRow row : rows) {
      if (isInIndex(row)) {
        var run = PollerRun.of(row.sequence(), row.revision(), rules());
        next.add(
            new World(
                setup,
                rows,
                published,
                excused,
                deliveries,
                plus(run),
                polls - 1,
                decisions,
                faults,
                crashes));
      }
    }
  }

  /** An operator's retry and discard. */
  private void decide(List<World> next) {
    for (EventRow row : rows) {
      if (decisions > 0 && row.state() instanceof Parked) {
        for (EventState decided : List.of(Written.NEW, new Discarded())) {
          World world = withRow(row.to(decided));
          next.add(
              new World(
                  setup,
                  world.rows,
                  published,
                  world.excused,
                  deliveries,
                  running,
                  polls,
                  decisions - 1,
                  faults,
                  crashes));
        }
      }
    }
  }

  static boolean isInIndex(EventRow row) {
    return switch (row.state()) {
      case Written _, Leased _, Waiting _ -> true;
      case Marked _, Parked _, Discarded _ -> false;
    };
  }

  private World crash(int i) {
    return new World(
        setup,
        rows,
        published,
        excused,
        deliveries,
        minus(i),
        polls,
        decisions,
        faults,
        crashes - 1);
  }

  private void step(int i, List<World> next) {
    KeyRun run = running.get(i);
    switch (run.step()) {
      case Step.ReadUpTo(long sequence, int most) -> {
        var read = new ArrayList<EventRow>();
        for (long s = Math.min(sequence, rows.size()); s > 0 && read.size() < most; s--) {
          read.add(row(s));
        }
        next.add(replied(i, new Reply.Rows(read)));
      }
      case Step.ReadNext(long after) ->
          next.add(
              replied(
                  i, new Reply.Rows(after < rows.size() ? List.of(row(after + 1)) : List.of())));
      case Step.Write(EventRow row, EventState state) -> write(i, row, state, next);
      case Step.Mark(long sequence) -> mark(i, sequence, next);
      case Step.Publish(EventRow row) -> publish(i, row.sequence(), next);
      case Step.Done() -> throw new IllegalStateException("done is removed");
    }
  }

  private void write(int i, EventRow row, EventState state, List<World> next) {
    if (row(row.sequence()).revision() != row.revision() || !isInIndex(row(row.sequence()))) {
      next.add(replied(i, new Reply.Lost()));
      return;
    }
    World written = withRow(row.to(state));
    next.add(written.replied(i, new Reply.Wrote(row.to(state))));
    if (faults > 0) {
      next.add(written.faulted(i, new Reply.Failed()));
      next.add(faulted(i, new Reply.Failed()));
    }
  }

  private void mark(int i, long sequence, List<World> next) {
    World marked = isOpen(row(sequence)) ? withRow(marked(row(sequence))) : this;
    next.add(marked.replied(i, new Reply.Noted()));
    if (faults > 0) {
      next.add(marked.faulted(i, new Reply.Failed()));
      next.add(faulted(i, new Reply.Failed()));
    }
  }

  static boolean isOpen(EventRow row) {
    return !(row.state() instanceof Marked) && !(row.state() instanceof Discarded);
  }

  private static EventRow marked(EventRow row) {
    return new EventRow(row.sequence(), row.revision(), new Marked());
  }

  private void publish(int i, long sequence, List<World> next) {
    if (sequence == setup.poison()) {
      next.add(replied(i, new Reply.Refused()));
      return;
    }
    World taken = withPublished(sequence);
    next.add(taken.replied(i, new Reply.Acknowledged()));
    if (faults > 0) {
      next.add(taken.faulted(i, new Reply.Unavailable()));
      next.add(faulted(i, new Reply.Unavailable()));
    }
  }

  EventRow row(long sequence) {
    return rows.get((int) sequence - 1);
  }

  private World withPublished(long sequence) {
    if (published.contains(sequence)) {
      return this;
    }
    var more = new ArrayList<>(published);
    more.add(sequence);
    return new World(
        setup, rows, more, excused, deliveries, running, polls, decisions, faults, crashes);
  }

  private World withRow(EventRow row) {
    var changed = new ArrayList<>(rows);
    changed.set((int) row.sequence() - 1, row);
    return withRows(changed);
  }

  private World withRows(List<EventRow> changed) {
    Set<Long> more = new TreeSet<>(excused);
    changed.stream()
        .filter(row -> row.state() instanceof Parked || row.state() instanceof Discarded)
        .forEach(row -> more.add(row.sequence()));
    return new World(
        setup, changed, published, more, deliveries, running, polls, decisions, faults, crashes);
  }

  private World faulted(int i, Reply reply) {
    World after = replied(i, reply);
    return new World(
        setup,
        after.rows,
        after.published,
        after.excused,
        deliveries,
        after.running,
        polls,
        decisions,
        faults - 1,
        crashes);
  }

  World replied(int i, Reply reply) {
    KeyRun after = running.get(i).after(reply);
    List<KeyRun> now = minus(i);
    if (!after.isDone()) {
      now.add(after);
      now.sort(Comparator.comparing(Object::toString));
    }
    return new World(
        setup, rows, published, excused, deliveries, now, polls, decisions, faults, crashes);
  }

  private List<KeyRun> plus(KeyRun run) {
    var more = new ArrayList<>(running);
    more.add(run);
    more.sort(Comparator.comparing(Object::toString));
    return more;
  }

  private List<KeyRun> minus(int i) {
    var fewer = new ArrayList<>(running);
    fewer.remove(i);
    return fewer;
  }

  /** Everybody is gone, and nothing goes wrong any more: a new poller works until it is idle. */
  World settled() {
    World world = new World(setup, rows, published, excused, List.of(), List.of(), 0, 0, 0, 0);
    World before;
    do {
      before = world;
      for (EventRow row : before.rows) {
        world = world.polled(row.sequence());
      }
    } while (!world.equals(before));
    return world;
  }

  private World polled(long sequence) {
    if (!isInIndex(row(sequence))) {
      return this;
    }
    World world =
        new World(
            setup,
            rows,
            published,
            excused,
            List.of(),
            List.of(PollerRun.of(sequence, row(sequence).revision(), rules())),
            0,
            0,
            0,
            0);
    while (!world.running.isEmpty()) {
      var next = new ArrayList<World>();
      world.step(0, next);
      world = next.getFirst();
    }
    return world;
  }
}
