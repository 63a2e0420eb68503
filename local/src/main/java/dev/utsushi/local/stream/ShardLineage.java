package dev.utsushi.local.stream;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import software.amazon.awssdk.services.dynamodb.model.Shard;

/**
 * Decides which shards may be read: those whose parent is finished or no longer exists. So the
 * changes of an item in a shard are settled before those in its child shards.
 */
public final class ShardLineage {

  private final Set<String> started = new HashSet<>();
  private final Set<String> finished = new HashSet<>();
  private final Map<String, SequenceNumber> ends = new HashMap<>();

  public synchronized void finished(String shardId) {
    started.add(shardId);
    finished.add(shardId);
  }

  public synchronized boolean allFinished(List<Shard> shards) {
    return shards.stream().map(Shard::shardId).allMatch(finished::contains);
  }

  /** Returns the number of a closed shard's last record; empty while the shard is open. */
  public synchronized Optional<SequenceNumber> end(String shardId) {
    return Optional.ofNullable(ends.get(shardId));
  }

  /**
   * Returns the shards to start now; each is returned once.
   *
   * @param shards all shards of the stream
   */
  public synchronized List<Shard> startable(List<Shard> shards) {
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

  public synchronized void noteEnds(List<Shard> shards) {
    for (Shard each : shards) {
      String end = each.sequenceNumberRange().endingSequenceNumber();
      if (end != null) {
        ends.put(each.shardId(), new SequenceNumber(end));
      }
    }
  }

  /** A parent that was started must be finished, even if the stream no longer lists it. */
  private boolean parentIsDone(Shard shard, Set<String> present) {
    String parent = shard.parentShardId();
    return parent == null
        || finished.contains(parent)
        || (!present.contains(parent) && !started.contains(parent));
  }
}
