package dev.utsushi.local.stream;

import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.ExpiredIteratorException;
import software.amazon.awssdk.services.dynamodb.model.GetRecordsResponse;
import software.amazon.awssdk.services.dynamodb.model.GetShardIteratorRequest;
import software.amazon.awssdk.services.dynamodb.model.ResourceNotFoundException;
import software.amazon.awssdk.services.dynamodb.model.ShardIteratorType;
import software.amazon.awssdk.services.dynamodb.model.TrimmedDataAccessException;
import software.amazon.awssdk.services.dynamodb.streams.DynamoDbStreamsClient;

/** Reads one shard from a given place, and finds that place again when its iterator is lost. */
public final class ShardReader {

  /** The result of one poll; after the end of a shard there is nothing more to poll. */
  public record Poll(List<PolledRecord> records, boolean endOfShard) {}

  private static final Poll NOTHING = new Poll(List.of(), false);
  private static final Poll END = new Poll(List.of(), true);

  private final DynamoDbStreamsClient streams;
  private final String streamArn;
  private final String shardId;
  private final Supplier<Optional<SequenceNumber>> end;
  private final Runnable onTrimmed;
  private SequenceNumber lastRead;
  private @Nullable String iterator;

  /** Whether the records after the last one read have expired, so that the horizon comes next. */
  private boolean behindHorizon;

  /**
   * @param lastRead the place to read from
   * @param end the shard's last number, as far as known; empty while the shard is open
   * @param onTrimmed run when unread records may have expired
   */
  public ShardReader(
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
   * Reads the next records. An iterator that expired, or whose records did, yields nothing this
   * time. A shard that no longer exists is at its end.
   *
   * @throws software.amazon.awssdk.core.exception.SdkException if the stream can't be read now
   */
  public Poll poll() {
    try {
      return read();
    } catch (ExpiredIteratorException _) {
      iterator = null;
      return NOTHING;
    } catch (TrimmedDataAccessException _) {
      iterator = null;
      return trimmed();
    } catch (ResourceNotFoundException _) {
      return deleted();
    }
  }

  /**
   * Reads up to the newest record and returns its place.
   *
   * @throws software.amazon.awssdk.core.exception.SdkException if the stream can't be read now
   */
  public SequenceNumber newest() {
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
    // From the horizon on, records that were read before may come again.
    List<PolledRecord> unread =
        response.records().stream()
            .map(record -> PolledRecord.of(streamArn, record))
            .filter(record -> record.number().compareTo(lastRead) > 0)
            .toList();
    if (!unread.isEmpty()) {
      lastRead = unread.getLast().number();
      behindHorizon = false;
    }
    return new Poll(unread, iterator == null);
  }

  /**
   * In AWS the horizon itself is never trimmed. In DynamoDB Local it stays trimmed once all records
   * of a shard have expired: then a closed shard is at its end, and an open one waits for records.
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

  private Poll deleted() {
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
