package dev.utsushi.core.deadletter;

import static org.assertj.core.api.Assertions.assertThat;

import dev.utsushi.core.deadletter.DeadLetter.Form;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class DeadLetterTest {
  private static final Instant FAILED_AT = Instant.parse("2026-11-21T00:13:49.717Z");
  private static final String REFERENCE =
      Failures.json(
          Failures.STREAM,
          "shardId-1",
          "820400000000000001192334",
          "1683700000000000001135967",
          2,
          FAILED_AT);
  private static final String TABLE = Failures.TABLE;

  @Test
  void lambdasMessageIsAReference() {
    var reference = (DeadLetter.Reference) DeadLetter.parse(REFERENCE, Set.of(TABLE));
    DeadLetter.Failure failure = reference.failure();
    assertThat(failure.range())
        .isEqualTo(
            new StreamRange(
                Failures.STREAM,
                "shardId-1",
                "820400000000000001192334",
                "1683700000000000001135967",
                2));
    assertThat(failure.condition()).isEqualTo("RetryAttemptsExhausted");
    assertThat(failure.invocations()).isEqualTo(4);
    assertThat(failure.failedAt()).isEqualTo(FAILED_AT);
    assertThat(failure.json().toString()).isEqualTo(REFERENCE);
    assertThat(failure.functionError()).isNull();
    assertThat(failure.firstArrival()).isEqualTo(Instant.parse("2026-11-21T00:13:19Z"));
    assertThat(failure.range().source()).isEqualTo(TABLE);
    assertThat(DeadLetter.parse(REFERENCE, Set.of(TABLE + "2")).form()).isEqualTo(Form.FOREIGN);
    assertThat(reference.identity("m-1"))
        .isEqualTo(DeadLetter.parse(REFERENCE, Set.of(TABLE)).identity("m-2"));
  }

  @Test
  void sequenceNumbersCompareAsNumbers() {
    assertThat(StreamRange.compare("820400000000000001192334", "1683700000000000001135967"))
        .isNegative();
    assertThat(StreamRange.compare("000000000000000000001", "1")).isZero();
    StreamRange range = Failures.ofSequenceNumbers("9", "100").range();
    assertThat(range.contains("9")).isTrue();
    assertThat(range.contains("20")).isTrue();
    assertThat(range.contains("100")).isTrue();
    assertThat(range.contains("8")).isFalse();
    assertThat(range.contains("101")).isFalse();
    assertThat(range.contains("1000")).isFalse();
  }

  @Test
  void aBatchOfAKinesisStreamIsOursByTheStream() {
    String stream = "arn:aws:kinesis:us-east-1:123456789012:stream/changes";
    String number = "49628566489653659107048838082246518393102916603510521906";
    String body =
        """
        {"KinesisBatchInfo":{"streamArn":"%s","shardId":"shardId-000000000000",
         "startSequenceNumber":"%s","endSequenceNumber":"%s","batchSize":1},
         "timestamp":"2026-11-21T00:13:49.717Z"}\
        """
            .formatted(stream, number, number);
    var reference = (DeadLetter.Reference) DeadLetter.parse(body, Set.of(TABLE, stream));
    assertThat(reference.failure().range().source()).isEqualTo(stream);
    assertThat(reference.failure().range().contains(number)).isTrue();
    assertThat(DeadLetter.parse(body, Set.of(TABLE)).form()).isEqualTo(Form.FOREIGN);
  }

  @Test
  void messagesThatAreNotAboutAStreamAreForeign() {
    for (String body : List.of("{}", "[]", "1", "\"hello\"", "{\"Records\":[]}")) {
      assertThat(DeadLetter.parse(body, Set.of(TABLE)).form()).as(body).isEqualTo(Form.FOREIGN);
    }
  }

  @Test
  void incompleteMessagesAreMalformedAndNotQuoted() {
    Map<String, String> problems =
        Map.of(
            "secret",
            "not JSON",
            "",
            "empty",
            "{\"DDBStreamBatchInfo\":\"secret\"}",
            "not a JSON object",
            REFERENCE.replace("\"shardId\":\"shardId-1\",", ""),
            "shardId",
            REFERENCE.replace("820400000000000001192334", "secret"),
            "digits",
            REFERENCE.replace("\"820400000000000001192334\"", "\"1683700000000000001135968\""),
            "comes before",
            REFERENCE.replace(FAILED_AT.toString(), "secret"),
            "timestamp",
            REFERENCE.replace("stream/", "secret/"),
            "streamArn",
            "{\"utsushi\":\"captured/9\"}",
            "update",
            "{\"utsushi\":\"captured/1\",\"failure\":"
                + REFERENCE
                + ",\"capturedAt\":\"2026-11-21T00:13:49Z\",\"recordsGzip\":\"secret!\"}",
            "");
    problems.forEach(
        (body, problem) -> {
          DeadLetter letter = DeadLetter.parse(body, Set.of(TABLE));
          assertThat(letter.form()).as(body).isEqualTo(Form.MALFORMED);
          assertThat(letter.failure()).isNull();
          assertThat(((DeadLetter.Unreplayable) letter).problem())
              .contains(problem)
              .doesNotContain("secret!");
        });
  }

  @Test
  void anUnknownConditionAndMissingContextAreAccepted() {
    String bare =
        "{\"timestamp\":\"2026-11-21T00:13:49.717Z\","
            + REFERENCE.substring(REFERENCE.indexOf("\"DDBStreamBatchInfo\""));
    var reference = (DeadLetter.Reference) DeadLetter.parse(bare, Set.of(TABLE));
    assertThat(reference.failure().condition()).isEmpty();
    assertThat(reference.failure().invocations()).isZero();
  }
}
