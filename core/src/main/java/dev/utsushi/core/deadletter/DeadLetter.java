package dev.utsushi.core.deadletter;

import com.fasterxml.jackson.databind.JsonNode;
import dev.utsushi.core.record.StreamRecord;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a message of the dead-letter queue turned out to be. */
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

  /** A message about a batch of a DynamoDB stream. */
  sealed interface OfBatch extends DeadLetter {
    /** Returns Lambda's message. */
    Failure failure();

    /** Returns the number of this part of the batch, from 1; 0 for a reference. */
    int part();

    /** Returns the identity that duplicates share. */
    default Identity identity() {
      return new Identity(failure().range(), part());
    }
  }

  /** What a message is about. SQS, and a capture that was cut off, repeat messages. */
  record Identity(StreamRange range, int part) {}

  /**
   * A message that holds its records.
   *
   * @param part the number of this part, from 1: a batch may need several messages
   * @param reason why the second chance did not process the records; null if there was none
   * @param records without the old image
   */
  record Captured(
      Failure failure,
      Instant capturedAt,
      int part,
      int parts,
      @Nullable String reason,
      List<StreamRecord> records)
      implements OfBatch {
    @Override
    public Form form() {
      return Form.CAPTURED;
    }
  }

  /** Lambda's own message. */
  record Reference(Failure failure) implements OfBatch {
    @Override
    public Form form() {
      return Form.REFERENCE;
    }

    @Override
    public int part() {
      return 0;
    }
  }

  /** Somebody else's message. */
  record Foreign(String problem) implements DeadLetter {
    @Override
    public Form form() {
      return Form.FOREIGN;
    }
  }

  /** A message that cannot be read; the problem quotes nothing of it. */
  record Malformed(String problem) implements DeadLetter {
    @Override
    public Form form() {
      return Form.MALFORMED;
    }
  }

  /**
   * What <a
   * href="https://docs.aws.amazon.com/lambda/latest/dg/services-dynamodb-errors.html">Lambda
   * says</a> about a batch that it gave up: where its records are, and not which they are.
   *
   * @param condition {@code RetryAttemptsExhausted} or {@code RecordAgeExceeded}; may be empty
   * @param invocations about how often the function was invoked with the batch
   * @param failedAt when Lambda gave up
   * @param firstArrival when the first record came to the stream
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

    static Failure parse(JsonNode json) {
      JsonNode batch = json.path(BATCH);
      if (!batch.isObject()) {
        throw new IllegalArgumentException("'" + BATCH + "' is not a JSON object");
      }
      Instant failedAt = DeadLetterJson.time(json, "timestamp");
      JsonNode request = json.path("requestContext");
      return new Failure(
          new StreamRange(
              DeadLetterJson.text(batch, "streamArn"),
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
   * @param tableArn the table whose dead letters are ours; messages about others are foreign
   */
  static DeadLetter parse(String body, String tableArn) {
    try {
      JsonNode message = DeadLetterJson.parse(body);
      if (message.hasNonNull(CapturedMessage.MARK)) {
        return ofTable(CapturedMessage.parse(message), tableArn);
      }
      return message.has(Failure.BATCH)
          ? ofTable(new Reference(Failure.parse(message)), tableArn)
          : new Foreign("not a message from Lambda about a batch of a DynamoDB stream");
    } catch (IllegalArgumentException e) {
      return new Malformed(String.valueOf(e.getMessage()));
    }
  }

  private static DeadLetter ofTable(OfBatch letter, String tableArn) {
    StreamRange range = letter.failure().range();
    return range.tableArn().equals(tableArn)
        ? letter
        : new Foreign("about the stream of another table: " + range.streamArn());
  }
}
