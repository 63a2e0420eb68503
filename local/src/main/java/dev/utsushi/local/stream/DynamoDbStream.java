package dev.utsushi.local.stream;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.GetShardIteratorRequest;
import software.amazon.awssdk.services.dynamodb.model.Shard;
import software.amazon.awssdk.services.dynamodb.model.ShardIteratorType;
import software.amazon.awssdk.services.dynamodb.model.StreamDescription;
import software.amazon.awssdk.services.dynamodb.model.StreamStatus;
import software.amazon.awssdk.services.dynamodb.streams.DynamoDbStreamsClient;

/**
 * A table's stream.
 *
 * @param arn of the stream, not of the table
 * @see <a
 *     href="https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Streams.html">DynamoDB
 *     Streams</a>
 */
public record DynamoDbStream(DynamoDbStreamsClient client, String arn) implements StreamSource {

  @Override
  public Shards shards() {
    List<StreamShard> shards = new ArrayList<>();
    StreamDescription page;
    @Nullable String last = null;
    do {
      page = describe(last);
      page.shards().stream().map(DynamoDbStream::shard).forEach(shards::add);
      last = page.lastEvaluatedShardId();
    } while (last != null);
    return new Shards(shards, page.streamStatus() == StreamStatus.DISABLED);
  }

  private StreamDescription describe(@Nullable String after) {
    return client
        .describeStream(request -> request.streamArn(arn).exclusiveStartShardId(after))
        .streamDescription();
  }

  private static StreamShard shard(Shard shard) {
    return new StreamShard(
        shard.shardId(),
        Stream.ofNullable(shard.parentShardId()).toList(),
        Optional.ofNullable(shard.sequenceNumberRange().endingSequenceNumber())
            .map(SequenceNumber::new));
  }

  @Override
  public String iterator(String shardId, SequenceNumber after) {
    var request = GetShardIteratorRequest.builder().streamArn(arn).shardId(shardId);
    if (after.isBeginning()) {
      request.shardIteratorType(ShardIteratorType.TRIM_HORIZON);
    } else {
      request
          .shardIteratorType(ShardIteratorType.AFTER_SEQUENCE_NUMBER)
          .sequenceNumber(after.digits());
    }
    return client.getShardIterator(request.build()).shardIterator();
  }

  @Override
  public Page read(String shardId, String iterator) {
    var page = client.getRecords(request -> request.shardIterator(iterator));
    return new Page(
        page.records().stream().map(record -> PolledRecord.of(arn, record)).toList(),
        page.nextShardIterator());
  }
}
