package dev.utsushi.worker;

import com.amazonaws.services.dynamodbv2.streamsadapter.adapter.DynamoDBStreamsClientRecord;
import dev.utsushi.core.record.RecordFilter;
import dev.utsushi.core.record.RecordReader;
import dev.utsushi.core.record.SdkRecords;
import dev.utsushi.core.replication.ReplicationParts;
import dev.utsushi.core.settings.Settings.WorkerSettings;
import dev.utsushi.worker.WriteLane.LaneContext;
import java.io.ByteArrayInputStream;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import software.amazon.awssdk.services.dynamodb.model.Record;
import software.amazon.kinesis.retrieval.KinesisClientRecord;

/**
 * What the shards of a worker share.
 *
 * @param stopping whether the worker is about to end
 */
record ShardParts(
    WorkerSettings settings,
    ReplicationParts replication,
    RecordFilter filter,
    FailureQueue failures,
    WorkerMetrics metrics,
    BooleanSupplier stopping) {

  boolean isStopping() {
    return stopping.getAsBoolean();
  }

  /**
   * Builds the lanes of a shard, each with a flow of its own: a flow writes one batch at a time.
   */
  List<WriteLane> lanes(String shardId, OpenRecords progress) {
    var context =
        new LaneContext(
            progress,
            failures.of(shardId),
            metrics,
            replication.log(),
            settings.batchSize(),
            settings.retries(),
            settings.attempt());
    return IntStream.range(0, settings.lanes())
        .mapToObj(
            lane ->
                new WriteLane(
                    "lane-" + shardId + "-" + lane,
                    settings.readsKinesis()
                        ? replication.kinesisReplication()
                        : replication.replication(),
                    context))
        .toList();
  }

  OpenRecord read(KinesisClientRecord delivered) {
    String number = delivered.sequenceNumber();
    Instant arrival = delivered.approximateArrivalTimestamp();
    Instant arrivedAt = arrival == null ? Instant.now() : arrival;
    if (delivered instanceof DynamoDBStreamsClientRecord own) {
      Record read = own.getRecord();
      Long size = read.dynamodb().sizeBytes();
      return new OpenRecord(
          SdkRecords.of(read, settings.streamArn()), number, arrivedAt, size == null ? 0 : size);
    }
    byte[] data = bytes(delivered.data());
    return new OpenRecord(
        RecordReader.readKinesis(new ByteArrayInputStream(data), settings.streamArn(), number),
        number,
        arrivedAt,
        data.length);
  }

  /** Returns whether a record passes the filters. */
  boolean isWanted(KinesisClientRecord delivered, OpenRecord read) {
    if (read.streamRecord().problem() != null) {
      // Lambda would deliver it, too, or drop what is no change; nothing is dropped here unseen.
      return true;
    }
    return delivered instanceof DynamoDBStreamsClientRecord own
        ? filter.matches(own.getRecord(), read.streamRecord())
        : filter.matchesKinesis(bytes(delivered.data()));
  }

  private static byte[] bytes(ByteBuffer data) {
    ByteBuffer view = data.duplicate();
    byte[] bytes = new byte[view.remaining()];
    view.get(bytes);
    return bytes;
  }
}
