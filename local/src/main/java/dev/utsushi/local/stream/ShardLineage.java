package dev.utsushi.local.stream;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Decides which shards may be read: those whose parents are finished or no longer exist. So the
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

  public synchronized boolean allFinished(List<StreamShard> shards) {
    return shards.stream().map(StreamShard::id).allMatch(finished::contains);
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
  public synchronized List<StreamShard> startable(List<StreamShard> shards) {
    noteEnds(shards);
    Set<String> present = shards.stream().map(StreamShard::id).collect(Collectors.toSet());
    List<StreamShard> startable =
        shards.stream()
            .filter(shard -> !started.contains(shard.id()))
            .filter(shard -> parentsAreDone(shard, present))
            .toList();
    startable.forEach(shard -> started.add(shard.id()));
    return startable;
  }

  public synchronized void noteEnds(List<StreamShard> shards) {
    for (StreamShard each : shards) {
      each.end().ifPresent(end -> ends.put(each.id(), end));
    }
  }

  /** A parent that was started must be finished, even if the stream no longer lists it. */
  private boolean parentsAreDone(StreamShard shard, Set<String> present) {
    return shard.parents().stream()
        .allMatch(
            parent ->
                finished.contains(parent)
                    || (!present.contains(parent) && !started.contains(parent)));
  }
}
