package dev.utsushi.faults.history;

import dev.utsushi.faults.history.Operation.StreamChange;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.OperationType;
import software.amazon.awssdk.services.dynamodb.model.Record;
import software.amazon.awssdk.services.dynamodb.model.ShardIteratorType;
import software.amazon.awssdk.services.dynamodb.streams.DynamoDbStreamsClient;
import software.amazon.awssdk.services.kinesis.KinesisClient;

/**
 * Observes what the table's streams hold: every stream, every shard, from its beginning. It reads
 * them itself, because it must not trust the mapping.
 */
public final class StreamObserver {
  /** The kind of the streams. */
  interface Shards {
    List<String> ids(String streamArn);

    /** Returns the iterator of a shard's oldest record. */
    String beginning(String streamArn, String shardId);

    Page page(String streamArn, String iterator);
  }

  /**
   * Records of a shard.
   *
   * @param next the iterator to go on with; null at the end of the shard
   */
  record Page(List<StreamChange> changes, @Nullable String next) {}

  private record ShardKey(String streamArn, String shardId) {}

  private final Map<ShardKey, @Nullable String> iterators = new HashMap<>();
  private final Set<String> streamArns = new LinkedHashSet<>();
  private final Shards shards;
  private final History history;

  private StreamObserver(Shards shards, History history) {
    this.shards = shards;
    this.history = history;
  }

  /** Observes the table's own streams. */
  public StreamObserver(DynamoDbStreamsClient streams, History history) {
    this(new ObservedTable(streams), history);
  }

  /**
   * Observes the Kinesis stream that the table's changes go to.
   *
   * @param since the label of its changes
   */
  public StreamObserver(KinesisClient kinesis, String since, History history) {
    this(new ObservedKinesis(kinesis, since), history);
  }

  public synchronized void add(String streamArn) {
    streamArns.add(streamArn);
  }

  /** All streams that the table has had, the oldest first. */
  public synchronized List<String> streamArns() {
    return List.copyOf(streamArns);
  }

  /** Reads what is new in all of them. */
  public synchronized void read() {
    for (String arn : streamArns) {
      shards.ids(arn).forEach(id -> read(new ShardKey(arn, id)));
    }
  }

  private void read(ShardKey shard) {
    if (!iterators.containsKey(shard)) {
      iterators.put(shard, shards.beginning(shard.streamArn(), shard.shardId()));
    }
    @Nullable String iterator = iterators.get(shard);
    boolean more = true;
    while (iterator != null && more) {
      Page page = shards.page(shard.streamArn(), iterator);
      page.changes().forEach(change -> history.append(change.in(shard.shardId())));
      more = !page.changes().isEmpty();
      iterator = page.next();
    }
    iterators.put(shard, iterator);
  }

  /**
   * A record's place in a stream. In the table's own it is the change's version as the README
   * defines it; not computed by the function's own code.
   */
  static String position(String streamArn, String sequenceNumber) {
    return padded(streamArn.substring(streamArn.lastIndexOf('/') + 1), sequenceNumber);
  }

  /** A label and a number of 40 digits. */
  static String padded(String label, String number) {
    return label + "/" + "0".repeat(Math.max(0, 40 - number.length())) + number;
  }

  private record ObservedTable(DynamoDbStreamsClient streams) implements Shards {
    @Override
    public List<String> ids(String streamArn) {
      List<String> ids = new ArrayList<>();
      @Nullable String last = null;
      do {
        String after = last;
        var page =
            streams
                .describeStream(
                    request -> request.streamArn(streamArn).exclusiveStartShardId(after))
                .streamDescription();
        page.shards().forEach(shard -> ids.add(shard.shardId()));
        last = page.lastEvaluatedShardId();
      } while (last != null);
      return ids;
    }

    @Override
    public String beginning(String streamArn, String shardId) {
      return streams
          .getShardIterator(
              request ->
                  request
                      .streamArn(streamArn)
                      .shardId(shardId)
                      .shardIteratorType(ShardIteratorType.TRIM_HORIZON))
          .shardIterator();
    }

    @Override
    public Page page(String streamArn, String iterator) {
      var page = streams.getRecords(request -> request.shardIterator(iterator));
      return new Page(
          page.records().stream().map(each -> change(streamArn, each)).toList(),
          page.nextShardIterator());
    }

    private static StreamChange change(String streamArn, Record each) {
      boolean removal = each.eventName() == OperationType.REMOVE;
      return new StreamChange(
          position(streamArn, each.dynamodb().sequenceNumber()),
          ItemName.of(each.dynamodb().keys()),
          removal,
          removal ? Map.of() : each.dynamodb().newImage());
    }
  }
}
