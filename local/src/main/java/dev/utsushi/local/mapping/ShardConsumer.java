package dev.utsushi.local.mapping;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.dynamodb.model.Record;

/** Polls one shard, deals its records out to lanes, and keeps its checkpoint. */
final class ShardConsumer {

  /**
   * Lambda polls a shard at a base rate of 4 times a second.
   *
   * @see <a href="https://docs.aws.amazon.com/lambda/latest/dg/with-ddb.html">Polling and batching
   *     streams</a>
   */
  private static final Duration POLL_INTERVAL = Duration.ofMillis(250);

  private final ShardProgress progress;
  private final LaneMarks settledBefore;
  private final RecordFilter filter;
  private final MappingContext context;
  private final String shardId;
  private final ShardReader reader;
  private final RecordJson json;
  private final List<Lane> lanes;
  private final Thread poller;
  private final Runnable onFinished;
  private Checkpoint.After written;
  private volatile boolean stopping;

  /**
   * @param start what is settled already
   * @param reader reads from there on
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
    settledBefore = LaneMarks.of(start);
    progress = new ShardProgress(start, settings.parallelizationFactor());
    written = progress.checkpoint();
    filter = RecordFilter.of(settings.filters());
    json = new RecordJson(context.streamArn());
    lanes =
        IntStream.range(0, settings.parallelizationFactor())
            .mapToObj(index -> new Lane(context, new LaneId(shardId, index), this::settle))
            .toList();
    poller = Thread.ofVirtual().name("poll-" + shardId).unstarted(this::run);
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
        Instant start = context.timing().clock().instant();
        if (pollOnce()) {
          finish();
          return;
        }
        waitForNextPoll(start);
      }
    } catch (InterruptedException _) {
      // Stopped: the checkpoint says where to go on.
    } catch (RuntimeException e) {
      context.listener().problem(shardId + " stands still", e);
    }
  }

  private void waitForNextPoll(Instant lastPoll) throws InterruptedException {
    Duration taken = Duration.between(lastPoll, context.timing().clock().instant());
    Duration left = POLL_INTERVAL.minus(taken);
    if (left.isPositive()) {
      // The clock may have been set back meanwhile.
      context.timing().sleeper().sleep(left.compareTo(POLL_INTERVAL) < 0 ? left : POLL_INTERVAL);
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
        context.listener().problem("poll of " + shardId, e);
      }
      return false;
    }
  }

  /** Takes note of each record in the order of the shard; lanes get theirs in the end. */
  private void dealOut(List<Record> records) {
    List<List<StreamRecord>> perLane = new ArrayList<>();
    lanes.forEach(lane -> perLane.add(new ArrayList<>()));
    int known = 0;
    int filtered = 0;
    for (Record each : records) {
      StreamRecord record = json.convert(each);
      if (settledBefore.settled(record)) {
        progress.passOver(record);
        known++;
      } else if (filter.passes(record)) {
        progress.read(record);
        perLane.get(record.laneOf(lanes.size())).add(record);
      } else {
        progress.passOver(record);
        filtered++;
      }
    }
    tell(records.size() - known, filtered);
    checkpoint();
    for (int i = 0; i < lanes.size(); i++) {
      lanes.get(i).add(perLane.get(i));
    }
  }

  private void tell(int read, int filtered) {
    if (read > 0) {
      context.listener().polled(shardId, read);
    }
    if (filtered > 0) {
      context.listener().filtered(shardId, filtered);
    }
  }

  private void settle(LaneId lane, List<StreamRecord> records) {
    progress.settle(records);
    checkpoint();
    context.listener().settled(lane, records.size());
  }

  /** One lane at a time: a checkpoint must not overtake a later one on its way to the store. */
  private synchronized void checkpoint() {
    Checkpoint.After now = progress.checkpoint();
    if (now.equals(written)) {
      return;
    }
    write(now);
    String number = now.sequenceNumber();
    boolean moved = !number.equals(written.sequenceNumber());
    written = now;
    if (moved) {
      context.listener().checkpointed(shardId, number);
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
    context.listener().shardFinished(shardId);
    onFinished.run();
  }

  private void write(Checkpoint checkpoint) {
    context.checkpoints().write(context.streamArn(), shardId, checkpoint);
  }
}
