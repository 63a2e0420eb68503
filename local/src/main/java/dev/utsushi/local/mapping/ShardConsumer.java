package dev.utsushi.local.mapping;

import dev.utsushi.local.mapping.MappingEvent.LaneId;
import dev.utsushi.local.stream.Checkpoint;
import dev.utsushi.local.stream.PolledRecord;
import dev.utsushi.local.stream.ShardProgress;
import dev.utsushi.local.stream.ShardReader;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import software.amazon.awssdk.core.exception.SdkException;

/** Polls one shard, distributes its records over lanes, and keeps its checkpoint. */
final class ShardConsumer {

  private final ShardProgress progress;
  private final Checkpoint.After start;
  private final Predicate<PolledRecord> filter;
  private final MappingContext context;
  private final String shardId;
  private final ShardReader reader;
  private final List<Lane> lanes;
  private final Thread poller;
  private final Runnable onFinished;
  private Checkpoint.After written;
  private volatile boolean stopping;

  /**
   * @param start what is already settled
   * @param reader reads from there
   * @param onFinished run when the shard is closed and all of it is settled
   */
  ShardConsumer(
      MappingContext context,
      String shardId,
      Checkpoint.After start,
      ShardReader reader,
      Runnable onFinished) {
    this.context = context;
    this.shardId = shardId;
    this.reader = reader;
    this.onFinished = onFinished;
    var settings = context.settings();
    this.start = start;
    progress = new ShardProgress(start, settings.parallelizationFactor());
    written = progress.checkpoint();
    filter = settings.filters().matcher();
    lanes =
        IntStream.range(0, settings.parallelizationFactor())
            .mapToObj(index -> lane(new LaneId(shardId, index)))
            .toList();
    poller = Thread.ofVirtual().name("poll-" + shardId).unstarted(this::run);
  }

  private Lane lane(LaneId id) {
    return new Lane(context, id, records -> settle(id, records));
  }

  void start() {
    lanes.forEach(Lane::start);
    poller.start();
  }

  void stop() {
    stopping = true;
    poller.interrupt();
    lanes.forEach(Lane::stop);
  }

  void awaitEnd() throws InterruptedException {
    poller.join();
    for (Lane lane : lanes) {
      lane.awaitEnd();
    }
  }

  private void run() {
    try {
      while (!stopping) {
        Instant start = context.clock().instant();
        if (pollOnce()) {
          finish();
          return;
        }
        waitForNextPoll(start);
      }
    } catch (InterruptedException _) {
      // Stopped: a restart continues from the checkpoint.
    } catch (RuntimeException e) {
      context.report(new MappingEvent.Problem("poller of " + shardId + " has stopped", e));
    }
  }

  private void waitForNextPoll(Instant lastPoll) throws InterruptedException {
    Duration taken = Duration.between(lastPoll, context.clock().instant());
    Duration interval = context.kind().pollInterval();
    Duration left = interval.minus(taken);
    if (left.isPositive()) {
      // The clock may have been set back in the meantime.
      context.sleeper().sleep(left.compareTo(interval) < 0 ? left : interval);
    }
  }

  /** Whether the shard is at its end. */
  private boolean pollOnce() {
    if (context.backlog().isFull(progress)) {
      return false;
    }
    try {
      ShardReader.Poll poll = reader.poll();
      if (!poll.records().isEmpty()) {
        dealOut(poll.records());
      }
      return poll.endOfShard();
    } catch (SdkException e) {
      if (!stopping) {
        context.report(new MappingEvent.Problem("poll of " + shardId, e));
      }
      return false;
    }
  }

  /** Notes each record in the order of the shard before any lane gets one. */
  private void dealOut(List<PolledRecord> records) {
    List<List<PolledRecord>> perLane = new ArrayList<>();
    lanes.forEach(_ -> perLane.add(new ArrayList<>()));
    int settledBefore = 0;
    int filtered = 0;
    for (PolledRecord record : records) {
      if (start.settled(record)) {
        progress.passOver(record);
        settledBefore++;
      } else if (filter.test(record)) {
        progress.read(record);
        perLane.get(record.laneOf(lanes.size())).add(record);
      } else {
        progress.passOver(record);
        filtered++;
      }
    }
    report(records.size() - settledBefore, filtered);
    checkpoint();
    for (int i = 0; i < lanes.size(); i++) {
      lanes.get(i).add(perLane.get(i));
    }
  }

  private void report(int read, int filtered) {
    if (read > 0) {
      context.report(new MappingEvent.Polled(shardId, read));
    }
    if (filtered > 0) {
      context.report(new MappingEvent.Filtered(shardId, filtered));
    }
  }

  private void settle(LaneId lane, List<PolledRecord> records) {
    progress.settle(records);
    checkpoint();
    context.report(new MappingEvent.Settled(lane, records.size()));
  }

  /** Synchronized, so that no lane's checkpoint overtakes a later one on its way to the store. */
  private synchronized void checkpoint() {
    Checkpoint.After now = progress.checkpoint();
    if (!now.equals(written)) {
      write(now);
      written = now;
    }
  }

  private void finish() throws InterruptedException {
    for (Lane lane : lanes) {
      lane.drain();
    }
    if (stopping || progress.openRecords() > 0) {
      return;
    }
    write(new Checkpoint.Finished());
    context.report(new MappingEvent.ShardFinished(shardId));
    onFinished.run();
  }

  private void write(Checkpoint checkpoint) {
    context.checkpoints().write(context.streamArn(), shardId, checkpoint);
  }
}
