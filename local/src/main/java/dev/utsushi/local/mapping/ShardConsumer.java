package dev.utsushi.local.mapping;

import java.time.Duration;
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

  /** Above this, polling waits for the lanes: memory is finite, the stream keeps its records. */
  private static final int MOST_UNSETTLED = 10_000;

  private final ShardProgress progress = new ShardProgress();
  private final MappingContext context;
  private final String shardId;
  private final ShardReader reader;
  private final RecordJson json;
  private final List<Lane> lanes;
  private final Thread poller;
  private final Runnable onFinished;
  private volatile boolean stopping;

  /**
   * @param onFinished run when the shard is closed and all of it is settled
   */
  ShardConsumer(MappingContext context, String shardId, ShardReader reader, Runnable onFinished) {
    this.context = context;
    this.shardId = shardId;
    this.reader = reader;
    this.onFinished = onFinished;
    json = new RecordJson(context.streamArn());
    lanes =
        IntStream.range(0, context.settings().parallelizationFactor())
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
      while (!stopping && !pollOnce()) {
        context.timing().sleeper().sleep(POLL_INTERVAL);
      }
      if (!stopping) {
        finish();
      }
    } catch (InterruptedException _) {
      // Stopped: the checkpoint says where to go on.
    } catch (RuntimeException e) {
      context.listener().problem(shardId + " stands still", e);
    }
  }

  /** Whether the shard is at its end. */
  private boolean pollOnce() {
    if (progress.open() > MOST_UNSETTLED) {
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

  private void dealOut(List<Record> records) {
    context.listener().polled(shardId, records.size());
    List<List<StreamRecord>> perLane = new ArrayList<>();
    lanes.forEach(lane -> perLane.add(new ArrayList<>()));
    for (Record each : records) {
      StreamRecord record = json.convert(each);
      progress.read(record.sequenceNumber());
      perLane.get(record.laneOf(lanes.size())).add(record);
    }
    for (int i = 0; i < lanes.size(); i++) {
      lanes.get(i).add(perLane.get(i));
    }
  }

  private void settle(LaneId lane, List<StreamRecord> records) {
    // One lane at a time: a checkpoint must not overtake a later one on its way to the store.
    synchronized (progress) {
      progress
          .settle(records)
          .ifPresent(
              sequenceNumber -> {
                write(new Checkpoint.After(sequenceNumber));
                context.listener().checkpointed(shardId, sequenceNumber);
              });
    }
    context.listener().settled(lane, records.size());
  }

  private void finish() throws InterruptedException {
    for (Lane lane : lanes) {
      lane.drain();
    }
    if (stopping || progress.open() > 0) {
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
