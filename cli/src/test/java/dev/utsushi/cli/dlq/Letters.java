package dev.utsushi.cli.dlq;

import java.time.Instant;
import java.util.Map;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.MessageSystemAttributeName;

/** Messages as they lie in a dead-letter queue. */
final class Letters {
  static final String TABLE = "arn:aws:dynamodb:eu-west-1:1:table/deals";
  static final Instant NOW = Instant.parse("2026-11-21T12:00:00Z");

  private Letters() {}

  static Letter of(String id, Instant sentAt, String body) {
    return Letter.of(
        Message.builder()
            .messageId(id)
            .body(body)
            .attributes(
                Map.of(
                    MessageSystemAttributeName.SENT_TIMESTAMP,
                    Long.toString(sentAt.toEpochMilli()),
                    MessageSystemAttributeName.APPROXIMATE_RECEIVE_COUNT,
                    "2"))
            .build(),
        TABLE);
  }

  static String reference(Instant failedAt, String from, String to, int batchSize) {
    return """
    {"requestContext":{"condition":"RetryAttemptsExhausted","approximateInvokeCount":4},
     "responseContext":{"functionError":null},"version":"1.0","timestamp":"%s",
     "DDBStreamBatchInfo":{"shardId":"shardId-00000001795247851614-7ce7efdb",
      "startSequenceNumber":"%s","endSequenceNumber":"%s",
      "approximateArrivalOfFirstRecord":"%s","batchSize":%d,
      "streamArn":"%s/stream/2026-11-01T00:00:00.000"}}\
    """
        .formatted(failedAt, from, to, failedAt, batchSize, TABLE);
  }

  static String captured(Instant failedAt, String from, String to) {
    return """
    {"utsushi":"captured/1","capturedAt":"%s","part":1,"parts":1,"failure":%s,
     "reason":"engine: 503","records":[
      {"eventName":"MODIFY","dynamodb":{"ApproximateCreationDateTime":1795262400,
       "Keys":{"deal":{"S":"d|1"},"at":{"N":"5"}},"NewImage":{"deal":{"S":"d|1"},"secret":{"S":"s"}},
       "SequenceNumber":"%s"}},
      {"eventName":"REMOVE","dynamodb":{"Keys":{"other":{"S":"x"}},"SequenceNumber":"%s"}}]}\
    """
        .formatted(failedAt, reference(failedAt, from, to, 2), from, to);
  }
}
