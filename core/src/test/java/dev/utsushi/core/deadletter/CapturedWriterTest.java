package dev.utsushi.core.deadletter;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class CapturedWriterTest {
  private static final Failure FAILURE = Failures.ofSequenceNumbers("1", "2");
  private static final Instant NOW = Instant.parse("2026-11-21T01:02:03.456Z");

  @Test
  void smallRecordsStayReadable() {
    List<String> records = List.of("{\"a\": 1.0E2}", "{\"b\":\"日本\"}");
    String body = write("rejected: status 413", records).getFirst();
    assertThat(body)
        .startsWith(
            "{\"utsushi\":\"captured/1\",\"capturedAt\":\"2026-11-21T01:02:03.456Z\",\"part\":1,\"parts\":1,\"failure\":{")
        .contains("\"records\":[{\"a\": 1.0E2},{\"b\":\"日本\"}]")
        .contains(FAILURE.json());
    var captured = (DeadLetter.Captured) DeadLetter.parse(body);
    assertThat(captured)
        .isEqualTo(new DeadLetter.Captured(FAILURE, NOW, 1, 1, "rejected: status 413", records));
  }

  @Test
  void withoutASecondChanceThereIsNoReason() {
    String body = write(null, List.of("{}")).getFirst();
    assertThat(body).doesNotContain("reason");
    assertThat(((DeadLetter.Captured) DeadLetter.parse(body)).reason()).isNull();
  }

  @Test
  void manyLargeRecordsAreSplitAndNothingIsLost() {
    Random random = new Random(7);
    List<String> records = new ArrayList<>();
    for (int i = 0; i < 12; i++) {
      byte[] bytes = new byte[300_000];
      random.nextBytes(bytes);
      records.add("{\"i\":" + i + ",\"b\":\"" + Base64.getEncoder().encodeToString(bytes) + "\"}");
    }
    List<String> bodies = write(null, records);
    assertThat(bodies.size()).isBetween(4, 12);
    List<String> read = new ArrayList<>();
    for (int i = 0; i < bodies.size(); i++) {
      assertThat(bodies.get(i).getBytes(UTF_8).length).isLessThanOrEqualTo(1 << 20);
      var captured = (DeadLetter.Captured) DeadLetter.parse(bodies.get(i));
      assertThat(captured.part()).isEqualTo(i + 1);
      assertThat(captured.parts()).isEqualTo(bodies.size());
      read.addAll(captured.records());
    }
    assertThat(read).isEqualTo(records);
  }

  @Test
  void anItemOf400KilobytesFitsWhateverItHolds() {
    Random random = new Random(8);
    StringBuilder digits = new StringBuilder();
    while (digits.length() < 1_000_000) {
      digits
          .append("{\"N\":\"")
          .append(random.nextLong(Long.MAX_VALUE))
          .append(random.nextLong(Long.MAX_VALUE))
          .append("\"},");
    }
    for (String record :
        List.of(
            "{\"S\":\"" + "\\u0001".repeat(400 << 10) + "\"}",
            "{\"L\":[" + "{\"BOOL\":true},".repeat(200 << 10) + "{\"NULL\":true}]}",
            "{\"L\":[" + digits + "{\"NULL\":true}]}")) {
      assertThat(write(null, List.of(record))).hasSize(1);
    }
  }

  @Test
  void whatFitsNowhereIsNotWritten() {
    Random random = new Random(9);
    byte[] bytes = new byte[2_000_000];
    random.nextBytes(bytes);
    String record = "\"" + Base64.getEncoder().encodeToString(bytes) + "\"";
    assertThat(write(null, List.of("{}", record))).isEmpty();
  }

  @Test
  void charactersThatSqsRefusesArePacked() {
    String body = write(null, List.of("{\"S\":\"\uFFFF\"}")).getFirst();
    assertThat(body).contains("recordsGzip").doesNotContain("\uFFFF");
    assertThat(((DeadLetter.Captured) DeadLetter.parse(body)).records())
        .containsExactly("{\"S\":\"\uFFFF\"}");
  }

  private static List<String> write(
      @org.jspecify.annotations.Nullable String reason, List<String> records) {
    return new CapturedWriter(FAILURE, NOW, reason).write(records);
  }
}
