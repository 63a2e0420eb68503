package dev.utsushi.local.mapping;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** Checkpoints that live as long as this object; {@link #copy} is one to go back to. */
public final class InMemoryCheckpointStore implements CheckpointStore {

  private record ShardKey(String streamArn, String shardId) {}

  private final Map<ShardKey, Checkpoint> checkpoints = new ConcurrentHashMap<>();

  @Override
  public Optional<Checkpoint> read(String streamArn, String shardId) {
    return Optional.ofNullable(checkpoints.get(new ShardKey(streamArn, shardId)));
  }

  @Override
  public void write(String streamArn, String shardId, Checkpoint checkpoint) {
    checkpoints.put(new ShardKey(streamArn, shardId), checkpoint);
  }

  /** The checkpoints of this moment, to restart a mapping from later. */
  public InMemoryCheckpointStore copy() {
    var copy = new InMemoryCheckpointStore();
    copy.checkpoints.putAll(checkpoints);
    return copy;
  }
}
