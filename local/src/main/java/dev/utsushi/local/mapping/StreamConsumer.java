package dev.utsushi.local.mapping;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.dynamodb.model.Shard;
import software.amazon.awssdk.services.dynamodb.model.StreamDescription;
import software.amazon.awssdk.services.dynamodb.streams.DynamoDbStreamsClient;

/** Finds the shards of a stream and has each read by a {@link ShardConsumer}, parents first. */
final class StreamConsumer implements AutoCloseable {

  /** Well below the 10 DescribeStream calls a second that AWS allows. */
  private static final Duration DISCOVERY_INTERVAL = Duration.ofSeconds(1);

  private final ShardLineage lineage = new ShardLineage();
  private final Queue<ShardConsumer> consumers = new ConcurrentLinkedQueue<>();
  private final Thread discovery = Thread.ofVirtual().name("discover-shards").unstarted(this::run);
  private final MappingContext context;
  private final DynamoDbStreamsClient streams;
  private volatile boolean stopping;

  StreamConsumer(MappingContext context, DynamoDbStreamsClient streams) {
    this.context = context;
    this.streams = streams;
  }

  void start() {
    List<Shard> shards = shards();
    boolean resumed = shards.stream().anyMatch(shard -> checkpoint(shard).isPresent());
    skipFinished(shards);
    if (context.settings().startingPosition() == StartingPosition.LATEST && !resumed) {
      skipClosed(shards);
      startAll(lineage.startable(shards), StartingPosition.LATEST);
    } else {
      startAll(lineage.startable(shards), StartingPosition.TRIM_HORIZON);
    }
    discovery.start();
  }

  private void run() {
    try {
      while (!stopping) {
        context.timing().sleeper().sleep(DISCOVERY_INTERVAL);
        discover();
      }
    } catch (InterruptedException _) {
      // Stopped.
    }
  }

  private void discover() {
    try {
      startAll(lineage.startable(shards()), StartingPosition.TRIM_HORIZON);
    } catch (SdkException e) {
      if (!stopping) {
        context.listener().problem("shards of " + context.streamArn(), e);
      }
    }
  }

  private List<Shard> shards() {
    List<Shard> shards = new ArrayList<>();
    @Nullable String after = null;
    do {
      StreamDescription page = describe(after);
      shards.addAll(page.shards());
      after = page.lastEvaluatedShardId();
    } while (after != null);
    return shards;
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

  private void skipClosed(List<Shard> shards) {
    for (Shard shard : shards) {
      if (shard.sequenceNumberRange().endingSequenceNumber() != null) {
        lineage.finished(shard.shardId());
        context
            .checkpoints()
            .write(context.streamArn(), shard.shardId(), new Checkpoint.Finished());
      }
    }
  }

  private void startAll(List<Shard> shards, StartingPosition position) {
    for (Shard shard : shards) {
      var consumer =
          new ShardConsumer(
              context,
              shard.shardId(),
              reader(shard, position),
              () -> lineage.finished(shard.shardId()));
      consumers.add(consumer);
      consumer.start();
    }
  }

  private ShardReader reader(Shard shard, StartingPosition position) {
    Optional<String> after =
        checkpoint(shard).orElse(null) instanceof Checkpoint.After(String sequenceNumber)
            ? Optional.of(sequenceNumber)
            : Optional.empty();
    var reader =
        new ShardReader(
            streams,
            context.streamArn(),
            shard.shardId(),
            position,
            after,
            () -> context.listener().trimmed(shard.shardId()));
    if (position == StartingPosition.LATEST) {
      reader.open();
    }
    return reader;
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
