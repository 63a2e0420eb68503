package dev.utsushi.cli.dlq;

import static org.assertj.core.api.Assertions.assertThat;

import dev.utsushi.cli.terminal.Terminal;
import dev.utsushi.core.deadletter.DeadLetter;
import dev.utsushi.core.record.KeySchema;
import dev.utsushi.operations.deadletters.DeadLetterListing;
import dev.utsushi.operations.deadletters.DeadLetterListing.Entry;
import dev.utsushi.operations.deadletters.MessageRecords;
import dev.utsushi.operations.stack.DeployedStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class DeadLetterPrinterTest {
  private static final String TABLE = "arn:aws:dynamodb:eu-west-1:1:table/deals";
  private static final Instant NOW = Instant.parse("2026-11-21T12:00:00Z");
  private static final Instant HOUR_AGO = NOW.minus(Duration.ofHours(1));
  private static final Instant TWO_DAYS_AGO = NOW.minus(Duration.ofDays(2));
  private static final DeployedStream STREAM =
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
          "/aws/lambda/replay-deals");

  private static final Entry CAPTURED =
      entry("aaaaaaaa-1", HOUR_AGO, captured(HOUR_AGO, "100", "20000000000"));

  private final StringWriter text = new StringWriter();
  private final DeadLetterPrinter printer =
      new DeadLetterPrinter(Terminal.plain(new PrintWriter(text, true)), STREAM, "--stack utsushi");

  @Test
  void aListSaysHowMuchTimeIsLeftAndWhatToTypeNext() {
    printer.list(
        listing(
            entry("cccccccc-1", TWO_DAYS_AGO, reference(TWO_DAYS_AGO, "50", "50", 1)),
            CAPTURED,
            new Entry(
                "bbbbbbbb-2",
                HOUR_AGO.plusSeconds(9),
                2,
                DeadLetter.parse(reference(HOUR_AGO, "300", "300", 1), TABLE),
                List.of("bbbbbbbb-1")),
            entry("dddddddd-1", NOW.minusSeconds(30), "{\"hello\":1}")));
    assertThat(screen())
        .isEqualTo(
            """

            Dead letters of deals (stack utsushi, eu-west-1)
              message   age     left     form       condition         attempts  records  shard       range
              cccccccc  2 d     expired  reference  attempts used up         4        1  …-7ce7efdb  50
              aaaaaaaa  60 min  13 d     captured   attempts used up         4        2  …-7ce7efdb  100 to …000000000
              bbbbbbbb  60 min  23 h     reference  attempts used up         4        1  …-7ce7efdb  300
              dddddddd  30 s    13 d     foreign    -                                    -           -

            4 messages, 4 records; 1 duplicate not counted
                 1 captured   hold their records: can be replayed while in the queue
                 2 reference  can be replayed while the stream has their records, 24 hours
              1 of these expired: write the items that changed then again, and purge
                 1 foreign    not of this table, never replayed: show them, then purge

            Show one:              utsushi dlq show --stack utsushi cccccccc
            See what replay does:  utsushi dlq replay --stack utsushi --dry-run
            """);
  }

  @Test
  void keysAreShownAndItemsOnlyWhenAskedFor() {
    var captured = (DeadLetter.Captured) CAPTURED.letter();
    var records = new MessageRecords(MessageRecords.State.CAPTURED, captured.records(), null);
    printer.show(CAPTURED, listing(CAPTURED), records, false);
    assertThat(screen())
        .contains("d%7C1|%N5", "not of this table's keys", "engine: 503", "after 4 attempts")
        .contains("100 to 20000000000, a batch of 2 records", "2026-11-21T12:00:00Z")
        .doesNotContain("secret");
    printer.show(CAPTURED, listing(CAPTURED), records, true);
    assertThat(screen()).contains("\"secret\":{\"S\":\"s\"}");
  }

  private String screen() {
    return text.toString().replace(System.lineSeparator(), "\n");
  }

  private static DeadLetterListing listing(Entry... entries) {
    return new DeadLetterListing(List.of(entries), NOW, Duration.ofDays(14), true, 0);
  }

  private static Entry entry(String id, Instant sentAt, String body) {
    return new Entry(id, sentAt, 2, DeadLetter.parse(body, TABLE), List.of());
  }

  private static String reference(Instant failedAt, String from, String to, int batchSize) {
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

  private static String captured(Instant failedAt, String from, String to) {
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
