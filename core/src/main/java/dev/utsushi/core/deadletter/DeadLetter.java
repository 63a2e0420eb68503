package dev.utsushi.core.deadletter;

import com.fasterxml.jackson.databind.JsonNode;
import dev.utsushi.core.record.KinesisSource;
import dev.utsushi.core.record.StreamRecord;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A message of the dead-letter queue, as far as it could be read. */
public sealed interface DeadLetter {

  /** The forms of a message. */
  enum Form {
    /** It holds its records. */
    CAPTURED,
    /** It says where in the stream its records are. */
    REFERENCE,
    /** It is about another table's stream, or about something else. */
    FOREIGN,
    /** It cannot be read. */
    MALFORMED
  }

  /** Returns the form. */
  Form form();

  /** Returns Lambda's message; null if this is not about a batch of the table's stream. */
  default @Nullable Failure failure() {
    return null;
  }

  /** Returns the identity that duplicates share, given the id of the message. */
  default Object identity(String messageId) {
    return messageId;
  }

  /** The identity of a part of a batch. SQS, and a capture that was cut off, repeat messages. */
  record Part(StreamRange range, int number) {}

  /**
   * A message that holds its records.
   *
   * @param part the number of this part, from 1: a batch may need several messages
   * @param reason why the records failed; null if that is unknown
   * @param records without the old image
   */
  record Captured(
      Failure failure,
      Instant capturedAt,
      int part,
      int parts,
      @Nullable String reason,
      List<StreamRecord> records)
      implements DeadLetter {
    @Override
    public Form form() {
      return Form.CAPTURED;
    }

    @Override
    public Object identity(String messageId) {
      return new Part(failure.range(), part);
    }

    /** Adds the records that only a duplicate holds: a second capture omits processed ones. */
    public Captured with(Captured duplicate) {
      Set<StreamRecord> all = new LinkedHashSet<>(records);
      all.addAll(duplicate.records);
      return withRecords(List.copyOf(all));
    }

    /** Returns the same message with other records. */
    public Captured withRecords(List<StreamRecord> others) {
      return new Captured(failure, capturedAt, part, parts, reason, others);
    }
  }

  /** Lambda's own message. */
  record Reference(Failure failure) implements DeadLetter {
    @Override
    public Form form() {
      return Form.REFERENCE;
    }

    @Override
    public Object identity(String messageId) {
      return new Part(failure.range(), 0);
    }
  }

  /** A foreign or malformed message; the problem quotes nothing of it. */
  record Unreplayable(Form form, String problem) implements DeadLetter {}

  /**
   * <a href="https://docs.aws.amazon.com/lambda/latest/dg/services-dynamodb-errors.html">Lambda's
   * message</a> about a batch that it gave up: it says where the records are, but holds none.
   *
   * @param condition {@code RetryAttemptsExhausted} or {@code RecordAgeExceeded}; may be empty
   * @param invocations about how often the function was invoked with the batch
   * @param failedAt when Lambda gave up
   * @param firstArrival when the first record arrived in the stream
   * @param functionError how the last invocation ended; null if the function reported a failure
   * @param json the whole message
   */
  record Failure(
      StreamRange range,
      String condition,
      int invocations,
      Instant failedAt,
      Instant firstArrival,
      @Nullable String functionError,
      JsonNode json) {
    private static final String BATCH = "DDBStreamBatchInfo";
    private static final String KINESIS_BATCH = "KinesisBatchInfo";

    static boolean isFailure(JsonNode json) {
      return json.has(BATCH) || json.has(KINESIS_BATCH);
    }

    static Failure parse(JsonNode json) {
      String name = json.has(KINESIS_BATCH) ? KINESIS_BATCH : BATCH;
      JsonNode batch = json.path(name);
      if (!batch.isObject()) {
        throw new IllegalArgumentException("'" + name + "' is not a JSON object");
      }
      Instant failedAt = DeadLetterJson.time(json, "timestamp");
      JsonNode request = json.path("requestContext");
      return new Failure(
          new StreamRange(
              KinesisSource.ofStream(DeadLetterJson.text(batch, "streamArn")),
              DeadLetterJson.text(batch, "shardId"),
              DeadLetterJson.text(batch, "startSequenceNumber"),
              DeadLetterJson.text(batch, "endSequenceNumber"),
              batch.path("batchSize").asInt(1)),
          request.path("condition").asText(""),
          request.path("approximateInvokeCount").asInt(0),
          failedAt,
          batch.has("approximateArrivalOfFirstRecord")
              ? DeadLetterJson.time(batch, "approximateArrivalOfFirstRecord")
              : failedAt,
          json.path("responseContext").path("functionError").textValue(),
          json);
    }
  }

  /**
   * Reads the body of a message.
   *
   * @param sources the ARNs of the table and of the Kinesis stream whose dead letters are ours;
   *     messages about others are foreign
   */
  static DeadLetter parse(String body, Set<String> sources) {
    try {
      JsonNode message = DeadLetterJson.parse(body);
      if (message.hasNonNull(CapturedMessage.MARK)) {
        var captured = CapturedMessage.parse(message);
        return ofSource(captured, captured.failure().range(), sources);
      }
      if (Failure.isFailure(message)) {
        var failure = Failure.parse(message);
        return ofSource(new Reference(failure), failure.range(), sources);
      }
      return new Unreplayable(
          Form.FOREIGN, "not a message from Lambda about a batch of a DynamoDB stream");
    } catch (IllegalArgumentException e) {
      return new Unreplayable(Form.MALFORMED, String.valueOf(e.getMessage()));
    }
  }

  private static DeadLetter ofSource(DeadLetter letter, StreamRange range, Set<String> sources) {
    return sources.contains(range.source())
        ? letter
        : new Unreplayable(Form.FOREIGN, "about the stream of another table: " + range.streamArn());
  }
}
