package dev.utsushi.loadtest.simulation;

import dev.utsushi.loadtest.traffic.PlannedTraffic;
import java.util.Arrays;
import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.SplittableRandom;

/**
 * Runs writes through a stream, an event source mapping and a function, event by event.
 *
 * <p>It models the following. Each shard is polled with a pause between polls, and not while 10,000
 * of its records are unprocessed. A poll's records go to lanes by item. A lane takes its next batch
 * when the one before is processed: what waits, up to its size, or what its window gathers. A
 * throttled invocation is repeated without using up a retry. A failed one is repeated from its
 * first failed record on, until its retries are used up. Waits double from 100 ms to 60 s, and a
 * random part of up to one half is left out. After the end of the traffic it goes on until
 * everything is processed, so that late changes count in full.
 *
 * <p>It leaves out shards that split, bisecting, a maximum record age, environments that are
 * reclaimed, and that an engine is slower the more lanes write to it.
 */
public final class Simulation {
  private static final int MAX_UNPROCESSED = 10_000;
  private static final long FIRST_RETRY_WAIT = 100_000_000L;
  private static final long LONGEST_RETRY_WAIT = 60_000_000_000L;
  private static final int MAX_DOUBLINGS = 20;

  private enum Kind {
    POLL,
    WINDOW,
    DONE,
    RETRY
  }

  /**
   * An event to come.
   *
   * @param order of scheduling, which decides between events at the same moment
   * @param number of the shard that is polled, or of the lane
   */
  private record Event(long nanos, long order, Kind kind, int number) {
    private static final Comparator<Event> BY_TIME =
        Comparator.comparingLong(Event::nanos).thenComparingLong(Event::order);
  }

  /** A shard: its writes in order, those before {@link #next} polled. */
  private static final class Shard {
    private final int[] writes;
    private int next;

    /** The number of writes that are polled and not yet processed. */
    private int unprocessed;

    private Shard(int[] writes) {
      this.writes = writes;
    }

    private boolean isAtEnd() {
      return next == writes.length;
    }
  }

  /** A lane: its writes in order, those before {@link #first} processed. */
  private static final class Lane {
    private final int[] writes;
    private int first;
    private int polled;

    /** The first of those that are polled and not processed are the current batch. */
    private int inFlight;

    private int retries;
    private int throttles;

    /** When the lane took its current batch, in nanoseconds. */
    private long takenAt;

    /** The end of the window that is scheduled, in nanoseconds. */
    private long windowEnd = -1;

    private Lane(int[] writes) {
      this.writes = writes;
    }
  }

  /** Observes a simulation. Times are nanoseconds from the start. */
  interface Listener {

    /** Ignores everything. */
    Listener NONE = new Listener() {};

    /**
     * An invocation started.
     *
     * @param lane among all lanes of all shards, from 0
     * @param end of the invocation, whether it fails or not
     */
    default void invoked(int lane, long start, long end, int records) {}

    /**
     * A write is processed.
     *
     * @param write its position in the traffic
     * @param indexed false if it was discarded after its retries
     */
    default void processed(int lane, int write, long nanos, boolean indexed) {}
  }

  private final Queue<Event> events = new PriorityQueue<>(Event.BY_TIME);
  private final PlannedTraffic traffic;
  private final FunctionModel function;
  private final Listener listener;
  private final SplittableRandom random;
  private final Recorder recorder;
  private final int[] laneOf;
  private final int factor;
  private final Shard[] shards;
  private final Lane[] lanes;
  private final int retries;
  private final int fullBatch;
  private final int batchSize;
  private final int recordsPerPoll;
  private final long windowNanos;
  private final long pollTime;
  private final long pollInterval;
  private final long visibleAfter;

  /** When each write was polled; only with a window. */
  private final long[] polledAt;

  private long now;
  private long scheduled;
  private int concurrency;
  private int environments;

  private Simulation(PlannedTraffic traffic, Setup setup, Listener listener) {
    this.traffic = traffic;
    this.listener = listener;
    random = new SplittableRandom(traffic.traffic().seed());
    function = setup.function();
    factor = setup.mapping().factor();
    laneOf = setup.routing().lanesOf(traffic);
    recorder = new Recorder(traffic, setup, laneOf);
    int[] shardOf = Arrays.stream(laneOf).map(lane -> lane / factor).toArray();
    shards =
        Arrays.stream(Routing.grouped(shardOf, setup.stream().shards()))
            .map(Shard::new)
            .toArray(Shard[]::new);
    lanes =
        Arrays.stream(Routing.grouped(laneOf, setup.routing().lanes()))
            .map(Lane::new)
            .toArray(Lane[]::new);
    retries = setup.mapping().retries();
    batchSize = setup.mapping().batchSize();
    fullBatch = setup.mapping().fullBatch(setup.stream().recordBytes());
    recordsPerPoll = setup.stream().recordsPerPoll();
    windowNanos = setup.mapping().window().toNanos();
    pollTime = setup.stream().pollTime().toNanos();
    pollInterval = setup.stream().pollInterval().toNanos();
    visibleAfter = setup.stream().visibleAfter().toNanos();
    polledAt = new long[windowNanos > 0 ? traffic.size() : 0];
  }

  /** Runs a simulation to its end. The same arguments give the same result. */
  public static SimulationResult run(PlannedTraffic traffic, Setup setup) {
    return run(traffic, setup, Listener.NONE);
  }

  static SimulationResult run(PlannedTraffic traffic, Setup setup, Listener listener) {
    var simulation = new Simulation(traffic, setup, listener);
    simulation.run();
    return simulation.recorder.result();
  }

  private void run() {
    for (int i = 0; i < shards.length; i++) {
      if (!shards[i].isAtEnd()) {
        // The traffic starts at a random moment between two polls of a shard.
        schedule(pollTime + random.nextLong(pollInterval), Kind.POLL, i);
      }
    }
    for (Event event = events.poll(); event != null; event = events.poll()) {
      now = event.nanos();
      switch (event.kind()) {
        case POLL -> poll(event.number());
        case WINDOW -> takeBatch(event.number());
        case DONE -> done(event.number());
        case RETRY -> invoke(event.number());
      }
    }
  }

  private void schedule(long nanos, Kind kind, int number) {
    events.add(new Event(nanos, scheduled++, kind, number));
  }

  /** Ends a poll: deals out what was visible as it began. */
  private void poll(int number) {
    Shard shard = shards[number];
    long pause = pollInterval;
    if (shard.unprocessed <= MAX_UNPROCESSED) {
      long newest = now - pollTime - visibleAfter;
      for (int n = 0; n < recordsPerPoll && !shard.isAtEnd(); n++) {
        if (traffic.nanos(shard.writes[shard.next]) > newest) {
          break;
        }
        deal(shard);
      }
      for (int i = 0; i < factor; i++) {
        takeBatch(number * factor + i);
      }
      pause += pollTime;
    }
    if (!shard.isAtEnd()) {
      schedule(now + pause, Kind.POLL, number);
    }
  }

  private void deal(Shard shard) {
    int write = shard.writes[shard.next++];
    shard.unprocessed++;
    lanes[laneOf[write]].polled++;
    if (windowNanos > 0) {
      polledAt[write] = now;
    }
  }

  /** Takes the lane's next batch if the lane is free and a batch is due. */
  private void takeBatch(int number) {
    Lane lane = lanes[number];
    int waiting = lane.polled - lane.first;
    if (lane.inFlight > 0 || waiting == 0) {
      return;
    }
    int fitting = Math.min(fullBatch, waiting);
    boolean full = fitting == batchSize || fitting < waiting;
    if (windowNanos > 0 && !full && windowIsOpen(lane, number)) {
      return;
    }
    lane.inFlight = fitting;
    lane.retries = 0;
    lane.throttles = 0;
    lane.takenAt = now;
    invoke(number);
  }

  private boolean windowIsOpen(Lane lane, int number) {
    long end = polledAt[lane.writes[lane.first]] + windowNanos;
    if (end <= now) {
      return false;
    }
    if (lane.windowEnd != end) {
      lane.windowEnd = end;
      schedule(end, Kind.WINDOW, number);
    }
    return true;
  }

  private void invoke(int number) {
    Lane lane = lanes[number];
    if (concurrency == function.concurrency()) {
      recorder.throttled();
      schedule(now + waitAfter(++lane.throttles), Kind.RETRY, number);
      return;
    }
    concurrency++;
    lane.throttles = 0;
    long time = function.time().draw(lane.inFlight, random);
    long end = now + time + coldStart();
    recorder.invoked(number, now, end, time, concurrency);
    listener.invoked(number, now, end, lane.inFlight);
    schedule(end, Kind.DONE, number);
  }

  private long coldStart() {
    if (concurrency <= environments) {
      return 0;
    }
    environments++;
    recorder.coldStarted();
    return function.coldStart().toNanos();
  }

  private long waitAfter(int failures) {
    long doubled = FIRST_RETRY_WAIT << Math.min(failures - 1, MAX_DOUBLINGS);
    long longest = Math.min(doubled, LONGEST_RETRY_WAIT);
    return longest / 2 + random.nextLong(longest / 2 + 1);
  }

  private void done(int number) {
    concurrency--;
    Lane lane = lanes[number];
    if (function.failureShare() > 0 && random.nextDouble() < function.failureShare()) {
      failed(lane, number);
    } else {
      process(lane, number, lane.inFlight, true);
    }
    if (lane.inFlight == 0) {
      recorder.laneFree(number, lane.takenAt, now);
      takeBatch(number);
    }
  }

  private void failed(Lane lane, int number) {
    recorder.failed();
    process(lane, number, random.nextInt(lane.inFlight), true);
    if (lane.retries == retries) {
      process(lane, number, lane.inFlight, false);
    } else {
      lane.retries++;
      schedule(now + waitAfter(lane.retries), Kind.RETRY, number);
    }
  }

  private void process(Lane lane, int number, int count, boolean indexed) {
    for (int i = 0; i < count; i++) {
      int write = lane.writes[lane.first++];
      recorder.processed(number, traffic.nanos(write), now, indexed);
      listener.processed(number, write, now, indexed);
    }
    lane.inFlight -= count;
    shards[number / factor].unprocessed -= count;
  }
}
