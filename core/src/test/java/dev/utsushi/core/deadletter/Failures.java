package dev.utsushi.core.deadletter;

import java.time.Instant;

/** Lambda's messages about batches that failed. */
public final class Failures {
  public static final String STREAM =
      "arn:aws:dynamodb:us-east-1:0:table/t/stream/2026-11-01T00:00:00.000";

  public static final String TABLE = "arn:aws:dynamodb:us-east-1:0:table/t";

  public static final Instant FAILED_AT = Instant.parse("2026-11-21T00:13:49.717Z");

  private Failures() {}

  public static String json(
      String stream, String shard, String start, String end, int batchSize, Instant failedAt) {
    return """
    {"requestContext":{"requestId":"c9b8fa9f-5a7f-xmpl","functionArn":"arn:aws:lambda:us-east-1:0:function:f",\
    "condition":"RetryAttemptsExhausted","approximateInvokeCount":4},\
    "responseContext":{"statusCode":200,"executedVersion":"$LATEST","functionError":null},\
    "version":"1.0","timestamp":"%s",\
    "DDBStreamBatchInfo":{"shardId":"%s","startSequenceNumber":"%s","endSequenceNumber":"%s",\
    "approximateArrivalOfFirstRecord":"2026-11-21T00:13:19Z",\
    "approximateArrivalOfLastRecord":"2026-11-21T00:13:19Z","batchSize":%d,"streamArn":"%s"}}\
    """
        .formatted(failedAt, shard, start, end, batchSize, stream);
  }

  public static DeadLetter.Failure parse(String json) {
    return DeadLetter.Failure.parse(DeadLetterJson.parse(json));
  }

  public static DeadLetter.Failure of(
      String stream, String shard, String start, String end, int batchSize) {
    return parse(json(stream, shard, start, end, batchSize, FAILED_AT));
  }

  public static DeadLetter.Failure ofSequenceNumbers(String start, String end) {
    return of(STREAM, "shardId-1", start, end, 1);
  }
}
