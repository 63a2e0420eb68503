package dev.utsushi.stream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.utsushi.core.change.Change;
import dev.utsushi.core.change.Value;
import dev.utsushi.core.deadletter.Failures;
import dev.utsushi.core.index.Outcome;
import dev.utsushi.core.record.KeySchema;
import dev.utsushi.core.record.RecordDecoder;
import dev.utsushi.core.record.RecordDecoder.Decoded;
import dev.utsushi.core.record.RecordDecoder.TtlDeletes;
import dev.utsushi.core.record.RecordJson;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.Identity;
import software.amazon.awssdk.services.dynamodb.model.OperationType;
import software.amazon.awssdk.services.dynamodb.model.Record;
import software.amazon.awssdk.services.dynamodb.model.StreamViewType;

/** A record read back from the stream equals the same record in Lambda's event. */
final class SdkRecordsTest {
  private static final RecordDecoder DECODER =
      new RecordDecoder(new KeySchema("id", null), TtlDeletes.KEEP, null, null);
  private static final Map<String, AttributeValue> KEY = Map.of("id", AttributeValue.fromS("a"));

  @Test
  void everyTypeAndEveryDigitComesThrough() {
    SdkBytes bytes = SdkBytes.fromByteArray(new byte[] {0, -1, 62, 63});
    Map<String, AttributeValue> item =
        Map.ofEntries(
            Map.entry("id", AttributeValue.fromS("a")),
            Map.entry("n", AttributeValue.fromN("-1.2345678901234567890123456789012345678E+125")),
            Map.entry("s", AttributeValue.fromS("語\"\u0000\uFFFF😀")),
            Map.entry("empty", AttributeValue.fromS("")),
            Map.entry("b", AttributeValue.fromB(bytes)),
            Map.entry("bool", AttributeValue.fromBool(false)),
            Map.entry("null", AttributeValue.fromNul(true)),
            Map.entry("ss", AttributeValue.fromSs(List.of("x", "y"))),
            Map.entry("ns", AttributeValue.fromNs(List.of("1", "2.50"))),
            Map.entry("bs", AttributeValue.fromBs(List.of(bytes))),
            Map.entry(
                "l",
                AttributeValue.fromL(
                    List.of(AttributeValue.fromN("1"), AttributeValue.fromL(List.of())))),
            Map.entry("m", AttributeValue.fromM(Map.of("k", AttributeValue.fromM(Map.of())))));
    String json = RecordTexts.of(record(OperationType.MODIFY, item, null), Failures.STREAM);
    var changed = (Decoded.Changed) decode(json);
    ByteBuffer buffer = ByteBuffer.wrap(new byte[] {0, -1, 62, 63});
    assertThat(((Change.Upsert) changed.change()).item())
        .isEqualTo(
            Map.ofEntries(
                Map.entry("id", new Value.Text("a")),
                Map.entry("n", new Value.Decimal("-1.2345678901234567890123456789012345678E+125")),
                Map.entry("s", new Value.Text("語\"\u0000\uFFFF😀")),
                Map.entry("empty", new Value.Text("")),
                Map.entry("b", new Value.Binary(buffer)),
                Map.entry("bool", new Value.Bool(false)),
                Map.entry("null", new Value.Null()),
                Map.entry("ss", new Value.TextSet(List.of("x", "y"))),
                Map.entry("ns", new Value.DecimalSet(List.of("1", "2.50"))),
                Map.entry("bs", new Value.BinarySet(List.of(buffer))),
                Map.entry(
                    "l",
                    new Value.Sequence(
                        List.of(new Value.Decimal("1"), new Value.Sequence(List.of())))),
                Map.entry("m", new Value.Structure(Map.of("k", new Value.Structure(Map.of()))))));
    assertThat(changed.change().changedAt()).isEqualTo(Instant.parse("2026-11-21T01:02:03Z"));
    assertThat(changed.change().version().text())
        .isEqualTo("2026-11-01T00:00:00.000/0000000000000000000000000000000000000017");
    assertThat(json).doesNotContain("OldImage");
  }

  @Test
  void anExpiryIsRecognized() {
    var service = Identity.builder().type("Service").principalId("dynamodb.amazonaws.com").build();
    String byTtl = RecordTexts.of(record(OperationType.REMOVE, null, service), Failures.STREAM);
    assertThat(decode(byTtl)).isEqualTo(new Decoded.Skipped(new Outcome.ExpiryKept()));
    String byHand = RecordTexts.of(record(OperationType.REMOVE, null, null), Failures.STREAM);
    assertThat(((Decoded.Changed) decode(byHand)).change()).isInstanceOf(Change.Removal.class);
  }

  private static Decoded decode(String json) {
    return DECODER.decode(RecordJson.read(json));
  }

  private static Record record(
      OperationType type,
      @org.jspecify.annotations.Nullable Map<String, AttributeValue> newImage,
      @org.jspecify.annotations.Nullable Identity identity) {
    return Record.builder()
        .eventID("e")
        .eventName(type)
        .eventVersion("1.1")
        .awsRegion("us-east-1")
        .userIdentity(identity)
        .dynamodb(
            change ->
                change
                    .approximateCreationDateTime(Instant.parse("2026-11-21T01:02:03Z"))
                    .keys(KEY)
                    .newImage(newImage)
                    .oldImage(KEY)
                    .sequenceNumber("17")
                    .sizeBytes(5L)
                    .streamViewType(StreamViewType.NEW_AND_OLD_IMAGES))
        .build();
  }
}
