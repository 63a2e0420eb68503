package dev.utsushi.local.mapping;

import dev.utsushi.local.mapping.EventSourceMappingSettings.StartingPosition;
import dev.utsushi.local.stream.Checkpoint;
import dev.utsushi.local.stream.DynamoDbStream;
import dev.utsushi.local.stream.KinesisStream;
import dev.utsushi.local.stream.SequenceNumber;
import dev.utsushi.local.stream.ShardLineage;
import dev.utsushi.local.stream.ShardReader;
import dev.utsushi.local.stream.StreamShard;
import dev.utsushi.local.stream.StreamSource;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.dynamodb.model.ResourceNotFoundException;
import software.amazon.awssdk.services.dynamodb.streams.DynamoDbStreamsClient;
import software.amazon.awssdk.services.kinesis.KinesisClient;

/**
 * An event source mapping from a DynamoDB stream, or from a Kinesis stream, to a function. It finds
 * the shards of the stream and has each read by a {@link ShardConsumer}, parents first.
 *
 * @see <a href="https://docs.aws.amazon.com/lambda/latest/dg/with-ddb.html">Using Lambda with
 *     DynamoDB Streams</a>
 * @see <a href="https://docs.aws.amazon.com/lambda/latest/dg/with-kinesis.html">Using Lambda with
 *     Kinesis</a>
 */
public final class EventSourceMapping implements AutoCloseable {

  private static final Duration DISCOVERY_INTERVAL = Duration.ofSeconds(1);

  /**
   * An open shard has no children, so discovery runs when a shard is finished, and only rarely
   * otherwise: DynamoDB Local reads all records of a stream to describe it, and blocks all other
   * requests meanwhile.
   */
  private static final int INTERVALS_WITHOUT_CAUSE = 10;

  private final AtomicReference<MappingCounters> counters =
      new AtomicReference<>(MappingCounters.ZERO);
  private final ShardLineage lineage = new ShardLineage();
  private final Queue<ShardConsumer> consumers = new ConcurrentLinkedQueue<>();
  private final Thread discovery = Thread.ofVirtual().name("discover-shards").unstarted(this::run);
  private final MappingContext context;
  private final StreamSource source;
  private final AtomicBoolean shardFinished = new AtomicBoolean(true);
  private volatile boolean stopping;
  private volatile String lastProcessingResult = "No records processed";

  /**
   * Prepares a mapping of a DynamoDB stream; {@link #start} starts it.
   *
   * @throws IllegalArgumentException if the starting position is {@code AT_TIMESTAMP}
   */
  public EventSourceMapping(DynamoDbStreamsClient streams, MappingContext context) {
    this(new DynamoDbStream(streams, context.streamArn()), context);
  }

  /** Prepares a mapping of a Kinesis stream or consumer; {@link #start} starts it. */
  public EventSourceMapping(KinesisClient kinesis, MappingContext context) {
    this(
        new KinesisStream(
            kinesis, context.streamArn(), context.settings().startingPositionTimestamp()),
        context);
  }

  private EventSourceMapping(StreamSource source, MappingContext context) {
    if (source instanceof DynamoDbStream
        && context.settings().startingPosition() == StartingPosition.AT_TIMESTAMP) {
      throw new IllegalArgumentException("A DynamoDB stream can't be read AT_TIMESTAMP");
    }
    this.source = source;
    this.context =
        context.withListener(
            event -> {
              var _ = counters.updateAndGet(count -> count.after(event));
              if (event instanceof MappingEvent.Invoked invoked) {
                lastProcessingResult = invoked.failed() ? "PROBLEM: Function call failed" : "OK";
              }
              context.listener().accept(event);
            });
  }

  /**
   * Starts to poll. When it returns, the shards that exist have their starting positions: with
   * {@link StartingPosition#LATEST} every later change reaches the function, even if the mapping is
   * closed first and restarted from its checkpoints.
   *
   * @throws SdkException if the stream can't be read
   */
  public void start() {
    List<StreamShard> shards = source.shards().shards();
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
        context.sleeper().sleep(DISCOVERY_INTERVAL);
        if (shardFinished.getAndSet(false) || interval % INTERVALS_WITHOUT_CAUSE == 0) {
          more = discover();
        }
      }
    } catch (InterruptedException _) {
      // Stopped.
    }
  }

  /** Returns whether more shards may come. */
  private boolean discover() {
    try {
      StreamSource.Shards stream = source.shards();
      startAll(lineage.startable(stream.shards()));
      if (stream.disabled() && lineage.allFinished(stream.shards())) {
        context.report(new MappingEvent.Drained(context.streamArn()));
        return false;
      }
    } catch (ResourceNotFoundException
        | software.amazon.awssdk.services.kinesis.model.ResourceNotFoundException deleted) {
      context.report(new MappingEvent.StreamDeleted(context.streamArn()));
      return false;
    } catch (SdkException e) {
      if (!stopping) {
        context.report(new MappingEvent.Problem("shards of " + context.streamArn(), e));
      }
      shardFinished.set(true);
    }
    return true;
  }

  private Optional<Checkpoint> checkpoint(StreamShard shard) {
    return context.checkpoints().read(context.streamArn(), shard.id());
  }

  private void skipFinished(List<StreamShard> shards) {
    for (StreamShard shard : shards) {
      if (checkpoint(shard).orElse(null) instanceof Checkpoint.Finished) {
        lineage.finished(shard.id());
      }
    }
  }

  /**
   * Writes the starting position as a checkpoint, so that a restart before the first record is
   * settled loses nothing.
   */
  private void startAtNewest(StreamShard shard) {
    Checkpoint start;
    if (shard.end().isEmpty()) {
      var newest = reader(shard, SequenceNumber.BEGINNING).newest();
      start = new Checkpoint.After(newest);
    } else {
      start = new Checkpoint.Finished();
      lineage.finished(shard.id());
    }
    context.checkpoints().write(context.streamArn(), shard.id(), start);
  }

  private void startAll(List<StreamShard> shards) {
    for (StreamShard shard : shards) {
      var start =
          checkpoint(shard).orElse(null) instanceof Checkpoint.After after
              ? after
              : Checkpoint.After.BEGINNING;
      var consumer =
          new ShardConsumer(
              context, shard.id(), start, reader(shard, start.number()), () -> finished(shard));
      consumers.add(consumer);
      consumer.start();
    }
  }

  private void finished(StreamShard shard) {
    lineage.finished(shard.id());
    shardFinished.set(true);
  }

  /** Asks the stream again, because the shard may have been closed since the last discovery. */
  private Optional<SequenceNumber> endOf(StreamShard shard) {
    try {
      lineage.noteEnds(source.shards().shards());
    } catch (SdkException _) {
      // The known shards must do; discovery reports that the stream can't be described.
    }
    return lineage.end(shard.id());
  }

  private ShardReader reader(StreamShard shard, SequenceNumber lastRead) {
    return new ShardReader(
        source,
        shard.id(),
        lastRead,
        () -> endOf(shard),
        () -> context.report(new MappingEvent.Trimmed(shard.id())));
  }

  public MappingCounters counters() {
    return counters.get();
  }

  /** Returns the result of the last invocation, in the words of Lambda's API. */
  public String lastProcessingResult() {
    return lastProcessingResult;
  }

  /**
   * Stops polling and starts no further invocation. One in flight may end within the function's
   * time-out and still counts; records that are unsettled then come again after a restart.
   */
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
