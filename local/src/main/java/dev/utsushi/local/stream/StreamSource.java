package dev.utsushi.local.stream;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A stream that an event source mapping reads: the part that differs between DynamoDB Streams and
 * Kinesis. Methods throw the exceptions of the service's client.
 */
public sealed interface StreamSource permits DynamoDbStream, KinesisStream {

  /**
   * The shards that the stream lists.
   *
   * @param disabled whether no shards will be added
   */
  record Shards(List<StreamShard> shards, boolean disabled) {}

  /**
   * Records of a shard, none if there are none yet.
   *
   * @param next the iterator to go on with; null at the end of the shard
   */
  record Page(List<PolledRecord> records, @Nullable String next) {}

  Shards shards();

  /**
   * Returns an iterator of a shard.
   *
   * @param after the place to read from; {@link SequenceNumber#BEGINNING} is the starting position
   */
  String iterator(String shardId, SequenceNumber after);

  Page read(String shardId, String iterator);
}
