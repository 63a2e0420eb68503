package dev.utsushi.local.stream;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.DescribeStreamRequest;
import software.amazon.awssdk.services.dynamodb.model.DescribeStreamResponse;
import software.amazon.awssdk.services.dynamodb.model.ExpiredIteratorException;
import software.amazon.awssdk.services.dynamodb.model.GetRecordsRequest;
import software.amazon.awssdk.services.dynamodb.model.GetRecordsResponse;
import software.amazon.awssdk.services.dynamodb.model.GetShardIteratorRequest;
import software.amazon.awssdk.services.dynamodb.model.GetShardIteratorResponse;
import software.amazon.awssdk.services.dynamodb.model.OperationType;
import software.amazon.awssdk.services.dynamodb.model.Record;
import software.amazon.awssdk.services.dynamodb.model.ResourceNotFoundException;
import software.amazon.awssdk.services.dynamodb.model.Shard;
import software.amazon.awssdk.services.dynamodb.model.ShardIteratorType;
import software.amazon.awssdk.services.dynamodb.model.StreamStatus;
import software.amazon.awssdk.services.dynamodb.model.StreamViewType;
import software.amazon.awssdk.services.dynamodb.model.TrimmedDataAccessException;
import software.amazon.awssdk.services.dynamodb.streams.DynamoDbStreamsClient;

/**
 * A stream with shapes and failures that no server produces on demand: splits, several generations,
 * records that expire in the middle of a shard. A page has one shard, a poll two records.
 */
public final class ScriptedStream implements DynamoDbStreamsClient {

  public static final String ARN = "arn:aws:dynamodb:us-east-1:000000000000:table/t/stream/label";

  private static final int PAGE = 2;

  /** A shard of the script, open until it is closed. */
  public static final class ScriptedShard {
    private final String id;
    private final @Nullable String parent;
    private final List<Integer> numbers = new CopyOnWriteArrayList<>();
    private volatile boolean closed;
    private volatile boolean gone;
    private volatile int expiredUpTo;
    private volatile boolean horizonIsTrimmed;
    private volatile boolean iteratorsExpire;

    private ScriptedShard(String id, @Nullable String parent) {
      this.id = id;
      this.parent = parent;
    }

    public ScriptedShard with(Integer... more) {
      numbers.addAll(List.of(more));
      return this;
    }

    public ScriptedShard closed() {
      closed = true;
      return this;
    }

    /** Removes the records up to this one from the stream. */
    public void expireUpTo(int number) {
      expiredUpTo = number;
    }

    /** Trims the horizon itself, as DynamoDB Local does for a shard without records. */
    public void horizonIsTrimmed(boolean trimmed) {
      horizonIsTrimmed = trimmed;
    }

    /** Expires every iterator returned so far. */
    public void expireIterators() {
      iteratorsExpire = true;
    }

    public void gone() {
      gone = true;
    }

    private Shard description() {
      return Shard.builder()
          .shardId(id)
          .parentShardId(parent)
          .sequenceNumberRange(
              range ->
                  range
                      .startingSequenceNumber("1")
                      .endingSequenceNumber(closed ? numbers.getLast().toString() : null))
          .build();
    }
  }

  private final Map<String, ScriptedShard> shards = new LinkedHashMap<>();
  private volatile StreamStatus status = StreamStatus.ENABLED;
  private volatile boolean deleted;
  private volatile Runnable onPoll = () -> {};

  public synchronized ScriptedShard shard(String id, @Nullable String parent) {
    var shard = new ScriptedShard(id, parent);
    shards.put(id, shard);
    return shard;
  }

  public void disable() {
    status = StreamStatus.DISABLED;
  }

  public void delete() {
    deleted = true;
  }

  public void onPoll(Runnable onPoll) {
    this.onPoll = onPoll;
  }

  @Override
  public synchronized DescribeStreamResponse describeStream(DescribeStreamRequest request) {
    if (deleted) {
      throw ResourceNotFoundException.builder().message("no stream").build();
    }
    List<Shard> all = shards.values().stream().map(ScriptedShard::description).toList();
    int next =
        request.exclusiveStartShardId() == null
            ? 0
            : new ArrayList<>(shards.keySet()).indexOf(request.exclusiveStartShardId()) + 1;
    return DescribeStreamResponse.builder()
        .streamDescription(
            description ->
                description
                    .streamStatus(status)
                    .shards(all.get(next))
                    .lastEvaluatedShardId(next == all.size() - 1 ? null : all.get(next).shardId()))
        .build();
  }

  @Override
  public GetShardIteratorResponse getShardIterator(GetShardIteratorRequest request) {
    ScriptedShard shard = shard(request.shardId());
    shard.iteratorsExpire = false;
    int after = shard.expiredUpTo;
    if (request.shardIteratorType() == ShardIteratorType.AFTER_SEQUENCE_NUMBER) {
      after = Integer.parseInt(request.sequenceNumber());
    } else if (shard.horizonIsTrimmed) {
      throw trimmed();
    }
    return GetShardIteratorResponse.builder().shardIterator(shard.id + " " + after).build();
  }

  @Override
  public GetRecordsResponse getRecords(GetRecordsRequest request) {
    onPoll.run();
    String[] place = request.shardIterator().split(" ", 2);
    ScriptedShard shard = shard(place[0]);
    if (shard.iteratorsExpire) {
      throw ExpiredIteratorException.builder().message("too late").build();
    }
    int after = Integer.parseInt(place[1]);
    if (after < shard.expiredUpTo) {
      throw trimmed();
    }
    List<Integer> page = shard.numbers.stream().filter(n -> n > after).limit(PAGE).toList();
    int last = page.isEmpty() ? after : page.getLast();
    boolean end = shard.closed && last >= shard.numbers.getLast();
    return GetRecordsResponse.builder()
        .records(page.stream().map(ScriptedStream::record).toList())
        .nextShardIterator(end ? null : shard.id + " " + last)
        .build();
  }

  private synchronized ScriptedShard shard(String id) {
    ScriptedShard shard = shards.get(id);
    if (shard == null || shard.gone || deleted) {
      throw ResourceNotFoundException.builder().message("no shard").build();
    }
    return shard;
  }

  private static TrimmedDataAccessException trimmed() {
    return TrimmedDataAccessException.builder().message("trimmed").build();
  }

  static Record record(int number) {
    return Record.builder()
        .eventID("event-" + number)
        .eventName(OperationType.INSERT)
        .eventVersion("1.1")
        .eventSource("aws:dynamodb")
        .awsRegion("us-east-1")
        .dynamodb(
            change ->
                change
                    .keys(Map.of("id", AttributeValue.fromS("item-" + number)))
                    .approximateCreationDateTime(Records.ARRIVAL)
                    .sequenceNumber(Integer.toString(number))
                    .sizeBytes(1L)
                    .streamViewType(StreamViewType.KEYS_ONLY))
        .build();
  }

  @Override
  public String serviceName() {
    return "streams.dynamodb";
  }

  @Override
  public void close() {}
}
