package dev.utsushi.stream;

import dev.utsushi.core.deadletter.StreamRange;
import dev.utsushi.core.index.Deadline;
import dev.utsushi.core.index.Deadline.Sleeper;
import java.time.Duration;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.services.dynamodb.model.ExpiredIteratorException;
import software.amazon.awssdk.services.dynamodb.model.GetRecordsResponse;
import software.amazon.awssdk.services.dynamodb.model.ResourceNotFoundException;
import software.amazon.awssdk.services.dynamodb.model.ShardIteratorType;
import software.amazon.awssdk.services.dynamodb.model.TrimmedDataAccessException;
import software.amazon.awssdk.services.dynamodb.streams.DynamoDbStreamsClient;

/**
 * Reads the records of a range back from a DynamoDB stream, for as long as the stream has them: <a
 * href="https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Streams.html">24
 * hours</a>.
 *
 * <p>The records of a range are all in the stream by the time anybody knows the range, so that
 * nothing is waited for; but a page without records is normal while the iterator finds its way.
 */
public final class RangeReader {
  private static final int MOST_EMPTY_PAGES = 20;
  private static final int MOST_LOST_ITERATORS = 3;
  private static final Duration PAUSE = Duration.ofMillis(100);

  private final DynamoDbStreamsClient streams;
  private final Sleeper sleeper;

  /** A reader over this client. */
  public RangeReader(DynamoDbStreamsClient streams) {
    this(streams, Sleeper.THREAD);
  }

  RangeReader(DynamoDbStreamsClient streams, Sleeper sleeper) {
    this.streams = streams;
    this.sleeper = sleeper;
  }

  /** A reader with the function's own role and region. */
  public static RangeReader create() {
    return new RangeReader(
        DynamoDbStreamsClient.builder().httpClient(UrlConnectionHttpClient.create()).build());
  }

  /** Reads all of the range. Whatever goes wrong is a result. */
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
    private final RangeRecords records;
    private ShardIteratorType from = ShardIteratorType.AT_SEQUENCE_NUMBER;
    private int emptyPages;
    private int lostIterators;

    Reading(StreamRange range, Deadline deadline) {
      this.range = range;
      this.deadline = deadline;
      this.records = new RangeRecords(range);
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
            return records.result();
          }
          // What is left of it, if anything, begins where the stream does.
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
        if (!records.add(page.records())) {
          return new RangeRead.TooLarge();
        }
        if (records.isPastEnd()) {
          return records.result();
        }
        if (page.records().isEmpty() && ++emptyPages > MOST_EMPTY_PAGES) {
          return afterEmptyPages();
        }
        next = page.nextShardIterator();
        if (next != null && page.records().isEmpty()) {
          sleeper.sleep(PAUSE);
        }
      }
      return records.result();
    }

    /** From the trim horizon on there is nothing; from a record that is there, there must be. */
    private RangeRead afterEmptyPages() {
      return from == ShardIteratorType.TRIM_HORIZON
          ? records.result()
          : new RangeRead.Unavailable("the stream shows none of its records");
    }

    private GetRecordsResponse getRecords(String iterator) {
      return streams.getRecords(request -> request.shardIterator(iterator));
    }

    private String iterator() {
      String last = records.lastSequenceNumber();
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
