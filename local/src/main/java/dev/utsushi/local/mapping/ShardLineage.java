package dev.utsushi.local.mapping;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import software.amazon.awssdk.services.dynamodb.model.Shard;

/**
 * Which shards may be read: those whose parent is finished, or is no longer there. So changes of an
 * item that were written to a shard are settled before those in the shard that followed it.
 */
final class ShardLineage {

  private final Set<String> started = new HashSet<>();
  private final Set<String> finished = new HashSet<>();

  synchronized void finished(String shardId) {
    started.add(shardId);
    finished.add(shardId);
  }

  /** The shards to start now; each is given once. */
  synchronized List<Shard> startable(List<Shard> shards) {
    Set<String> present = shards.stream().map(Shard::shardId).collect(Collectors.toSet());
    List<Shard> startable =
        shards.stream()
            .filter(shard -> !started.contains(shard.shardId()))
            .filter(shard -> parentIsDone(shard, present))
            .toList();
    startable.forEach(shard -> started.add(shard.shardId()));
    return startable;
  }

  private boolean parentIsDone(Shard shard, Set<String> present) {
    String parent = shard.parentShardId();
    return parent == null || !present.contains(parent) || finished.contains(parent);
  }
}
