package dev.utsushi.local.stream;

import java.util.List;
import java.util.Optional;

/**
 * A shard of a stream.
 *
 * @param parents the shards that it continues: none, one, or the two that were merged into it
 * @param end the number of the last record; empty while the shard is open
 */
public record StreamShard(String id, List<String> parents, Optional<SequenceNumber> end) {
  public StreamShard {
    parents = List.copyOf(parents);
  }
}
