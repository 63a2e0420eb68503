package dev.utsushi.local.mapping;

import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.ExpiredIteratorException;
import software.amazon.awssdk.services.dynamodb.model.GetRecordsResponse;
import software.amazon.awssdk.services.dynamodb.model.GetShardIteratorRequest;
import software.amazon.awssdk.services.dynamodb.model.Record;
import software.amazon.awssdk.services.dynamodb.model.ResourceNotFoundException;
import software.amazon.awssdk.services.dynamodb.model.ShardIteratorType;
import software.amazon.awssdk.services.dynamodb.model.TrimmedDataAccessException;
import software.amazon.awssdk.services.dynamodb.streams.DynamoDbStreamsClient;

/** Reads one shard from a place on, and finds its place again when an iterator is lost. */
final class ShardReader {

  /** What one poll gave; after the end of a shard there is nothing more to poll. */
  record Poll(List<Record> records, boolean endOfShard) {}

  private static final Poll NOTHING = new Poll(List.of(), false);
  private static final Poll END = new Poll(List.of(), true);

  private final DynamoDbStreamsClient streams;
  private final String streamArn;
  private final String shardId;
  private final Supplier<Optional<SequenceNumber>> end;
  private final Runnable onTrimmed;
  private SequenceNumber lastRead;
  private @Nullable String iterator;

  /** Whether what followed the last record read has expired, so that the horizon comes next. */
  private boolean behindHorizon;

  /**
   * @param lastRead the place to read from
   * @param end the shard's last number, as far as known; empty while the shard is open
   * @param onTrimmed run when records may have expired that were not read
   */
  ShardReader(
      DynamoDbStreamsClient streams,
      String streamArn,
      String shardId,
      SequenceNumber lastRead,
      Supplier<Optional<SequenceNumber>> end,
      Runnable onTrimmed) {
    this.streams = streams;
    this.streamArn = streamArn;
    this.shardId = shardId;
    this.lastRead = lastRead;
    this.end = end;
    this.onTrimmed = onTrimmed;
  }

  /**
   * Reads on. An iterator that expired, or whose records did, yields nothing this time. A shard
   * that is no longer there is at its end.
   *
   * @throws software.amazon.awssdk.core.exception.SdkException if the stream can't be read now
   */
  Poll poll() {
    try {
      return read();
    } catch (ExpiredIteratorException _) {
      iterator = null;
      return NOTHING;
    } catch (TrimmedDataAccessException _) {
      iterator = null;
      return trimmed();
    } catch (ResourceNotFoundException _) {
      return gone();
    }
  }

  /**
   * Reads to the newest record there is, and gives its place.
   *
   * @throws software.amazon.awssdk.core.exception.SdkException if the stream can't be read now
   */
  SequenceNumber newest() {
    Poll poll;
    do {
      poll = poll();
    } while (!poll.records().isEmpty() && !poll.endOfShard());
    return lastRead;
  }

  private Poll read() {
    String current = iterator == null ? newIterator() : iterator;
    GetRecordsResponse response = streams.getRecords(request -> request.shardIterator(current));
    iterator = response.nextShardIterator();
    List<Record> news = response.records().stream().filter(this::isNew).toList();
    if (!news.isEmpty()) {
      lastRead = number(news.getLast());
      behindHorizon = false;
    }
    return new Poll(news, iterator == null);
  }

  /** From the horizon on, what was read before may come again. */
  private boolean isNew(Record record) {
    return number(record).compareTo(lastRead) > 0;
  }

  private static SequenceNumber number(Record record) {
    return new SequenceNumber(record.dynamodb().sequenceNumber());
  }

  /**
   * In AWS the horizon itself is never trimmed. DynamoDB Local says so of a shard whose records are
   * all expired, for ever: then a closed shard is at its end, and an open one waits for records.
   */
  private Poll trimmed() {
    Optional<SequenceNumber> last = end.get();
    if (last.isPresent() && lastRead.compareTo(last.get()) >= 0) {
      return END;
    }
    boolean atHorizon = behindHorizon || lastRead.isBeginning();
    if (!behindHorizon && (last.isPresent() || !atHorizon)) {
      behindHorizon = true;
      onTrimmed.run();
    }
    return atHorizon && last.isPresent() ? END : NOTHING;
  }

  private Poll gone() {
    if (end.get().filter(last -> lastRead.compareTo(last) >= 0).isEmpty()) {
      onTrimmed.run();
    }
    return END;
  }

  private String newIterator() {
    var request = GetShardIteratorRequest.builder().streamArn(streamArn).shardId(shardId);
    if (behindHorizon || lastRead.isBeginning()) {
      request.shardIteratorType(ShardIteratorType.TRIM_HORIZON);
    } else {
      request
          .shardIteratorType(ShardIteratorType.AFTER_SEQUENCE_NUMBER)
          .sequenceNumber(lastRead.digits());
    }
    return streams.getShardIterator(request.build()).shardIterator();
  }
}
