package dev.utsushi.stream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.utsushi.core.deadletter.DeadLetter;
import dev.utsushi.core.deadletter.Failures;
import dev.utsushi.core.index.Deadline;
import dev.utsushi.core.record.RecordFilter;
import dev.utsushi.core.record.SdkRecords;
import dev.utsushi.core.record.StreamRecord;
import dev.utsushi.stream.RangeReader.Records;
import dev.utsushi.stream.RangeReader.State;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.DynamoDbException;
import software.amazon.awssdk.services.dynamodb.model.ExpiredIteratorException;
import software.amazon.awssdk.services.dynamodb.model.GetRecordsRequest;
import software.amazon.awssdk.services.dynamodb.model.GetRecordsResponse;
import software.amazon.awssdk.services.dynamodb.model.GetShardIteratorRequest;
import software.amazon.awssdk.services.dynamodb.model.GetShardIteratorResponse;
import software.amazon.awssdk.services.dynamodb.model.Record;
import software.amazon.awssdk.services.dynamodb.model.ResourceNotFoundException;
import software.amazon.awssdk.services.dynamodb.model.ShardIteratorType;
import software.amazon.awssdk.services.dynamodb.model.TrimmedDataAccessException;
import software.amazon.awssdk.services.dynamodb.streams.DynamoDbStreamsClient;

/** Answers of a real stream that the embedded one never gives, from a script. */
final class RangeReaderTest {
  private Instant now = Instant.EPOCH;
  private RecordFilter filter = RecordFilter.NONE;
  private final Deque<Object> pages = new ArrayDeque<>();
  private final List<String> iterators = new ArrayList<>();

  @Test
  void emptyPagesAreSkipped() {
    script(page(), page(), page("9"), page(), page("10", "11"));
    assertThat(read("9", "10", 2)).isEqualTo(records(State.IN_STREAM, "9", "10"));
    assertThat(iterators).containsExactly("AT_SEQUENCE_NUMBER 9");
  }

  @Test
  void recordsOfOtherLanesAreReadToo() {
    script(page("9", "10", "11", "12"));
    assertThat(read("9", "11", 2)).isEqualTo(records(State.IN_STREAM, "9", "10", "11"));
  }

  @Test
  void anExpiredIteratorIsReplacedWhereReadingStopped() {
    script(page("9"), ExpiredIteratorException.builder().build(), page("10"));
    assertThat(read("9", "10", 2)).isEqualTo(records(State.IN_STREAM, "9", "10"));
    assertThat(iterators).containsExactly("AT_SEQUENCE_NUMBER 9", "AFTER_SEQUENCE_NUMBER 9");
  }

  @Test
  void aRangeTrimmedAtItsStartIsPartlyExpired() {
    script(trimmed(), page("8", "100"), page("101"));
    assertThat(read("9", "100", 2)).isEqualTo(records(State.PARTLY_EXPIRED, "100"));
    assertThat(iterators).containsExactly("AT_SEQUENCE_NUMBER 9", "TRIM_HORIZON null");
  }

  @Test
  void aMissingFirstRecordIsPartlyExpiredEvenWithoutAnError() {
    script(page("10"));
    assertThat(read("9", "10", 1)).isEqualTo(records(State.PARTLY_EXPIRED, "10"));
  }

  @Test
  void fewerRecordsThanTheBatchHeldArePartlyExpired() {
    script(page("9", "11"));
    assertThat(read("9", "11", 3)).isEqualTo(records(State.PARTLY_EXPIRED, "9", "11"));
  }

  @Test
  void nothingLeftIsExpired() {
    script(trimmed(), page("200"));
    assertThat(read("9", "100", 2)).isEqualTo(new Records(State.EXPIRED, ""));
    script(trimmed(), page());
    pages.add("end");
    assertThat(read("9", "100", 2)).isEqualTo(new Records(State.EXPIRED, ""));
    script(ResourceNotFoundException.builder().build());
    assertThat(read("9", "100", 2)).isEqualTo(new Records(State.EXPIRED, ""));
    script(trimmed(), trimmed(), trimmed(), trimmed(), trimmed());
    assertThat(read("9", "100", 2)).isEqualTo(new Records(State.EXPIRED, ""));
  }

  @Test
  void emptyPagesAfterATrimmedStartAreNotTakenForExpiry() {
    script(trimmed());
    for (int i = 0; i < 50; i++) {
      pages.add(page());
    }
    pages.add(page("10"));
    assertThat(read("9", "10", 1)).isEqualTo(records(State.PARTLY_EXPIRED, "10"));
    script(trimmed());
    for (int i = 0; i < 10_000; i++) {
      pages.add(page());
    }
    now = Failures.FAILED_AT;
    assertThat(read("9", "10", 1, soon()).state()).isEqualTo(State.UNAVAILABLE);
    now = Failures.FAILED_AT.plus(Duration.ofHours(25));
    assertThat(read("9", "10", 1, soon())).isEqualTo(new Records(State.EXPIRED, ""));
  }

  private Deadline soon() {
    return new Deadline(now.plusSeconds(20), () -> now, this::sleep);
  }

  @Test
  void recordsThatTheMappingFiltersOutAreLeftOut() {
    filter = new RecordFilter(List.of("{\"eventName\":[\"INSERT\"]}"));
    script(page("9", "10"));
    pages.add(List.of(record("11").toBuilder().eventName("INSERT").build()));
    Records read = read("9", "11", 3);
    assertThat(read.state()).isEqualTo(State.IN_STREAM);
    assertThat(read.records()).extracting(StreamRecord::sequenceNumber).containsExactly("11");
    assertThat(read.filtered()).isEqualTo(2);
    script(page("9"));
    assertThat(read("9", "9", 1)).isEqualTo(new Records(State.IN_STREAM, List.of(), 1, ""));
  }

  @Test
  void aFilterMayCompareTheOldImage() {
    filter = new RecordFilter(List.of("{\"dynamodb\":{\"OldImage\":{\"a\":{\"S\":[\"x\"]}}}}"));
    script(List.of(modified("9", "x"), modified("10", "y")));
    assertThat(read("9", "10", 1).records())
        .extracting(StreamRecord::sequenceNumber)
        .containsExactly("9");
  }

  private static Record modified(String sequenceNumber, String before) {
    return Record.builder()
        .dynamodb(
            change ->
                change
                    .sequenceNumber(sequenceNumber)
                    .oldImage(Map.of("a", AttributeValue.fromS(before))))
        .build();
  }

  @Test
  void temporaryFailuresAreUnavailable() {
    script(SdkClientException.create("no connection"));
    assertThat(read("9", "9", 1)).isEqualTo(new Records(State.UNAVAILABLE, "SdkClientException"));
    var details = AwsErrorDetails.builder().errorCode("AccessDeniedException").build();
    script(DynamoDbException.builder().awsErrorDetails(details).build());
    assertThat(read("9", "9", 1))
        .isEqualTo(new Records(State.UNAVAILABLE, "AccessDeniedException"));
  }

  @Test
  void readingIsBounded() {
    for (int i = 0; i < 10_000; i++) {
      pages.add(page());
    }
    assertThat(read("9", "9", 1).state()).isEqualTo(State.UNAVAILABLE);
    assertThat(now).isBeforeOrEqualTo(Instant.EPOCH.plusSeconds(10));
    pages.clear();
    for (int i = 0; i < 10_000; i++) {
      pages.add(page(Integer.toString(10 + i)));
    }
    assertThat(read("9", "20000", 1, new Deadline(now.plusSeconds(5), this::tick, this::sleep)))
        .isEqualTo(new Records(State.UNAVAILABLE, "no time left"));
  }

  private Instant tick() {
    now = now.plusMillis(10);
    return now;
  }

  private Records read(String start, String end, int batchSize) {
    return read(start, end, batchSize, new Deadline(now.plusSeconds(10), () -> now, this::sleep));
  }

  private Records read(String start, String end, int batchSize, Deadline deadline) {
    iterators.clear();
    var failure = Failures.of(Failures.STREAM, "shardId-1", start, end, batchSize);
    return new RangeReader(new Script(), Optional.empty(), filter)
        .read(new DeadLetter.Reference(failure), deadline);
  }

  private void sleep(Duration pause) {
    now = now.plus(pause);
  }

  private void script(Object... answers) {
    pages.clear();
    pages.addAll(Arrays.asList(answers));
  }

  private static TrimmedDataAccessException trimmed() {
    return TrimmedDataAccessException.builder().build();
  }

  private static List<Record> page(String... sequenceNumbers) {
    return Arrays.stream(sequenceNumbers).map(RangeReaderTest::record).toList();
  }

  private static Record record(String sequenceNumber) {
    return Record.builder().dynamodb(change -> change.sequenceNumber(sequenceNumber)).build();
  }

  private static Records records(State state, String... sequenceNumbers) {
    List<StreamRecord> records =
        Arrays.stream(sequenceNumbers)
            .map(number -> SdkRecords.of(record(number), Failures.STREAM))
            .toList();
    return new Records(state, records, 0, "");
  }

  /** Answers with the next entry of the script. */
  private final class Script implements DynamoDbStreamsClient {
    @Override
    public GetShardIteratorResponse getShardIterator(GetShardIteratorRequest request) {
      iterators.add(request.shardIteratorType() + " " + request.sequenceNumber());
      assertThat(request.sequenceNumber() == null)
          .isEqualTo(request.shardIteratorType() == ShardIteratorType.TRIM_HORIZON);
      return GetShardIteratorResponse.builder().shardIterator("next").build();
    }

    @Override
    public GetRecordsResponse getRecords(GetRecordsRequest request) {
      Object answer = pages.removeFirst();
      if (answer instanceof RuntimeException e) {
        throw e;
      }
      boolean end = "end".equals(pages.peekFirst());
      @SuppressWarnings("unchecked")
      List<Record> records = (List<Record>) answer;
      return GetRecordsResponse.builder()
          .records(records)
          .nextShardIterator(end ? null : "next")
          .build();
    }

    @Override
    public String serviceName() {
      return "dynamodb";
    }

    @Override
    public void close() {}
  }
}
