package dev.utsushi.local.stream;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import software.amazon.awssdk.services.kinesis.KinesisClient;
import software.amazon.awssdk.services.kinesis.model.GetRecordsResponse;
import software.amazon.awssdk.services.kinesis.model.GetShardIteratorRequest;
import software.amazon.awssdk.services.kinesis.model.ListShardsResponse;
import software.amazon.awssdk.services.kinesis.model.Record;
import software.amazon.awssdk.services.kinesis.model.Shard;
import software.amazon.awssdk.services.kinesis.model.ShardIteratorType;

/**
 * A Kinesis data stream.
 *
 * @param arn of the stream or of one of its consumers, which then polls the stream as well
 * @param since where shards without a checkpoint start; empty for their oldest records
 * @see <a
 *     href="https://docs.aws.amazon.com/streams/latest/dev/developing-consumers-with-sdk.html">Shared
 *     throughput consumers</a>
 */
public record KinesisStream(KinesisClient client, String arn, Optional<Instant> since)
    implements StreamSource {

  private static final ObjectMapper JSON = new ObjectMapper();

  private String streamArn() {
    return arn.split("/consumer/", 2)[0];
  }

  @Override
  public Shards shards() {
    List<StreamShard> shards = new ArrayList<>();
    ListShardsResponse page = client.listShards(request -> request.streamARN(streamArn()));
    add(page, shards);
    while (page.nextToken() != null) {
      String next = page.nextToken();
      page = client.listShards(request -> request.nextToken(next));
      add(page, shards);
    }
    return new Shards(shards, false);
  }

  private static void add(ListShardsResponse page, List<StreamShard> shards) {
    page.shards().stream().map(KinesisStream::shard).forEach(shards::add);
  }

  private static StreamShard shard(Shard shard) {
    return new StreamShard(
        shard.shardId(),
        Stream.of(shard.parentShardId(), shard.adjacentParentShardId())
            .flatMap(Stream::ofNullable)
            .toList(),
        Optional.ofNullable(shard.sequenceNumberRange().endingSequenceNumber())
            .map(SequenceNumber::new));
  }

  @Override
  public String iterator(String shardId, SequenceNumber after) {
    var request = GetShardIteratorRequest.builder().streamARN(streamArn()).shardId(shardId);
    if (!after.isBeginning()) {
      request
          .shardIteratorType(ShardIteratorType.AFTER_SEQUENCE_NUMBER)
          .startingSequenceNumber(after.digits());
    } else if (since.isPresent()) {
      request.shardIteratorType(ShardIteratorType.AT_TIMESTAMP).timestamp(since.get());
    } else {
      request.shardIteratorType(ShardIteratorType.TRIM_HORIZON);
    }
    return client.getShardIterator(request.build()).shardIterator();
  }

  /** Passes over pages without records, which Kinesis may return in the middle of a shard. */
  @Override
  public Page read(String shardId, String iterator) {
    GetRecordsResponse page = getRecords(iterator);
    while (page.records().isEmpty()
        && page.nextShardIterator() != null
        && page.millisBehindLatest() > 0) {
      page = getRecords(page.nextShardIterator());
    }
    return new Page(
        page.records().stream().map(record -> polled(shardId, record)).toList(),
        page.nextShardIterator());
  }

  private GetRecordsResponse getRecords(String iterator) {
    return client.getRecords(request -> request.streamARN(streamArn()).shardIterator(iterator));
  }

  private PolledRecord polled(String shardId, Record record) {
    String json = json(shardId, record);
    return new PolledRecord(
        record.sequenceNumber(),
        record.approximateArrivalTimestamp(),
        record.partitionKey().hashCode(),
        json,
        json.getBytes(StandardCharsets.UTF_8).length);
  }

  private String json(String shardId, Record record) {
    ObjectNode json = JSON.createObjectNode();
    json.putObject("kinesis")
        .put("kinesisSchemaVersion", "1.0")
        .put("partitionKey", record.partitionKey())
        .put("sequenceNumber", record.sequenceNumber())
        .put("data", record.data().asByteArrayUnsafe())
        .put(
            "approximateArrivalTimestamp",
            BigDecimal.valueOf(record.approximateArrivalTimestamp().toEpochMilli(), 3));
    return json.put("eventSource", "aws:kinesis")
        .put("eventVersion", "1.0")
        .put("eventID", shardId + ":" + record.sequenceNumber())
        .put("eventName", "aws:kinesis:record")
        .put("invokeIdentityArn", "arn:aws:iam::000000000000:role/local")
        .put("awsRegion", arn.split(":", 5)[3])
        .put("eventSourceARN", arn)
        .toString();
  }
}
