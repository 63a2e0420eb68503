package dev.utsushi.stream;

import dev.utsushi.core.deadletter.DeadLetter;
import dev.utsushi.core.deadletter.DeadLetter.Failure;
import dev.utsushi.core.deadletter.StreamRange;
import dev.utsushi.core.index.Deadline;
import dev.utsushi.core.record.RecordFilter;
import dev.utsushi.core.record.StreamRecord;
import dev.utsushi.core.search.AwsJsonApi;
import dev.utsushi.core.search.HttpCaller;
import dev.utsushi.stream.ShardPages.Page;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.services.dynamodb.model.ExpiredIteratorException;
import software.amazon.awssdk.services.dynamodb.model.ResourceNotFoundException;
import software.amazon.awssdk.services.dynamodb.model.ShardIteratorType;
import software.amazon.awssdk.services.dynamodb.model.TrimmedDataAccessException;
import software.amazon.awssdk.services.dynamodb.streams.DynamoDbStreamsClient;

/**
 * Reads the records of a dead letter. Those of a reference it reads back from the stream. DynamoDB
 * Streams keeps them for <a
 * href="https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Streams.html">24
 * hours</a>, Kinesis for the stream's retention period.
 *
 * <p>All records of a range are in the stream before anyone knows the range, so the reader waits
 * for none. But pages without records are normal while an iterator approaches its position.
 */
public record RangeReader(
    DynamoDbStreamsClient streams, Optional<AwsJsonApi> kinesis, RecordFilter filter) {
  /**
   * The prefix of operations in <a
   * href="https://docs.aws.amazon.com/kinesis/latest/APIReference/">Kinesis' API</a>.
   */
  public static final String KINESIS_API = "Kinesis_20131202";

  private static final int MOST_EMPTY_PAGES = 20;
  private static final Duration RETENTION = Duration.ofHours(24);
  private static final int MOST_LOST_ITERATORS = 3;
  private static final Duration PAUSE = Duration.ofMillis(100);

  /** Lambda delivers up to 6 MB to each of up to ten lanes of a shard; few ranges hold as much. */
  private static final long MOST_BYTES = 64 << 20;

  /** Creates a reader that leaves out no record. */
  public RangeReader(DynamoDbStreamsClient streams) {
    this(streams, Optional.empty(), RecordFilter.NONE);
  }

  /** Creates a reader with the function's own role and region. */
  public static RangeReader create(
      RecordFilter filter, Map<String, String> environment, HttpCaller caller) {
    var streams =
        DynamoDbStreamsClient.builder().httpClient(UrlConnectionHttpClient.create()).build();
    Optional<AwsJsonApi> kinesis =
        Optional.ofNullable(environment.get("AWS_REGION"))
            .map(region -> KinesisShards.api(region, environment, caller));
    return new RangeReader(streams, kinesis, filter);
  }

  /** Where the records of a dead letter are. */
  public enum State {
    /** In the message. */
    CAPTURED,
    /** In the stream. */
    IN_STREAM,
    /** Partly in the stream; the others have expired. */
    PARTLY_EXPIRED,
    /** The stream no longer holds any of them: which items they changed is unknown. */
    EXPIRED,
    /** In the stream, but they do not fit into memory. */
    TOO_LARGE,
    /** In the stream, but it can't be read now. */
    UNAVAILABLE,
    /** There are none: the message can't be replayed. */
    NONE
  }

  /**
   * The records of a dead letter, as far as they could be read.
   *
   * @param filtered how many more the mapping filters out
   * @param cause the error if the stream is unavailable; the problem of a message that can't be
   *     replayed; otherwise empty
   */
  public record Records(State state, List<StreamRecord> records, int filtered, String cause) {

    /** Returns that there are none. */
    public Records(State state, String cause) {
      this(state, List.of(), 0, cause);
    }
  }

  /** Returns about how many bytes of memory records take, by what DynamoDB says of their size. */
  public static long bytes(List<StreamRecord> records) {
    return records.stream().mapToLong(RangeReader::bytes).sum();
  }

  private static long bytes(StreamRecord streamRecord) {
    Long size = streamRecord.sizeBytes();
    return size == null ? 0 : size;
  }

  /** Returns the records of a dead letter. Every failure is a result. */
  public Records read(DeadLetter letter, Deadline deadline) {
    return switch (letter) {
      case DeadLetter.Captured captured -> new Records(State.CAPTURED, captured.records(), 0, "");
      case DeadLetter.Reference(var failure) -> read(failure, deadline);
      case DeadLetter.Unreplayable(_, String problem) -> new Records(State.NONE, problem);
    };
  }

  private Records read(Failure failure, Deadline deadline) {
    try {
      return new Reading(failure, shards(failure.range(), deadline), deadline).run();
    } catch (ResourceNotFoundException e) {
      return new Records(State.EXPIRED, "");
    } catch (SdkException e) {
      return new Records(State.UNAVAILABLE, cause(e));
    }
  }

  private ShardPages shards(StreamRange range, Deadline deadline) {
    return range.isKinesis()
        ? new KinesisShards(kinesis.orElseThrow(), range, filter, deadline)
        : new DynamoDbShards(streams, range, filter);
  }

  /** Returns the error code that AWS answered with; without an answer, the type of the failure. */
  public static String cause(SdkException e) {
    return e instanceof AwsServiceException service && service.awsErrorDetails() != null
        ? String.valueOf(service.awsErrorDetails().errorCode())
        : e.getClass().getSimpleName();
  }

  /** One pass over the range, from its start or from what the stream has left of it. */
  private static final class Reading {
    private final StreamRange range;
    private final Instant failedAt;
    private final Deadline deadline;
    private final ShardPages shards;

    /** The records of the range; without a value, those that the mapping filters out. */
    private final TreeMap<String, Optional<StreamRecord>> records =
        new TreeMap<>((Comparator<String>) StreamRange::compare);

    private ShardIteratorType from = ShardIteratorType.AT_SEQUENCE_NUMBER;
    private @Nullable String lastSequenceNumber;
    private boolean pastEnd;
    private long bytes;
    private int emptyPages;
    private int lostIterators;

    Reading(Failure failure, ShardPages shards, Deadline deadline) {
      this.shards = shards;
      this.range = failure.range();
      this.failedAt = failure.failedAt();
      this.deadline = deadline;
    }

    Records run() {
      while (deadline.remaining().isPositive()) {
        try {
          return readFrom(iterator());
        } catch (ExpiredIteratorException e) {
          if (++lostIterators > MOST_LOST_ITERATORS) {
            return new Records(State.UNAVAILABLE, cause(e));
          }
        } catch (TrimmedDataAccessException e) {
          if (from == ShardIteratorType.TRIM_HORIZON && ++lostIterators > MOST_LOST_ITERATORS) {
            return result();
          }
          // The rest of the range, if any, begins where the stream does.
          from = ShardIteratorType.TRIM_HORIZON;
        }
      }
      return outOfTime();
    }

    private Records readFrom(String iterator) {
      String next = iterator;
      while (next != null) {
        if (!deadline.remaining().isPositive()) {
          return outOfTime();
        }
        Page page = shards.page(next);
        page.records().forEach(this::add);
        if (bytes > MOST_BYTES) {
          return new Records(State.TOO_LARGE, "");
        }
        if (pastEnd) {
          return result();
        }
        if (page.isNewest()
            || (page.records().isEmpty() && ++emptyPages > MOST_EMPTY_PAGES && isExpired())) {
          return result();
        }
        next = page.nextIterator();
        if (next != null && page.records().isEmpty() && !deadline.pause(PAUSE)) {
          return outOfTime();
        }
      }
      return result();
    }

    private void add(ShardPages.Read read) {
      String sequenceNumber = read.sequenceNumber();
      lastSequenceNumber = sequenceNumber;
      pastEnd |= range.endsAtOrBefore(sequenceNumber);
      if (range.contains(sequenceNumber)) {
        Optional<StreamRecord> passed = read.passed().get();
        records.put(sequenceNumber, passed);
        bytes += passed.map(RangeReader::bytes).orElse(0L);
      }
    }

    /** Returns the records that were read, when there are no more. */
    private Records result() {
      if (records.isEmpty()) {
        return new Records(State.EXPIRED, "");
      }
      List<StreamRecord> matching = records.values().stream().flatMap(Optional::stream).toList();
      boolean whole =
          StreamRange.compare(records.firstKey(), range.startSequenceNumber()) == 0
              && StreamRange.compare(records.lastKey(), range.endSequenceNumber()) == 0
              && records.size() >= range.batchSize();
      int filtered = records.size() - matching.size();
      return new Records(whole ? State.IN_STREAM : State.PARTLY_EXPIRED, matching, filtered, "");
    }

    /** Any number of pages may be empty. Only time says that nothing comes after them. */
    private boolean isExpired() {
      return deadline.clock().instant().isAfter(failedAt.plus(RETENTION));
    }

    private String iterator() {
      String last = lastSequenceNumber;
      boolean fromStart = from == ShardIteratorType.AT_SEQUENCE_NUMBER;
      ShardIteratorType type =
          fromStart && last != null ? ShardIteratorType.AFTER_SEQUENCE_NUMBER : from;
      String at = last == null ? range.startSequenceNumber() : last;
      return shards.iterator(type, fromStart ? at : null);
    }

    private Records outOfTime() {
      return new Records(State.UNAVAILABLE, "no time left");
    }
  }
}
