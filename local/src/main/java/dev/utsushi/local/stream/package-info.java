/**
 * Reading a stream of DynamoDB or Kinesis: its shards, their records, and how far each shard is
 * settled.
 *
 * <pre>
 * StreamSource -> StreamShard -> ShardLineage -> ShardReader -> PolledRecord -> ShardProgress -> Checkpoint
 * </pre>
 */
@NullMarked
package dev.utsushi.local.stream;

import org.jspecify.annotations.NullMarked;
