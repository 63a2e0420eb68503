package dev.utsushi.core.record;

import static org.assertj.core.api.Assertions.assertThat;

import dev.utsushi.core.change.Value;
import dev.utsushi.core.index.Outcome;
import dev.utsushi.core.record.RecordDecoder.Decoded;
import dev.utsushi.core.record.RecordDecoder.TtlDeletes;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class RecordJsonTest {
  private static final String STREAM =
      "arn:aws:dynamodb:us-east-1:0:table/t/stream/2026-11-01T00:00:00.000";
  private static final Map<String, Value> KEYS = Map.of("id", new Value.Text("a"));

  @Test
  void aRecordIsWrittenAsLambdaWritesIt() {
    Map<String, Value> item = new LinkedHashMap<>(KEYS);
    item.put("b", new Value.Binary(ByteBuffer.wrap(new byte[] {0, -1, 62, 63})));
    item.put("l", new Value.Sequence(List.of(new Value.Null(), new Value.Bool(false))));
    item.put("m", new Value.Structure(Map.of("ns", new Value.DecimalSet(List.of("1", "2.50")))));
    var service = new StreamRecord.Identity("Service", "dynamodb.amazonaws.com");
    assertThat(RecordJson.write(streamRecord(item, service)))
        .isEqualTo(
            """
            {"eventID":"e","eventName":"MODIFY","eventVersion":"1.1","eventSource":"aws:dynamodb",\
            "awsRegion":"us-east-1","dynamodb":{"ApproximateCreationDateTime":1795222923,\
            "Keys":{"id":{"S":"a"}},"NewImage":{"id":{"S":"a"},"b":{"B":"AP8+Pw=="},\
            "l":{"L":[{"NULL":true},{"BOOL":false}]},"m":{"M":{"ns":{"NS":["1","2.50"]}}}},\
            "SequenceNumber":"17","SizeBytes":5,"StreamViewType":"NEW_IMAGE"},\
            "userIdentity":{"type":"Service","principalId":"dynamodb.amazonaws.com"},\
            "eventSourceARN":"%s"}\
            """
                .formatted(STREAM));
  }

  @Test
  void everyTypeAndEveryDigitIsReadBack() {
    ByteBuffer bytes = ByteBuffer.wrap(new byte[] {0, -1, 62, 63});
    Map<String, Value> item =
        Map.ofEntries(
            Map.entry("id", new Value.Text("a")),
            Map.entry("n", new Value.Decimal("-1.2345678901234567890123456789012345678E+125")),
            Map.entry("s", new Value.Text("語\"\u0000\uFFFF😀")),
            Map.entry("empty", new Value.Text("")),
            Map.entry("b", new Value.Binary(bytes)),
            Map.entry("readOnly", new Value.Binary(bytes.asReadOnlyBuffer())),
            Map.entry("bool", new Value.Bool(false)),
            Map.entry("null", new Value.Null()),
            Map.entry("ss", new Value.TextSet(List.of("x", "y"))),
            Map.entry("ns", new Value.DecimalSet(List.of("1", "2.50"))),
            Map.entry("bs", new Value.BinarySet(List.of(bytes))),
            Map.entry(
                "l",
                new Value.Sequence(List.of(new Value.Decimal("1"), new Value.Sequence(List.of())))),
            Map.entry("m", new Value.Structure(Map.of("k", new Value.Structure(Map.of())))));
    StreamRecord written = streamRecord(item, null);
    assertThat(RecordJson.read(RecordJson.write(written))).isEqualTo(written);
    assertThat(bytes.remaining()).isEqualTo(4);
  }

  @Test
  void secondsMayBeWrittenInAnyForm() {
    String json = RecordJson.write(streamRecord(KEYS, null));
    for (String seconds : List.of("1795222923", "1795222923.0", "1.795222923E9")) {
      StreamRecord read = RecordJson.read(json.replace("1795222923", seconds));
      assertThat(read.changedAt()).isEqualTo(Instant.parse("2026-11-21T01:02:03Z"));
    }
  }

  @Test
  void whatIsNotARecordIsUnreadable() {
    RecordDecoder decoder =
        new RecordDecoder(new KeySchema("id", null), TtlDeletes.DELETE, null, null);
    for (String json :
        List.of(
            "",
            "{",
            "{}",
            "[]",
            "1",
            "{\"dynamodb\":3}",
            "{\"dynamodb\":{\"Keys\":{\"id\":{\"S\":1}}}}",
            "{\"dynamodb\":{\"Keys\":{\"id\":{}}}}",
            "{\"dynamodb\":{\"Keys\":{\"id\":{\"B\":\"not base64\"}}}}")) {
      assertThat(decoder.decode(RecordJson.read(json)))
          .as(json)
          .isInstanceOfSatisfying(
              Decoded.Skipped.class,
              skipped -> assertThat(skipped.outcome()).isInstanceOf(Outcome.Unreadable.class));
    }
  }

  @Test
  void aRecordWithAnUnknownTypeKeepsItsKeys() {
    StreamRecord read =
        RecordJson.read(
            "{\"dynamodb\":{\"Keys\":{\"id\":{\"S\":\"a\"}},\"NewImage\":{\"x\":{\"Z\":1}}}}");
    assertThat(read.keys()).isEqualTo(KEYS);
    assertThat(read.problem()).isEqualTo(StreamRecord.UNKNOWN_TYPE);
  }

  private static StreamRecord streamRecord(
      Map<String, Value> item, StreamRecord.@Nullable Identity identity) {
    return new StreamRecord(
        "e",
        "MODIFY",
        "1.1",
        "us-east-1",
        STREAM,
        null,
        identity,
        "17",
        Instant.parse("2026-11-21T01:02:03Z"),
        KEYS,
        item,
        5L,
        "NEW_IMAGE",
        null,
        null);
  }
}
