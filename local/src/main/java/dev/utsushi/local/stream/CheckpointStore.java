package dev.utsushi.local.stream;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Keeps checkpoints in memory, so that a mapping can be restarted. Safe for use by the threads of
 * many shards.
 */
public final class CheckpointStore {

  private record ShardKey(String streamArn, String shardId) {}

  private final Map<ShardKey, Checkpoint> checkpoints = new ConcurrentHashMap<>();

  public Optional<Checkpoint> read(String streamArn, String shardId) {
    return Optional.ofNullable(checkpoints.get(new ShardKey(streamArn, shardId)));
  }

  /** Replaces the shard's checkpoint; a mapping never writes an older one after a newer one. */
  public void write(String streamArn, String shardId, Checkpoint checkpoint) {
    checkpoints.put(new ShardKey(streamArn, shardId), checkpoint);
  }

  /** Copies the current checkpoints, to restart a mapping from them later. */
  public CheckpointStore copy() {
    var copy = new CheckpointStore();
    copy.checkpoints.putAll(checkpoints);
    return copy;
  }
}
