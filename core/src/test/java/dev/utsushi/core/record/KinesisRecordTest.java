package dev.utsushi.core.record;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.utsushi.core.change.Change;
import dev.utsushi.core.change.ItemKey;
import dev.utsushi.core.change.Value;
import dev.utsushi.core.change.Version;
import dev.utsushi.core.index.Outcome;
import dev.utsushi.core.record.RecordDecoder.Decoded;
import dev.utsushi.core.record.RecordDecoder.TtlDeletes;
import java.io.ByteArrayInputStream;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What DynamoDB sends to Kinesis, read and decoded. */
final class KinesisRecordTest {
  private static final String STREAM = "arn:aws:kinesis:us-east-1:123456789012:stream/changes";
  private static final String TABLE = "arn:aws:dynamodb:us-east-1:123456789012:table/actions";
  private static final String NUMBER = "49628566489653659107048838082246518393102916603510521906";
  private static final KinesisSource SOURCE = new KinesisSource(STREAM, "2026-11-01T00:00:00.000");
  private static final String DATA =
      """
      {"awsRegion":"us-east-1","eventID":"6f773704","eventName":"MODIFY","userIdentity":null,
       "recordFormat":"application/json","tableName":"actions",
       "dynamodb":{"ApproximateCreationDateTime":1795222923417253,
        "ApproximateCreationDateTimePrecision":"MICROSECOND",
        "Keys":{"id":{"S":"a"}},
        "NewImage":{"id":{"S":"a"},"n":{"N":"0.10"},"l":{"L":[{"BOOL":true},{"NULL":true}]},
         "bs":{"BS":["AQI="]}},
        "OldImage":{"id":{"S":"a"}},"SizeBytes":42},
       "eventSource":"aws:dynamodb"}
      """;

  @Test
  void aChangeIsOrderedByItsMicroseconds() {
    assertThat(decode(DATA))
        .isEqualTo(
            new Decoded.Changed(
                new Change.Upsert(
                    new ItemKey(new Value.Text("a"), null),
                    new Version("2026-11-01T00:00:00.000/0000000000000000000000001795222923417253"),
                    Instant.parse("2026-11-21T01:02:03.417253Z"),
                    Map.of(
                        "id", new Value.Text("a"),
                        "n", new Value.Decimal("0.10"),
                        "l", new Value.Sequence(List.of(new Value.Bool(true), new Value.Null())),
                        "bs", new Value.BinarySet(List.of(ByteBuffer.wrap(new byte[] {1, 2})))))));
  }

  @Test
  void aRemovalAndAnExpiry() {
    String removal = DATA.replace("MODIFY", "REMOVE");
    assertThat(decode(removal))
        .isInstanceOfSatisfying(
            Decoded.Changed.class,
            changed -> assertThat(changed.change()).isInstanceOf(Change.Removal.class));
    String expiry =
        removal.replace(
            "\"userIdentity\":null",
            "\"userIdentity\":{\"type\":\"Service\",\"principalId\":\"dynamodb.amazonaws.com\"}");
    var decoder = new RecordDecoder(new KeySchema("id", null), TtlDeletes.KEEP, TABLE, SOURCE);
    assertThat(decoder.decode(read(expiry)))
        .isEqualTo(new Decoded.Skipped(new Outcome.ExpiryKept()));
  }

  @Test
  void aCoarseTimeIsRefused() {
    String coarse = DATA.replace("1795222923417253", "1795222923417").replace("MICRO", "MILLI");
    assertThat(problem(coarse)).isEqualTo(StreamRecord.COARSE_TIME);
    String without = DATA.replace("\"ApproximateCreationDateTimePrecision\":\"MICROSECOND\",", "");
    assertThat(problem(without)).isEqualTo(StreamRecord.COARSE_TIME);
  }

  @Test
  void anotherTableOrStreamIsRefused() {
    assertThat(problem(DATA.replace("\"actions\"", "\"users\"")))
        .startsWith("The record is of arn:aws:dynamodb:us-east-1:123456789012:table/users,");
    var decoder = new RecordDecoder(new KeySchema("id", null), TtlDeletes.DELETE, TABLE, null);
    assertThat(problem(decoder.decode(read(DATA)))).contains("UTSUSHI_KINESIS_STREAM_ARN");
  }

  @Test
  void dataThatIsNoChangeIsUnreadable() {
    for (String data :
        new String[] {"", "hello", "{", "[1]", "{}", "{\"dynamodb\":[1]}", "{\"a\":[{}]}"}) {
      assertThat(decode(data)).as(data).isInstanceOf(Decoded.Skipped.class);
      assertThat(read(data).sequenceNumber()).isEqualTo(NUMBER);
    }
  }

  @Test
  void aCapturedRecordIsTheSame() {
    StreamRecord delivered = read(DATA);
    assertThat(RecordJson.read(RecordJson.write(delivered))).isEqualTo(delivered);
  }

  private static String problem(String data) {
    return problem(decode(data));
  }

  private static String problem(Decoded decoded) {
    return ((Outcome.Unreadable) ((Decoded.Skipped) decoded).outcome()).reason();
  }

  private static Decoded decode(String data) {
    return new RecordDecoder(new KeySchema("id", null), TtlDeletes.DELETE, TABLE, SOURCE)
        .decode(read(data));
  }

  private static StreamRecord read(String data) {
    return RecordReader.readKinesis(new ByteArrayInputStream(data.getBytes(UTF_8)), STREAM, NUMBER);
  }
}
