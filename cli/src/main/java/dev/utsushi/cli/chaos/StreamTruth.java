package dev.utsushi.cli.chaos;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.GetRecordsResponse;
import software.amazon.awssdk.services.dynamodb.model.Record;
import software.amazon.awssdk.services.dynamodb.model.Shard;
import software.amazon.awssdk.services.dynamodb.model.ShardIteratorType;
import software.amazon.awssdk.services.dynamodb.streams.DynamoDbStreamsClient;

/**
 * Everything that the table's streams held, read by nobody but this: all labels, all shards, from
 * their beginning. A reader that is no part of the pipeline, so it can bear witness.
 */
final class StreamTruth {
  private record ShardKey(String streamArn, String shardId) {}

  private final DynamoDbStreamsClient streams;
  private final Set<String> streamArns = new LinkedHashSet<>();
  private final Map<ShardKey, @Nullable String> iterators = new HashMap<>();
  private final Map<String, Change> changes = new LinkedHashMap<>();

  StreamTruth(DynamoDbStreamsClient streams) {
    this.streams = streams;
  }

  synchronized void add(String streamArn) {
    streamArns.add(streamArn);
  }

  synchronized List<String> streamArns() {
    return List.copyOf(streamArns);
  }

  /** Reads what has come since. */
  synchronized void read() {
    for (String streamArn : streamArns) {
      for (Shard shard : shards(streamArn)) {
        read(new ShardKey(streamArn, shard.shardId()));
      }
    }
  }

  private List<Shard> shards(String streamArn) {
    List<Shard> shards = new ArrayList<>();
    @Nullable String after = null;
    do {
      String start = after;
      var page =
          streams
              .describeStream(request -> request.streamArn(streamArn).exclusiveStartShardId(start))
              .streamDescription();
      shards.addAll(page.shards());
      after = page.lastEvaluatedShardId();
    } while (after != null);
    return shards;
  }

  private void read(ShardKey shard) {
    if (!iterators.containsKey(shard)) {
      iterators.put(shard, beginning(shard));
    }
    @Nullable String iterator = iterators.get(shard);
    boolean more = true;
    while (iterator != null && more) {
      String at = iterator;
      GetRecordsResponse page = streams.getRecords(request -> request.shardIterator(at));
      for (Record each : page.records()) {
        Change change = Change.of(shard.streamArn(), shard.shardId(), each);
        changes.put(change.version(), change);
      }
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

  /** All changes, those of an item in their order. */
  synchronized List<Change> changes() {
    return changes.values().stream()
        .sorted(java.util.Comparator.comparing(Change::version))
        .toList();
  }

  /** What the table must hold by these changes; poison is an item like any other there. */
  static Map<ItemName, Map<String, AttributeValue>> table(List<Change> changes) {
    Map<ItemName, Map<String, AttributeValue>> table = new HashMap<>();
    for (Change change : changes) {
      if (change.removal()) {
        table.remove(change.item());
      } else {
        table.put(change.item(), change.image());
      }
    }
    return table;
  }
}
