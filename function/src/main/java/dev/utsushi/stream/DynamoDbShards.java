package dev.utsushi.stream;

import dev.utsushi.core.deadletter.StreamRange;
import dev.utsushi.core.record.RecordFilter;
import dev.utsushi.core.record.SdkRecords;
import dev.utsushi.core.record.StreamRecord;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.GetRecordsResponse;
import software.amazon.awssdk.services.dynamodb.model.Record;
import software.amazon.awssdk.services.dynamodb.model.ShardIteratorType;
import software.amazon.awssdk.services.dynamodb.streams.DynamoDbStreamsClient;

/** Reads the shard of a range of a DynamoDB stream. */
record DynamoDbShards(DynamoDbStreamsClient streams, StreamRange range, RecordFilter filter)
    implements ShardPages {

  @Override
  public String iterator(ShardIteratorType type, @Nullable String sequenceNumber) {
    return streams
        .getShardIterator(
            request ->
                request
                    .streamArn(range.streamArn())
                    .shardId(range.shardId())
                    .shardIteratorType(type)
                    .sequenceNumber(sequenceNumber))
        .shardIterator();
  }

  @Override
  public Page page(String iterator) {
    GetRecordsResponse response = streams.getRecords(request -> request.shardIterator(iterator));
    return new Page(
        response.records().stream().map(this::read).toList(), response.nextShardIterator(), false);
  }

  private Read read(Record read) {
    return new Read(read.dynamodb().sequenceNumber(), () -> passed(read));
  }

  private Optional<StreamRecord> passed(Record read) {
    return Optional.of(SdkRecords.of(read, range.streamArn()))
        .filter(streamRecord -> filter.matches(read, streamRecord));
  }
}
