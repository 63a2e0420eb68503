package dev.utsushi.local.kinesis;

import java.math.BigInteger;
import java.util.Comparator;
import java.util.List;
import java.util.random.RandomGenerator;
import software.amazon.awssdk.services.kinesis.model.Shard;

/**
 * Changes the number of a stream's open shards.
 *
 * @param stream its name
 */
public record Resharding(LocalKinesis server, String stream) {
  private static final int MOST_SHARDS = 4;

  /**
   * Splits a shard or merges two, as chance and the number of shards decide.
   *
   * @return what was done
   */
  public String splitOrMerge(RandomGenerator random) {
    int open = open().size();
    if (open == 1 || (open < MOST_SHARDS && random.nextBoolean())) {
      split(random.nextInt(open));
      return "split";
    }
    merge(random.nextInt(open - 1));
    return "merged";
  }

  /** Splits the open shard with this number, counted by hash key, in the middle. */
  public void split(int index) {
    Shard shard = open().get(index);
    BigInteger to = new BigInteger(shard.hashKeyRange().endingHashKey());
    server
        .client()
        .splitShard(
            request ->
                request
                    .streamName(stream)
                    .shardToSplit(shard.shardId())
                    .newStartingHashKey(start(shard).add(to).shiftRight(1).toString()));
    server.awaitActive(stream);
  }

  /** Merges the open shard with this number and the one after it. */
  public void merge(int index) {
    List<Shard> open = open();
    server
        .client()
        .mergeShards(
            request ->
                request
                    .streamName(stream)
                    .shardToMerge(open.get(index).shardId())
                    .adjacentShardToMerge(open.get(index + 1).shardId()));
    server.awaitActive(stream);
  }

  /** Returns the shards that take records, by their hash keys. */
  private List<Shard> open() {
    return server.client().listShards(request -> request.streamName(stream)).shards().stream()
        .filter(shard -> shard.sequenceNumberRange().endingSequenceNumber() == null)
        .sorted(Comparator.comparing(Resharding::start))
        .toList();
  }

  private static BigInteger start(Shard shard) {
    return new BigInteger(shard.hashKeyRange().startingHashKey());
  }
}
