package dev.utsushi.core.deadletter;

import dev.utsushi.core.json.RawJson;
import java.time.DateTimeException;
import java.time.Instant;

/**
 * What <a href="https://docs.aws.amazon.com/lambda/latest/dg/services-dynamodb-errors.html">Lambda
 * says</a> of a batch that it gave up: where its records are, and not which.
 *
 * @param condition {@code RetryAttemptsExhausted} or {@code RecordAgeExceeded}; empty if not said
 * @param invocations how often the function was invoked with the batch, about
 * @param failedAt when Lambda gave it up
 * @param json the message, verbatim
 */
public record Failure(
    StreamRange range, String condition, int invocations, Instant failedAt, String json) {

  /**
   * Reads Lambda's message.
   *
   * @throws IllegalArgumentException with what is wrong with it
   */
  static Failure read(RawJson json) {
    RawJson message = json.requireObject("the message");
    RawJson batch = message.field("DDBStreamBatchInfo").requireObject("'DDBStreamBatchInfo'");
    RawJson request = message.field("requestContext");
    return new Failure(
        range(batch),
        request.field("condition").text(""),
        (int) request.field("approximateInvokeCount").number(0),
        failedAt(message),
        json.text());
  }

  private static StreamRange range(RawJson batch) {
    return new StreamRange(
        batch.field("streamArn").requireText("'streamArn'"),
        batch.field("shardId").requireText("'shardId'"),
        batch.field("startSequenceNumber").requireText("'startSequenceNumber'"),
        batch.field("endSequenceNumber").requireText("'endSequenceNumber'"),
        (int) batch.field("batchSize").number(1));
  }

  private static Instant failedAt(RawJson message) {
    try {
      return Instant.parse(message.field("timestamp").requireText("'timestamp'"));
    } catch (DateTimeException e) {
      throw new IllegalArgumentException("'timestamp' is not a time", e);
    }
  }
}
