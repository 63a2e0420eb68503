package dev.utsushi.local.mapping;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
  private final Map<String, SequenceNumber> ends = new HashMap<>();

  synchronized void finished(String shardId) {
    started.add(shardId);
    finished.add(shardId);
  }

  synchronized boolean allFinished(List<Shard> shards) {
    return shards.stream().map(Shard::shardId).allMatch(finished::contains);
  }

  /** The number of a closed shard's last record; empty while it is open, as far as known. */
  synchronized Optional<SequenceNumber> end(String shardId) {
    return Optional.ofNullable(ends.get(shardId));
  }

  /**
   * The shards to start now; each is given once.
   *
   * @param shards all that there are
   */
  synchronized List<Shard> startable(List<Shard> shards) {
    noteEnds(shards);
    Set<String> present = shards.stream().map(Shard::shardId).collect(Collectors.toSet());
    List<Shard> startable =
        shards.stream()
            .filter(shard -> !started.contains(shard.shardId()))
            .filter(shard -> parentIsDone(shard, present))
            .toList();
    startable.forEach(shard -> started.add(shard.shardId()));
    return startable;
  }

  synchronized void noteEnds(List<Shard> shards) {
    for (Shard each : shards) {
      String end = each.sequenceNumberRange().endingSequenceNumber();
      if (end != null) {
        ends.put(each.shardId(), new SequenceNumber(end));
      }
    }
  }

  /** A parent that was started counts until it is finished, also when the stream has dropped it. */
  private boolean parentIsDone(Shard shard, Set<String> present) {
    String parent = shard.parentShardId();
    return parent == null
        || finished.contains(parent)
        || (!present.contains(parent) && !started.contains(parent));
  }
}
