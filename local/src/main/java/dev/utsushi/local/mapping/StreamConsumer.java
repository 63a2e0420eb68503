package dev.utsushi.local.mapping;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.dynamodb.model.ResourceNotFoundException;
import software.amazon.awssdk.services.dynamodb.model.Shard;
import software.amazon.awssdk.services.dynamodb.model.StreamDescription;
import software.amazon.awssdk.services.dynamodb.model.StreamStatus;
import software.amazon.awssdk.services.dynamodb.streams.DynamoDbStreamsClient;

/** Finds the shards of a stream and has each read by a {@link ShardConsumer}, parents first. */
final class StreamConsumer implements AutoCloseable {

  private static final Duration DISCOVERY_INTERVAL = Duration.ofSeconds(1);

  /**
   * An open shard has no children, so shards are looked for once one is finished. DynamoDB Local
   * goes through all records of a stream to describe it, and everybody else waits meanwhile.
   */
  private static final int INTERVALS_WITHOUT_CAUSE = 10;

  private final ShardLineage lineage = new ShardLineage();
  private final Queue<ShardConsumer> consumers = new ConcurrentLinkedQueue<>();
  private final Thread discovery = Thread.ofVirtual().name("discover-shards").unstarted(this::run);
  private final MappingContext context;
  private final DynamoDbStreamsClient streams;
  private final AtomicBoolean shardFinished = new AtomicBoolean(true);
  private volatile boolean stopping;

  StreamConsumer(MappingContext context, DynamoDbStreamsClient streams) {
    this.context = context;
    this.streams = streams;
  }

  void start() {
    List<Shard> shards = describe().shards();
    boolean resumed = shards.stream().anyMatch(shard -> checkpoint(shard).isPresent());
    skipFinished(shards);
    if (context.settings().startingPosition() == StartingPosition.LATEST && !resumed) {
      shards.forEach(this::startAtNewest);
    }
    startAll(lineage.startable(shards));
    discovery.start();
  }

  private void run() {
    try {
      boolean more = true;
      for (int interval = 1; more && !stopping; interval++) {
        context.timing().sleeper().sleep(DISCOVERY_INTERVAL);
        if (shardFinished.getAndSet(false) || interval % INTERVALS_WITHOUT_CAUSE == 0) {
          more = discover();
        }
      }
    } catch (InterruptedException _) {
      // Stopped.
    }
  }

  /** Whether more may come. */
  private boolean discover() {
    try {
      StreamDescription stream = describe();
      startAll(lineage.startable(stream.shards()));
      if (stream.streamStatus() == StreamStatus.DISABLED && lineage.allFinished(stream.shards())) {
        context.listener().drained(context.streamArn());
        return false;
      }
    } catch (ResourceNotFoundException _) {
      context.listener().streamGone(context.streamArn());
      return false;
    } catch (SdkException e) {
      if (!stopping) {
        context.listener().problem("shards of " + context.streamArn(), e);
      }
      shardFinished.set(true);
    }
    return true;
  }

  /** With the shards of all pages. */
  private StreamDescription describe() {
    List<Shard> shards = new ArrayList<>();
    StreamDescription page = describe(null);
    shards.addAll(page.shards());
    while (page.lastEvaluatedShardId() != null) {
      page = describe(page.lastEvaluatedShardId());
      shards.addAll(page.shards());
    }
    return page.toBuilder().shards(shards).build();
  }

  private StreamDescription describe(@Nullable String after) {
    return streams
        .describeStream(
            request -> request.streamArn(context.streamArn()).exclusiveStartShardId(after))
        .streamDescription();
  }

  private Optional<Checkpoint> checkpoint(Shard shard) {
    return context.checkpoints().read(context.streamArn(), shard.shardId());
  }

  private void skipFinished(List<Shard> shards) {
    for (Shard shard : shards) {
      if (checkpoint(shard).orElse(null) instanceof Checkpoint.Finished) {
        lineage.finished(shard.shardId());
      }
    }
  }

  /**
   * Notes the starting position as a checkpoint: what comes before the first record is settled must
   * not be lost to a restart.
   */
  private void startAtNewest(Shard shard) {
    Checkpoint start;
    if (shard.sequenceNumberRange().endingSequenceNumber() == null) {
      var newest = reader(shard, SequenceNumber.BEGINNING).newest();
      start = new Checkpoint.After(newest.digits());
    } else {
      start = new Checkpoint.Finished();
      lineage.finished(shard.shardId());
    }
    context.checkpoints().write(context.streamArn(), shard.shardId(), start);
  }

  private void startAll(List<Shard> shards) {
    for (Shard shard : shards) {
      var start =
          checkpoint(shard).orElse(null) instanceof Checkpoint.After after
              ? after
              : new Checkpoint.After(Checkpoint.BEGINNING);
      var consumer =
          new ShardConsumer(
              context,
              shard.shardId(),
              start,
              reader(shard, new SequenceNumber(start.sequenceNumber())),
              () -> finished(shard));
      consumers.add(consumer);
      consumer.start();
    }
  }

  private void finished(Shard shard) {
    lineage.finished(shard.shardId());
    shardFinished.set(true);
  }

  /** As of now: a shard may have been closed since shards were last looked for. */
  private Optional<SequenceNumber> endOf(Shard shard) {
    try {
      lineage.noteEnds(describe().shards());
    } catch (SdkException _) {
      // What is known has to do; discovery tells of a stream that can't be described.
    }
    return lineage.end(shard.shardId());
  }

  private ShardReader reader(Shard shard, SequenceNumber lastRead) {
    return new ShardReader(
        streams,
        context.streamArn(),
        shard.shardId(),
        lastRead,
        () -> endOf(shard),
        () -> context.listener().trimmed(shard.shardId()));
  }

  @Override
  public void close() {
    stopping = true;
    discovery.interrupt();
    try {
      discovery.join();
      consumers.forEach(ShardConsumer::stop);
      for (ShardConsumer consumer : consumers) {
        consumer.awaitEnd();
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }
}
