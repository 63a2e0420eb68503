package dev.utsushi.local.kinesis;

import dev.utsushi.local.LocalServerException;
import dev.utsushi.local.stream.DynamoDbStream;
import dev.utsushi.local.stream.SequenceNumber;
import dev.utsushi.local.stream.ShardLineage;
import dev.utsushi.local.stream.ShardReader;
import dev.utsushi.local.stream.StreamShard;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.dynamodb.model.StreamDescription;
import software.amazon.awssdk.services.dynamodb.model.StreamViewType;
import software.amazon.awssdk.services.dynamodb.streams.DynamoDbStreamsClient;
import software.amazon.awssdk.services.kinesis.KinesisClient;

/**
 * Forwards a table's changes to a Kinesis stream, as DynamoDB does and DynamoDB Local does not. It
 * reads them from the table's own stream, which must have new and old images.
 *
 * @see <a href="https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/kds.html">Using
 *     Kinesis Data Streams to capture changes to DynamoDB</a>
 */
public final class StreamingDestination implements AutoCloseable {

  /** The precision of a change's time. */
  public enum Precision {
    MILLISECOND,
    MICROSECOND
  }

  private static final Duration POLL_INTERVAL = Duration.ofMillis(50);

  /** DynamoDB Local shows a change in its stream so much later, at most. */
  private static final Duration VISIBLE_AFTER = Duration.ofMillis(200);

  private static final Duration LONGEST_WAIT = Duration.ofMinutes(2);

  private final Map<StreamShard, ShardReader> readers = new HashMap<>();
  private final ShardLineage lineage = new ShardLineage();
  private final Thread forwarder = Thread.ofVirtual().name("forward-changes").unstarted(this::run);
  private final DynamoDbStream table;
  private final StreamedChange changes;
  private final Delivery delivery;
  private boolean shardsChanged;
  private volatile @Nullable SdkException problem;

  /** When the last look at the table's stream that left nothing to do began. */
  private volatile long idleSince = System.nanoTime();

  private volatile boolean closed;

  private StreamingDestination(DynamoDbStream table, StreamedChange changes, Delivery delivery) {
    this.table = table;
    this.changes = changes;
    this.delivery = delivery;
  }

  /**
   * Starts to forward; every change after this call reaches the stream.
   *
   * @param tableStreamArn the table's own stream
   * @param streamArn the Kinesis stream
   * @param faults what happens to the records on their way
   * @throws IllegalArgumentException if the table's stream lacks an image
   * @throws SdkException if the table's stream can't be read
   */
  public static StreamingDestination start(
      DynamoDbStreamsClient streams,
      String tableStreamArn,
      KinesisClient kinesis,
      String streamArn,
      Precision precision,
      DeliveryFaults faults) {
    StreamDescription table =
        streams.describeStream(request -> request.streamArn(tableStreamArn)).streamDescription();
    if (table.streamViewType() != StreamViewType.NEW_AND_OLD_IMAGES) {
      throw new IllegalArgumentException(
          "%s needs NEW_AND_OLD_IMAGES, not %s"
              .formatted(tableStreamArn, table.streamViewTypeAsString()));
    }
    var destination =
        new StreamingDestination(
            new DynamoDbStream(streams, tableStreamArn),
            new StreamedChange(table.tableName(), streamArn, precision, InstantSource.system()),
            new Delivery(kinesis, streamArn, faults));
    destination.startAtNewest();
    destination.forwarder.start();
    return destination;
  }

  private void startAtNewest() {
    List<StreamShard> shards = table.shards().shards();
    shards.stream().filter(shard -> shard.end().isPresent()).forEach(this::finished);
    for (StreamShard shard : lineage.startable(shards)) {
      reader(shard).newest();
    }
  }

  private ShardReader reader(StreamShard shard) {
    return readers.computeIfAbsent(
        shard,
        _ ->
            new ShardReader(
                table, shard.id(), SequenceNumber.BEGINNING, () -> shard.end(), () -> {}));
  }

  private void finished(StreamShard shard) {
    lineage.finished(shard.id());
    readers.remove(shard);
    shardsChanged = true;
  }

  private void run() {
    while (!closed) {
      long start = System.nanoTime();
      try {
        boolean idle = !read(start);
        delivery.putUntil(start);
        if (idle && delivery.isEmpty()) {
          idleSince = start;
        }
        problem = null;
      } catch (SdkException e) {
        problem = e;
      }
      LockSupport.parkNanos(POLL_INTERVAL.toNanos());
    }
  }

  /** Returns whether there was something to read. */
  private boolean read(long nowNanos) {
    boolean any = shardsChanged;
    if (shardsChanged) {
      lineage.startable(table.shards().shards()).forEach(this::reader);
      shardsChanged = false;
    }
    for (StreamShard shard : List.copyOf(readers.keySet())) {
      ShardReader.Poll poll = reader(shard).poll();
      poll.records().forEach(record -> delivery.add(changes.of(record), nowNanos));
      if (poll.endOfShard()) {
        finished(shard);
      }
      any |= poll.endOfShard() || !poll.records().isEmpty();
    }
    return any;
  }

  /**
   * Waits until every change up to now, and every record that is held back, is in the stream.
   *
   * @throws LocalServerException if that does not happen
   */
  public void awaitForwarded() {
    long from = System.nanoTime() + VISIBLE_AFTER.toNanos();
    while (idleSince - from < 0) {
      @Nullable SdkException last = problem;
      if (System.nanoTime() - from > LONGEST_WAIT.toNanos() || closed) {
        throw last == null
            ? new LocalServerException("The destination is closed or does not end")
            : new LocalServerException("Changes can't be forwarded", last);
      }
      LockSupport.parkNanos(POLL_INTERVAL.toNanos());
    }
  }

  /**
   * Stops to forward. Records that are held back come first; later changes of the table do not
   * reach the stream.
   */
  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    LockSupport.unpark(forwarder);
    try {
      forwarder.join();
      delivery.putUntil(Long.MAX_VALUE / 2);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    } catch (SdkException e) {
      throw new LocalServerException("Changes can't be forwarded", e);
    }
  }
}
