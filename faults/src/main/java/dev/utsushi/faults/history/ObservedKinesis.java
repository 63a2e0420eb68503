package dev.utsushi.faults.history;

import dev.utsushi.faults.history.Operation.StreamChange;
import dev.utsushi.faults.history.StreamObserver.Page;
import java.io.IOException;
import java.util.List;
import software.amazon.awssdk.services.kinesis.KinesisClient;
import software.amazon.awssdk.services.kinesis.model.Record;
import software.amazon.awssdk.services.kinesis.model.Shard;
import software.amazon.awssdk.services.kinesis.model.ShardIteratorType;

/**
 * The shards of a Kinesis stream. A run has few: one page lists them all.
 *
 * @param since the label of its changes
 */
record ObservedKinesis(KinesisClient kinesis, String since) implements StreamObserver.Shards {
  @Override
  public List<String> ids(String streamArn) {
    return kinesis.listShards(request -> request.streamARN(streamArn)).shards().stream()
        .map(Shard::shardId)
        .toList();
  }

  @Override
  public String beginning(String streamArn, String shardId) {
    return kinesis
        .getShardIterator(
            request ->
                request
                    .streamARN(streamArn)
                    .shardId(shardId)
                    .shardIteratorType(ShardIteratorType.TRIM_HORIZON))
        .shardIterator();
  }

  @Override
  public Page page(String streamArn, String iterator) {
    var page = kinesis.getRecords(request -> request.streamARN(streamArn).shardIterator(iterator));
    return new Page(
        page.records().stream().map(each -> change(streamArn, each)).toList(),
        page.nextShardIterator());
  }

  private StreamChange change(String streamArn, Record each) {
    try {
      return KinesisChange.of(
          StreamObserver.position(streamArn, each.sequenceNumber()),
          since,
          each.data().asUtf8String());
    } catch (IOException e) {
      throw new ChaosException("a record of the Kinesis stream is not JSON", e);
    }
  }
}
