package dev.utsushi.stream;

import dev.utsushi.core.deadletter.StreamRange;
import dev.utsushi.core.index.Deadline;
import dev.utsushi.core.index.Deadline.Sleeper;
import dev.utsushi.core.record.StreamRecord;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.services.dynamodb.model.ExpiredIteratorException;
import software.amazon.awssdk.services.dynamodb.model.GetRecordsResponse;
import software.amazon.awssdk.services.dynamodb.model.Record;
import software.amazon.awssdk.services.dynamodb.model.ResourceNotFoundException;
import software.amazon.awssdk.services.dynamodb.model.ShardIteratorType;
import software.amazon.awssdk.services.dynamodb.model.TrimmedDataAccessException;
import software.amazon.awssdk.services.dynamodb.streams.DynamoDbStreamsClient;

/**
 * Reads the records of a range back from a DynamoDB stream, which keeps them for <a
 * href="https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Streams.html">24
 * hours</a>.
 *
 * <p>All records of a range are in the stream before anybody knows the range, so the reader waits
 * for none. But pages without records are normal while an iterator approaches its position.
 */
public final class RangeReader {
  private static final int MOST_EMPTY_PAGES = 20;
  private static final int MOST_LOST_ITERATORS = 3;
  private static final Duration PAUSE = Duration.ofMillis(100);

  /** Lambda delivers up to 6 MB to each of up to ten lanes of a shard; few ranges hold as much. */
  private static final long MOST_BYTES = 64 << 20;

  private final DynamoDbStreamsClient streams;
  private final Sleeper sleeper;

  /** Creates a reader over this client. */
  public RangeReader(DynamoDbStreamsClient streams) {
    this(streams, Sleeper.THREAD);
  }

  RangeReader(DynamoDbStreamsClient streams, Sleeper sleeper) {
    this.streams = streams;
    this.sleeper = sleeper;
  }

  /** Creates a reader with the function's own role and region. */
  public static RangeReader create() {
    return new RangeReader(
        DynamoDbStreamsClient.builder().httpClient(UrlConnectionHttpClient.create()).build());
  }

  /** The result of reading a range. */
  public sealed interface RangeRead {

    /** All of its records. */
    record Whole(List<StreamRecord> records) implements RangeRead {}

    /** The stream no longer holds some records; these are left. */
    record PartlyExpired(List<StreamRecord> records) implements RangeRead {}

    /** The stream holds none of the records: which items they changed is unknown. */
    record Expired() implements RangeRead {}

    /**
     * The stream cannot be read now.
     *
     * @param cause the type of the error
     */
    record Unavailable(String cause) implements RangeRead {}

    /** The range holds more than fits into memory. */
    record TooLarge() implements RangeRead {}
  }

  /** Returns about how many bytes of memory records take, by what DynamoDB says of their size. */
  public static long bytes(List<StreamRecord> records) {
    return records.stream().mapToLong(RangeReader::bytes).sum();
  }

  private static long bytes(StreamRecord streamRecord) {
    Long size = streamRecord.sizeBytes();
    return size == null ? 0 : size;
  }

  /** Reads a whole range. Every failure is a result. */
  public RangeRead read(StreamRange range, Deadline deadline) {
    try {
      return new Reading(range, deadline).run();
    } catch (ResourceNotFoundException e) {
      return new RangeRead.Expired();
    } catch (AwsServiceException e) {
      return new RangeRead.Unavailable(errorCode(e));
    } catch (SdkException e) {
      return new RangeRead.Unavailable(e.getClass().getSimpleName());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new RangeRead.Unavailable("interrupted");
    }
  }

  private static String errorCode(AwsServiceException e) {
    return e.awsErrorDetails() == null
        ? e.getClass().getSimpleName()
        : String.valueOf(e.awsErrorDetails().errorCode());
  }

  /** One pass over the range, from its start or from what the stream has left of it. */
  private final class Reading {
    private final StreamRange range;
    private final Deadline deadline;
    private final TreeMap<String, StreamRecord> records =
        new TreeMap<>((Comparator<String>) StreamRange::compare);
    private ShardIteratorType from = ShardIteratorType.AT_SEQUENCE_NUMBER;
    private @Nullable String lastSequenceNumber;
    private boolean pastEnd;
    private long bytes;
    private int emptyPages;
    private int lostIterators;

    Reading(StreamRange range, Deadline deadline) {
      this.range = range;
      this.deadline = deadline;
    }

    RangeRead run() throws InterruptedException {
      while (deadline.remaining().isPositive()) {
        try {
          return readFrom(iterator());
        } catch (ExpiredIteratorException e) {
          if (++lostIterators > MOST_LOST_ITERATORS) {
            return new RangeRead.Unavailable(errorCode(e));
          }
        } catch (TrimmedDataAccessException e) {
          if (from == ShardIteratorType.TRIM_HORIZON && ++lostIterators > MOST_LOST_ITERATORS) {
            return result();
          }
          // What is left of the range, if anything, begins where the stream does.
          from = ShardIteratorType.TRIM_HORIZON;
        }
      }
      return outOfTime();
    }

    private RangeRead readFrom(String iterator) throws InterruptedException {
      String next = iterator;
      while (next != null) {
        if (!deadline.remaining().isPositive()) {
          return outOfTime();
        }
        GetRecordsResponse page = getRecords(next);
        page.records().forEach(this::add);
        if (bytes > MOST_BYTES) {
          return new RangeRead.TooLarge();
        }
        if (pastEnd) {
          return result();
        }
        if (page.records().isEmpty() && ++emptyPages > MOST_EMPTY_PAGES) {
          return afterEmptyPages();
        }
        next = page.nextShardIterator();
        if (next != null && page.records().isEmpty()) {
          sleeper.sleep(PAUSE);
        }
      }
      return result();
    }

    private void add(Record read) {
      String sequenceNumber = read.dynamodb().sequenceNumber();
      lastSequenceNumber = sequenceNumber;
      pastEnd |= range.endsAtOrBefore(sequenceNumber);
      if (range.contains(sequenceNumber)) {
        StreamRecord streamRecord = SdkRecords.of(read, range.streamArn());
        records.put(sequenceNumber, streamRecord);
        bytes += bytes(streamRecord);
      }
    }

    /** Nothing more will come: was that all? */
    private RangeRead result() {
      List<StreamRecord> all = List.copyOf(records.values());
      if (all.isEmpty()) {
        return new RangeRead.Expired();
      }
      boolean whole =
          StreamRange.compare(records.firstKey(), range.startSequenceNumber()) == 0
              && StreamRange.compare(records.lastKey(), range.endSequenceNumber()) == 0
              && all.size() >= range.batchSize();
      return whole ? new RangeRead.Whole(all) : new RangeRead.PartlyExpired(all);
    }

    /**
     * From the trim horizon on there may be nothing; from a record that is there, there must be.
     */
    private RangeRead afterEmptyPages() {
      return from == ShardIteratorType.TRIM_HORIZON
          ? result()
          : new RangeRead.Unavailable("the stream shows none of its records");
    }

    private GetRecordsResponse getRecords(String iterator) {
      return streams.getRecords(request -> request.shardIterator(iterator));
    }

    private String iterator() {
      String last = lastSequenceNumber;
      boolean fromStart = from == ShardIteratorType.AT_SEQUENCE_NUMBER;
      ShardIteratorType type =
          fromStart && last != null ? ShardIteratorType.AFTER_SEQUENCE_NUMBER : from;
      String at = last == null ? range.startSequenceNumber() : last;
      return streams
          .getShardIterator(
              request ->
                  request
                      .streamArn(range.streamArn())
                      .shardId(range.shardId())
                      .shardIteratorType(type)
                      .sequenceNumber(fromStart ? at : null))
          .shardIterator();
    }

    private RangeRead outOfTime() {
      return new RangeRead.Unavailable("no time left");
    }
  }
}
