package dev.utsushi.local.mapping;

import java.util.Optional;

/** Keeps checkpoints over the life of a mapping. Safe for use by the threads of many shards. */
public interface CheckpointStore {

  Optional<Checkpoint> read(String streamArn, String shardId);

  /** Replaces the shard's checkpoint; a mapping never writes an older one after a newer. */
  void write(String streamArn, String shardId, Checkpoint checkpoint);
}
