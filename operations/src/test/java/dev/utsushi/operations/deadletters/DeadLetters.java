package dev.utsushi.operations.deadletters;

import dev.utsushi.core.record.KeySchema;
import dev.utsushi.operations.deadletters.DeadLetterListing.Entry;
import dev.utsushi.operations.stack.DeployedStream;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.MessageSystemAttributeName;

/** Messages of a dead-letter queue. */
public final class DeadLetters {
  static final String TABLE = "arn:aws:dynamodb:eu-west-1:1:table/deals";
  public static final Instant NOW = Instant.parse("2026-11-21T12:00:00Z");
  static final Duration RETENTION = Duration.ofDays(14);
  static final Instant HOUR_AGO = NOW.minus(Duration.ofHours(1));
  private static final Instant TWO_DAYS_AGO = NOW.minus(Duration.ofDays(2));

  public static final DeployedStream STREAM =
      new DeployedStream(
          "utsushi",
          "eu-west-1",
          "deals",
          TABLE,
          new KeySchema("deal", "at"),
          null,
          new DeployedStream.Search("http://engine", "none", null),
          "https://queue",
          "replay-deals",
          Duration.ofMinutes(1),
          "/logs/replay");

  private DeadLetters() {}

  public static Entry entry(String id, Instant sentAt, String body) {
    return Entry.of(
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

  /** A listing of one message of each form, a duplicate and an expired reference. */
  public static DeadLetterListing listing() {
    return listing(true, captured(), reference(), foreign(), duplicate(), expired());
  }

  public static DeadLetterListing listing(boolean complete, Entry... entries) {
    return DeadLetterListing.of(List.of(entries), NOW, RETENTION, complete, 0);
  }

  static Entry captured() {
    return entry("aaaaaaaa-1", HOUR_AGO, captured(HOUR_AGO, "100", "20000000000"));
  }

  static Entry reference() {
    return entry("bbbbbbbb-1", HOUR_AGO, reference(HOUR_AGO, "300", "300", 1));
  }

  static Entry duplicate() {
    return entry("bbbbbbbb-2", HOUR_AGO.plusSeconds(9), reference(HOUR_AGO, "300", "300", 1));
  }

  static Entry expired() {
    return entry("cccccccc-1", TWO_DAYS_AGO, reference(TWO_DAYS_AGO, "50", "50", 1));
  }

  static Entry foreign() {
    return entry("dddddddd-1", NOW.minusSeconds(30), "{\"hello\":1}");
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
