package dev.utsushi.local.mapping;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.ExpiredIteratorException;
import software.amazon.awssdk.services.dynamodb.model.GetRecordsResponse;
import software.amazon.awssdk.services.dynamodb.model.Record;
import software.amazon.awssdk.services.dynamodb.model.ShardIteratorType;
import software.amazon.awssdk.services.dynamodb.model.TrimmedDataAccessException;
import software.amazon.awssdk.services.dynamodb.streams.DynamoDbStreamsClient;

/** Reads one shard from a position on, and finds its place again when an iterator is lost. */
final class ShardReader {

  /** What one poll gave; after the end of a shard there is nothing more to poll. */
  record Poll(List<Record> records, boolean endOfShard) {}

  private final DynamoDbStreamsClient streams;
  private final String streamArn;
  private final String shardId;
  private final Runnable onTrimmed;
  private ShardIteratorType startingPosition;
  private @Nullable String lastRead;
  private @Nullable String iterator;

  /**
   * @param lastRead the sequence number to read after; without one, the starting position counts
   */
  ShardReader(
      DynamoDbStreamsClient streams,
      String streamArn,
      String shardId,
      StartingPosition startingPosition,
      Optional<String> lastRead,
      Runnable onTrimmed) {
    this.streams = streams;
    this.streamArn = streamArn;
    this.shardId = shardId;
    this.startingPosition =
        switch (startingPosition) {
          case TRIM_HORIZON -> ShardIteratorType.TRIM_HORIZON;
          case LATEST -> ShardIteratorType.LATEST;
        };
    this.lastRead = lastRead.orElse(null);
    this.onTrimmed = onTrimmed;
  }

  /** Takes the starting position now: with LATEST, what comes after this call is read. */
  void open() {
    try {
      iterator = newIterator();
    } catch (TrimmedDataAccessException _) {
      fromTrimHorizon();
      iterator = newIterator();
    }
  }

  /**
   * Reads on. An iterator that expired, or whose records did, yields nothing this time.
   *
   * @throws software.amazon.awssdk.core.exception.SdkException if the stream can't be read now
   */
  Poll poll() {
    if (iterator == null) {
      open();
    }
    GetRecordsResponse response;
    try {
      response = streams.getRecords(request -> request.shardIterator(iterator));
    } catch (ExpiredIteratorException _) {
      iterator = null;
      return new Poll(List.of(), false);
    } catch (TrimmedDataAccessException _) {
      fromTrimHorizon();
      iterator = null;
      return new Poll(List.of(), false);
    }
    iterator = response.nextShardIterator();
    if (!response.records().isEmpty()) {
      lastRead = response.records().getLast().dynamodb().sequenceNumber();
    }
    return new Poll(response.records(), iterator == null);
  }

  private void fromTrimHorizon() {
    startingPosition = ShardIteratorType.TRIM_HORIZON;
    lastRead = null;
    onTrimmed.run();
  }

  private String newIterator() {
    ShardIteratorType type =
        lastRead == null ? startingPosition : ShardIteratorType.AFTER_SEQUENCE_NUMBER;
    return streams
        .getShardIterator(
            request ->
                request
                    .streamArn(streamArn)
                    .shardId(shardId)
                    .shardIteratorType(type)
                    .sequenceNumber(lastRead))
        .shardIterator();
  }
}
