package dev.utsushi.stream;

import dev.utsushi.core.record.StreamRecord;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.ShardIteratorType;

/**
 * Reads one shard page by page. Kinesis and DynamoDB Streams share names and errors: {@code
 * ExpiredIteratorException}, {@code ResourceNotFoundException}. Every failure is thrown as DynamoDB
 * Streams' client throws it.
 */
sealed interface ShardPages permits DynamoDbShards, KinesisShards {

  /** Returns an iterator at this place. */
  String iterator(ShardIteratorType type, @Nullable String sequenceNumber);

  /** Returns the records at an iterator. */
  Page page(String iterator);

  /**
   * The records of one request.
   *
   * @param nextIterator null at the end of the shard
   * @param isNewest whether the stream says that there is no newer record
   */
  record Page(List<Read> records, @Nullable String nextIterator, boolean isNewest) {}

  /**
   * A record of the shard.
   *
   * @param passed converts the record; empty if the mapping filters it out
   */
  record Read(String sequenceNumber, Supplier<Optional<StreamRecord>> passed) {}
}
