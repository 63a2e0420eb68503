package dev.utsushi.faults.history;

import dev.utsushi.faults.history.Operation.StreamChange;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.GetRecordsResponse;
import software.amazon.awssdk.services.dynamodb.model.OperationType;
import software.amazon.awssdk.services.dynamodb.model.Record;
import software.amazon.awssdk.services.dynamodb.model.ShardIteratorType;
import software.amazon.awssdk.services.dynamodb.streams.DynamoDbStreamsClient;

/**
 * Observes what the table's streams hold: every stream, every shard, from its beginning. It reads
 * them itself, because it must not trust the mapping.
 */
public final class StreamObserver {
  private record ShardKey(String streamArn, String shardId) {}

  private final Map<ShardKey, @Nullable String> iterators = new HashMap<>();
  private final Set<String> streamArns = new LinkedHashSet<>();
  private final DynamoDbStreamsClient streams;
  private final History history;

  public StreamObserver(DynamoDbStreamsClient streams, History history) {
    this.streams = streams;
    this.history = history;
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
    streamArns.forEach(this::readShards);
  }

  private void readShards(String streamArn) {
    @Nullable String last = null;
    do {
      String after = last;
      var page =
          streams
              .describeStream(request -> request.streamArn(streamArn).exclusiveStartShardId(after))
              .streamDescription();
      page.shards().forEach(shard -> read(new ShardKey(streamArn, shard.shardId())));
      last = page.lastEvaluatedShardId();
    } while (last != null);
  }

  private void read(ShardKey shard) {
    if (!iterators.containsKey(shard)) {
      iterators.put(shard, beginning(shard));
    }
    @Nullable String iterator = iterators.get(shard);
    boolean more = true;
    while (iterator != null && more) {
      String position = iterator;
      GetRecordsResponse page = streams.getRecords(request -> request.shardIterator(position));
      page.records().forEach(each -> history.append(change(shard.streamArn(), each)));
      more = !page.records().isEmpty();
      iterator = page.nextShardIterator();
    }
    iterators.put(shard, iterator);
  }

  private String beginning(ShardKey shard) {
    return streams
        .getShardIterator(
            request ->
                request
                    .streamArn(shard.streamArn())
                    .shardId(shard.shardId())
                    .shardIteratorType(ShardIteratorType.TRIM_HORIZON))
        .shardIterator();
  }

  private static StreamChange change(String streamArn, Record each) {
    boolean removal = each.eventName() == OperationType.REMOVE;
    return new StreamChange(
        version(streamArn, each.dynamodb().sequenceNumber()),
        ItemName.of(each.dynamodb().keys()),
        removal,
        removal ? Map.of() : each.dynamodb().newImage());
  }

  /** The version as the README defines it; not computed by the function's own code. */
  static String version(String streamArn, String sequenceNumber) {
    String label = streamArn.substring(streamArn.lastIndexOf('/') + 1);
    return label + "/" + "0".repeat(Math.max(0, 40 - sequenceNumber.length())) + sequenceNumber;
  }
}
