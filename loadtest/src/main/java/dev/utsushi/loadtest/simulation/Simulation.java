package dev.utsushi.loadtest.simulation;

import dev.utsushi.loadtest.traffic.PlannedTraffic;
import java.util.SplittableRandom;

/**
 * Runs writes through a stream, an event source mapping and a function, event by event.
 *
 * <p>What it keeps of the real thing: each shard is polled with a pause between polls, and not
 * while 10,000 of its records are unsettled; a poll's records go to lanes by item; a lane takes the
 * next batch when the one before is settled, and takes what waits, up to its size, or waits for its
 * window; a throttled invocation comes again without using up a retry, a failed one from its first
 * failed record on, until its retries are used up; waits double from 100 ms to 60 s, of which a
 * random half is skipped. After the traffic's end it goes on until everything is settled, so that
 * what arrived late counts in the lags in full.
 *
 * <p>What it leaves out: shards that split, bisecting, a maximum record age, environments that go
 * away, and that a slow engine is slower the more lanes write to it.
 */
public final class Simulation {
  private static final int MOST_UNSETTLED = 10_000;
  private static final long FIRST_RETRY_WAIT = 100_000_000L;
  private static final long LONGEST_RETRY_WAIT = 60_000_000_000L;
  private static final int MOST_DOUBLINGS = 20;

  /** What an event is about: two bits of it, beside the number of a shard or a lane. */
  private enum Kind {
    POLL(0),
    WINDOW(1),
    DONE(2),
    RETRY(3);

    private static final Kind[] BY_BITS = {POLL, WINDOW, DONE, RETRY};

    private final int bits;

    Kind(int bits) {
      this.bits = bits;
    }

    static Kind of(int event) {
      return BY_BITS[event & 3];
    }

    int about(int number) {
      return bits | number << 2;
    }
  }

  private final EventQueue events = new EventQueue();
  private final PlannedTraffic workload;
  private final FunctionModel function;
  private final SimulationListener listener;
  private final SplittableRandom random;
  private final Recorder recorder;
  private final int[] laneOf;
  private final int factor;
  private final SimulatedShard[] shards;
  private final SimulatedLane[] lanes;
  private final int retries;
  private final int fullBatch;
  private final int batchSize;
  private final int recordsPerPoll;
  private final long windowNanos;
  private final long pollTime;
  private final long pollInterval;
  private final long visibleAfter;

  /** When each write was polled; only where a window asks for it. */
  private final long[] polledAt;

  private int concurrency;
  private int environments;

  private Simulation(PlannedTraffic workload, Setup setup, long seed, SimulationListener listener) {
    this.workload = workload;
    this.listener = listener;
    random = new SplittableRandom(seed);
    function = setup.function();
    factor = setup.mapping().factor();
    laneOf = setup.routing().lanesOf(workload);
    recorder = new Recorder(workload, setup, laneOf, seed);
    shards = setup.routing().shardsOf(laneOf);
    lanes = new SimulatedLane[setup.routing().lanes()];
    retries = setup.mapping().retries();
    batchSize = setup.mapping().batchSize();
    fullBatch = setup.mapping().fullBatch(setup.stream().recordBytes());
    recordsPerPoll = setup.stream().recordsPerPoll();
    windowNanos = setup.mapping().window().toNanos();
    pollTime = setup.stream().pollTime().toNanos();
    pollInterval = setup.stream().pollInterval().toNanos();
    visibleAfter = setup.stream().visibleAfter().toNanos();
    polledAt = new long[windowNanos > 0 ? workload.size() : 0];
    for (int i = 0; i < lanes.length; i++) {
      lanes[i] = new SimulatedLane(i / factor);
    }
  }

  /** Runs all of it. Same arguments, same outcome. */
  public static SimulationResult run(PlannedTraffic workload, Setup setup, long seed) {
    return run(workload, setup, seed, SimulationListener.NONE);
  }

  /** Runs all of it, telling as it goes. */
  public static SimulationResult run(
      PlannedTraffic workload, Setup setup, long seed, SimulationListener listener) {
    var simulation = new Simulation(workload, setup, seed, listener);
    simulation.run();
    return simulation.recorder.outcome();
  }

  private void run() {
    for (int i = 0; i < shards.length; i++) {
      if (!shards[i].isReadUp()) {
        // Where in its interval a shard's polling stands as the traffic starts is chance.
        events.add(pollTime + random.nextLong(pollInterval), Kind.POLL.about(i));
      }
    }
    while (!events.isEmpty()) {
      int event = events.take();
      int number = event >>> 2;
      switch (Kind.of(event)) {
        case POLL -> poll(number);
        case WINDOW -> takeBatch(number);
        case DONE -> done(number);
        case RETRY -> invoke(number);
      }
    }
  }

  /** The end of a poll: what was visible as it began is dealt out. */
  private void poll(int number) {
    SimulatedShard shard = shards[number];
    long pause = pollInterval;
    if (shard.unsettled <= MOST_UNSETTLED) {
      long newest = events.now() - pollTime - visibleAfter;
      for (int n = 0; n < recordsPerPoll && !shard.isReadUp(); n++) {
        if (workload.nanos(shard.peek()) > newest) {
          break;
        }
        deal(shard);
      }
      for (int i = 0; i < factor; i++) {
        takeBatch(number * factor + i);
      }
      pause += pollTime;
    }
    if (!shard.isReadUp()) {
      events.add(events.now() + pause, Kind.POLL.about(number));
    }
  }

  private void deal(SimulatedShard shard) {
    int write = shard.peek();
    shard.next++;
    shard.unsettled++;
    lanes[laneOf[write]].add(write);
    if (windowNanos > 0) {
      polledAt[write] = events.now();
    }
  }

  /** Takes the lane's next batch if it is free and one is due. */
  private void takeBatch(int number) {
    SimulatedLane lane = lanes[number];
    if (lane.inFlight > 0 || lane.size() == 0) {
      return;
    }
    int fitting = Math.min(fullBatch, lane.size());
    boolean full = fitting == batchSize || fitting < lane.size();
    if (windowNanos > 0 && !full && windowIsOpen(lane, number)) {
      return;
    }
    lane.inFlight = fitting;
    lane.retries = 0;
    lane.throttles = 0;
    lane.takenAt = events.now();
    invoke(number);
  }

  private boolean windowIsOpen(SimulatedLane lane, int number) {
    long end = polledAt[lane.first()] + windowNanos;
    if (end <= events.now()) {
      return false;
    }
    if (lane.windowEnd != end) {
      lane.windowEnd = end;
      events.add(end, Kind.WINDOW.about(number));
    }
    return true;
  }

  private void invoke(int number) {
    SimulatedLane lane = lanes[number];
    if (concurrency == function.concurrency()) {
      recorder.throttled();
      events.add(events.now() + waitAfter(++lane.throttles), Kind.RETRY.about(number));
      return;
    }
    concurrency++;
    lane.throttles = 0;
    long start = events.now();
    long time = function.time().draw(lane.inFlight, random);
    long end = start + time + coldStart();
    recorder.invoked(number, start, end, time, concurrency);
    listener.invoked(number, start, end, lane.inFlight);
    events.add(end, Kind.DONE.about(number));
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
    long doubled = FIRST_RETRY_WAIT << Math.min(failures - 1, MOST_DOUBLINGS);
    long most = Math.min(doubled, LONGEST_RETRY_WAIT);
    return most / 2 + random.nextLong(most / 2 + 1);
  }

  private void done(int number) {
    concurrency--;
    SimulatedLane lane = lanes[number];
    if (function.failureShare() > 0 && random.nextDouble() < function.failureShare()) {
      failed(lane, number);
    } else {
      settle(lane, number, lane.inFlight, true);
    }
    if (lane.inFlight == 0) {
      recorder.laneFree(number, lane.takenAt, events.now());
      takeBatch(number);
    }
  }

  private void failed(SimulatedLane lane, int number) {
    recorder.failed();
    settle(lane, number, random.nextInt(lane.inFlight), true);
    if (lane.retries == retries) {
      settle(lane, number, lane.inFlight, false);
    } else {
      lane.retries++;
      events.add(events.now() + waitAfter(lane.retries), Kind.RETRY.about(number));
    }
  }

  private void settle(SimulatedLane lane, int number, int count, boolean indexed) {
    for (int i = 0; i < count; i++) {
      int write = lane.remove();
      recorder.settled(number, workload.nanos(write), events.now(), indexed);
      listener.settled(number, write, events.now(), indexed);
    }
    lane.inFlight -= count;
    shards[lane.shard].unsettled -= count;
  }
}
