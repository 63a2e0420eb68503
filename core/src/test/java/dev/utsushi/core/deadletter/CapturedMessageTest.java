package dev.utsushi.core.deadletter;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.utsushi.core.change.Value;
import dev.utsushi.core.record.RecordJson;
import dev.utsushi.core.record.StreamRecord;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class CapturedMessageTest {
  private static final DeadLetter.Failure FAILURE = Failures.ofSequenceNumbers("1", "2");
  private static final Instant NOW = Instant.parse("2026-11-21T01:02:03.456Z");

  @Test
  void smallRecordsStayReadable() {
    List<StreamRecord> records =
        List.of(streamRecord(new Value.Decimal("1.0E2")), streamRecord(new Value.Text("日本")));
    String body = write("rejected: status 413", records).getFirst();
    assertThat(body)
        .startsWith(
            "{\"utsushi\":\"captured/1\",\"capturedAt\":\"2026-11-21T01:02:03.456Z\",\"part\":1,\"parts\":1,\"failure\":{")
        .contains("\"reason\":\"rejected: status 413\",\"records\":[{")
        .contains("{\"N\":\"1.0E2\"}", "{\"S\":\"日本\"}")
        .contains(FAILURE.json().toString());
    assertThat(captured(body))
        .isEqualTo(new DeadLetter.Captured(FAILURE, NOW, 1, 1, "rejected: status 413", records));
  }

  @Test
  void recordsOfAnotherWriterAreReadWhateverTheirWhitespace() {
    String body = write(null, List.of(streamRecord(new Value.Text("a")))).getFirst();
    assertThat(captured(body.replace(":{", " : {\n")).records())
        .isEqualTo(captured(body).records());
  }

  @Test
  void withoutASecondChanceThereIsNoReason() {
    String body = write(null, List.of(streamRecord(new Value.Text("a")))).getFirst();
    assertThat(body).doesNotContain("reason");
    assertThat(captured(body).reason()).isNull();
  }

  @Test
  void recordsThatTheBatchCannotHoldMakeItMalformed() {
    String body = write(null, List.of(streamRecord(new Value.Text("a")))).getFirst();
    for (String hostile :
        List.of(
            body.replace(
                "\"eventSourceARN\":\"" + Failures.STREAM,
                "\"eventSourceARN\":\"" + Failures.TABLE + "/stream/9999-01-01T00:00:00.000"),
            body.replace("\"SequenceNumber\":\"1\"", "\"SequenceNumber\":\"3\""))) {
      assertThat(hostile).isNotEqualTo(body);
      assertThat(DeadLetter.parse(hostile, Set.of(Failures.TABLE)).form())
          .isEqualTo(DeadLetter.Form.MALFORMED);
    }
  }

  @Test
  void manyLargeRecordsAreSplitAndNothingIsLost() {
    Random random = new Random(7);
    List<StreamRecord> records = new ArrayList<>();
    for (int i = 0; i < 12; i++) {
      records.add(streamRecord(bytes(random, 300_000)));
    }
    List<String> bodies = write(null, records);
    assertThat(bodies.size()).isBetween(4, 12);
    List<StreamRecord> read = new ArrayList<>();
    for (int i = 0; i < bodies.size(); i++) {
      assertThat(bodies.get(i).getBytes(UTF_8).length).isLessThanOrEqualTo(1 << 20);
      DeadLetter.Captured captured = captured(bodies.get(i));
      assertThat(captured.part()).isEqualTo(i + 1);
      assertThat(captured.parts()).isEqualTo(bodies.size());
      read.addAll(captured.records());
    }
    assertThat(read).isEqualTo(records);
  }

  @Test
  void anItemOf400KilobytesFitsWhateverItHolds() {
    Random random = new Random(8);
    List<Value> numbers = new ArrayList<>();
    for (int i = 0; i < 25_000; i++) {
      numbers.add(
          new Value.Decimal(
              Long.toString(random.nextLong(Long.MAX_VALUE)) + random.nextLong(Long.MAX_VALUE)));
    }
    for (Value value :
        List.of(
            new Value.Text("\u0001".repeat(400 << 10)),
            new Value.Sequence(Collections.nCopies(200 << 10, new Value.Bool(true))),
            new Value.Sequence(numbers))) {
      assertThat(write(null, List.of(streamRecord(value)))).hasSize(1);
    }
  }

  @Test
  void aRecordThatIsTooLargeIsNotWritten() {
    StreamRecord large = streamRecord(bytes(new Random(9), 2_000_000));
    assertThat(write(null, List.of(streamRecord(new Value.Null()), large))).isEmpty();
  }

  @Test
  void recordsWithCharactersThatSqsRejectsAreCompressed() {
    List<StreamRecord> records = List.of(streamRecord(new Value.Text("\uFFFF")));
    String body = write(null, records).getFirst();
    assertThat(body).contains("recordsGzip").doesNotContain("\uFFFF");
    assertThat(captured(body).records()).isEqualTo(records);
  }

  private static Value bytes(Random random, int length) {
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    return new Value.Binary(ByteBuffer.wrap(bytes));
  }

  /** A record as it is after it was written and read once. */
  private static StreamRecord streamRecord(Value value) {
    var written =
        new StreamRecord(
            "e",
            "INSERT",
            "1.1",
            "us-east-1",
            Failures.STREAM,
            null,
            null,
            "1",
            Instant.EPOCH,
            Map.of("id", new Value.Text("a")),
            Map.of("value", value),
            5L,
            "NEW_IMAGE",
            null,
            null);
    return RecordJson.read(RecordJson.write(written));
  }

  private static DeadLetter.Captured captured(String body) {
    return (DeadLetter.Captured) DeadLetter.parse(body, Set.of(Failures.TABLE));
  }

  private static List<String> write(@Nullable String reason, List<StreamRecord> records) {
    return CapturedMessage.write(FAILURE, NOW, reason, records);
  }
}
