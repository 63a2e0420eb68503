package dev.utsushi.operations.deadletters;

import dev.utsushi.core.deadletter.DeadLetter;
import dev.utsushi.core.deadletter.DeadLetter.Form;
import dev.utsushi.core.deadletter.ReplayReply;
import dev.utsushi.core.index.Deadline;
import dev.utsushi.core.index.Outcome;
import dev.utsushi.core.record.KeySchema;
import dev.utsushi.operations.deadletters.DeadLetterScan.Records;
import dev.utsushi.operations.deadletters.DeadLetterScan.Shown;
import dev.utsushi.operations.deadletters.DeadLetterScan.ShownMessage;
import dev.utsushi.operations.deadletters.MessageView.Received;
import dev.utsushi.operations.stack.DeployedStream;
import dev.utsushi.stream.RangeReader;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import software.amazon.awssdk.services.dynamodb.streams.DynamoDbStreamsClient;
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
          null,
          new KeySchema("deal", "at"),
          null,
          null,
          new DeployedStream.Search("http://engine", "none", null),
          "https://queue",
          "replay-deals",
          Duration.ofMinutes(1),
          "/logs/replay",
          null);

  private static final DeadLetter CAPTURED =
      DeadLetter.parse(captured(HOUR_AGO, "100", "20000000000"), Set.of(TABLE));

  private DeadLetters() {}

  private static final class NoStream implements DynamoDbStreamsClient {
    @Override
    public String serviceName() {
      return "dynamodb";
    }

    @Override
    public void close() {}
  }

  static Received entry(String id, Instant sentAt, String body) {
    return Received.of(message(id, sentAt), DeadLetter.parse(body, Set.of(TABLE)));
  }

  private static Message message(String id, Instant sentAt) {
    return Message.builder()
        .messageId(id)
        .attributes(
            Map.of(
                MessageSystemAttributeName.SENT_TIMESTAMP,
                Long.toString(sentAt.toEpochMilli()),
                MessageSystemAttributeName.APPROXIMATE_RECEIVE_COUNT,
                "2"))
        .build();
  }

  /** A listing of one message of each form, a duplicate and an expired reference. */
  public static DeadLetterListing listing() {
    return listing(true, captured(), reference(), foreign(), duplicate(), expired());
  }

  static DeadLetterListing listing(boolean complete, Received... messages) {
    return DeadLetterListing.of(STREAM, NOW, List.of(messages), RETENTION, complete, 0);
  }

  /**
   * The messages of {@link #listing()} with their records; those of references have expired.
   *
   * @param values whether the captured message shows its items
   */
  public static Shown shown(boolean values) {
    DeadLetterListing listing = listing();
    List<ShownMessage> messages = new ArrayList<>();
    for (MessageView each : listing.messages()) {
      var letter = each.form() == Form.CAPTURED ? CAPTURED : each.letter();
      var read =
          letter instanceof DeadLetter.Reference
              ? new RangeReader.Records(RangeReader.State.EXPIRED, "")
              : new RangeReader(new NoStream())
                  .read(letter, Deadline.in(Duration.ZERO, InstantSource.system()));
      messages.add(new ShownMessage(each, Records.of(read, STREAM.keySchema(), values)));
    }
    return new Shown(STREAM, NOW, true, messages);
  }

  /** As many captured messages, each with two records, and a third that is filtered out. */
  public static Shown shownOfOneCause(int messages) {
    Received[] all = new Received[messages];
    for (int i = 0; i < messages; i++) {
      DeadLetter letter = DeadLetter.parse(captured(HOUR_AGO, "1" + i, "2000"), Set.of(TABLE));
      all[i] = Received.of(message("%08d-1".formatted(i), HOUR_AGO), letter);
    }
    var read =
        new RangeReader(new NoStream())
            .read(CAPTURED, Deadline.in(Duration.ZERO, InstantSource.system()));
    var filtered = new RangeReader.Records(read.state(), read.records(), 1, "");
    var records = Records.of(filtered, STREAM.keySchema(), false);
    return new Shown(
        STREAM,
        NOW,
        true,
        listing(true, all).messages().stream()
            .map(each -> new ShownMessage(each, records))
            .toList());
  }

  /** A replay that kept as many messages, of one record each, for one cause. */
  public static ReplayLoop.Result kept(int messages) {
    List<ReplayReply.Message> kept = new ArrayList<>();
    for (int i = 0; i < messages; i++) {
      var rejected =
          new ReplayReply.Replayed(
              "item-" + i,
              Integer.toString(i),
              null,
              "MODIFY",
              HOUR_AGO,
              Outcome.Kind.REJECTED,
              "status 413",
              null,
              false,
              List.of());
      kept.add(
          new ReplayReply.Message(
              "%08d-1".formatted(i),
              Form.CAPTURED,
              ReplayReply.Fate.KEPT,
              "fix the reason, replay again",
              null,
              1,
              1,
              List.of(rejected),
              Map.of()));
    }
    var reply = new ReplayReply(false, ReplayReply.Stopped.EMPTY, kept);
    return ReplayLoop.Result.of(STREAM, NOW, reply, 0);
  }

  static Received captured() {
    return Received.of(message("aaaaaaaa-1", HOUR_AGO), CAPTURED);
  }

  static Received reference() {
    return entry("bbbbbbbb-1", HOUR_AGO, reference(HOUR_AGO, "300", "300", 1));
  }

  static Received duplicate() {
    return entry("bbbbbbbb-2", HOUR_AGO.plusSeconds(9), reference(HOUR_AGO, "300", "300", 1));
  }

  static Received expired() {
    return entry("cccccccc-1", TWO_DAYS_AGO, reference(TWO_DAYS_AGO, "50", "50", 1));
  }

  static Received foreign() {
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
