package dev.utsushi.lambda;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.utsushi.core.deadletter.DeadLetter.Failure;
import dev.utsushi.core.deadletter.Failures;
import dev.utsushi.core.index.Deadline;
import dev.utsushi.core.record.RecordJson;
import dev.utsushi.core.record.StreamRecord;
import dev.utsushi.core.search.Authorization;
import dev.utsushi.core.search.AwsJsonApi;
import dev.utsushi.core.search.HttpCaller;
import dev.utsushi.core.search.HttpCaller.HttpReply;
import dev.utsushi.core.telemetry.Log;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What capture makes of CloudWatch Logs' answers. */
final class FailureLogTest {
  private static final Failure FAILURE = Failures.ofSequenceNumbers("100", "200");
  private static final String NOTHING = "{\"events\":[]}";

  private final Queue<HttpReply> replies = new ArrayDeque<>();
  private final List<String> requests = new ArrayList<>();
  private final ByteArrayOutputStream printed = new ByteArrayOutputStream();

  @Test
  void theLastLineOfEachRecordCountsOverAllPages() {
    answer(
        200,
        page(
            "\"nextToken\":\"more\",",
            line("change_deferred", "101", "status 503"),
            line("change_rejected", "102", "strict_dynamic_mapping_exception")));
    answer(200, page("", line("change_rejected", "101", "status 413")));
    assertThat(reasons("101", "102"))
        .containsExactly("rejected: status 413", "rejected: strict_dynamic_mapping_exception");
    assertThat(requests.getFirst())
        .contains(
            "$.sequenceNumber = \\\"101\\\" || $.sequenceNumber = \\\"102\\\"",
            "\"startTime\":" + Failures.FAILED_AT.minusSeconds(900).toEpochMilli())
        .doesNotContain("nextToken");
    assertThat(requests.getLast()).contains("\"nextToken\":\"more\"");
  }

  @Test
  void equalReasonsAreOne() {
    answer(
        200,
        page("", line("record_unreadable", "101", "x"), line("record_unreadable", "102", "x")));
    assertThat(reasons("101", "102")).containsExactly("unreadable: x");
  }

  @Test
  void aLineThatIsNotThereYetIsLookedForAgain() {
    answer(200, NOTHING);
    answer(503, "");
    answer(200, page("", line("change_rejected", "101", "status 413")));
    assertThat(reasons("101")).containsExactly("rejected: status 413");
  }

  @Test
  void aLogThatMayNotBeReadIsToldAndLeavesNoReason() {
    for (int i = 0; i < 4; i++) {
      answer(400, "{\"__type\":\"AccessDeniedException\",\"message\":\"secret\"}");
    }
    assertThat(reasons("101")).isEmpty();
    assertThat(printed.toString(UTF_8))
        .contains("failure_log_unread", "AccessDeniedException", "logs:FilterLogEvents")
        .doesNotContain("secret");
  }

  @Test
  void aLogThatDoesNotAnswerLeavesNoReason() {
    assertThat(reasons("101")).isEmpty();
    assertThat(requests).hasSize(4);
  }

  @Test
  void noFilterIsLongerThanCloudWatchTakes() {
    answer(200, page("", line("change_rejected", "1", "x")));
    String[] numbers =
        IntStream.range(0, 1_000)
            .mapToObj("1000000000000000000%06d"::formatted)
            .toArray(String[]::new);
    assertThat(reasons(numbers)).hasSize(1);
    String pattern = requests.getFirst().replaceFirst(".*filterPattern\":\"", "");
    assertThat(pattern.replace("\\", "")).hasSizeBetween(900, 1_024);
  }

  private void answer(int status, String body) {
    replies.add(new HttpReply(status, body.getBytes(UTF_8)));
  }

  private List<String> reasons(String... numbers) {
    HttpCaller caller =
        call -> {
          requests.add(new String(call.body(), UTF_8));
          HttpReply reply = replies.poll();
          if (reply == null) {
            throw new IOException("nobody answers");
          }
          return reply;
        };
    var log =
        new FailureLog(
            new AwsJsonApi(
                URI.create("https://logs.example/"), "Logs_20140328", caller, Authorization.NONE),
            "replication",
            new Log(new PrintStream(printed, true, UTF_8), InstantSource.system()));
    Instant now = Instant.now();
    var deadline =
        new Deadline(now.plus(Duration.ofMinutes(1)), InstantSource.fixed(now), duration -> {});
    return log.reasons(FAILURE, streamRecords(numbers), deadline);
  }

  private static List<StreamRecord> streamRecords(String... numbers) {
    List<StreamRecord> records = new ArrayList<>();
    for (String number : numbers) {
      records.add(
          RecordJson.read(
              "{\"eventName\":\"REMOVE\",\"dynamodb\":{\"Keys\":{\"id\":{\"S\":\"a\"}},\"SequenceNumber\":\"%s\"}}"
                  .formatted(number)));
    }
    return records;
  }

  private static String line(String event, String number, String reason) {
    return "{\"message\":\"{\\\"event\\\":\\\"%s\\\",\\\"sequenceNumber\\\":\\\"%s\\\",\\\"reason\\\":\\\"%s\\\"}\"}"
        .formatted(event, number, reason);
  }

  private static String page(String token, String... lines) {
    return "{%s\"events\":[%s]}".formatted(token, String.join(",", lines));
  }
}
