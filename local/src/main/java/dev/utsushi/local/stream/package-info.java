/**
 * Reading a DynamoDB stream: its shards, their records, and how far each shard is settled.
 *
 * <pre>
 * shards -> ShardLineage -> ShardReader -> PolledRecord -> ShardProgress -> Checkpoint
 * </pre>
 */
@NullMarked
package dev.utsushi.local.stream;

import org.jspecify.annotations.NullMarked;
