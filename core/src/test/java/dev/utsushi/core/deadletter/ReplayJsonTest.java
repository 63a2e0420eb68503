package dev.utsushi.core.deadletter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.utsushi.core.deadletter.ReplayReply.Fate;
import dev.utsushi.core.deadletter.ReplayReply.Origin;
import dev.utsushi.core.deadletter.ReplayReply.Replayed;
import dev.utsushi.core.deadletter.ReplayReply.Stopped;
import dev.utsushi.core.index.IndexStatus;
import dev.utsushi.core.index.IndexStatus.State;
import dev.utsushi.core.index.IndexedVersion;
import dev.utsushi.core.index.Outcome;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class ReplayJsonTest {
  private static final Instant THEN = Instant.parse("2026-11-21T01:02:03Z");

  @Test
  void anEmptyRequestHasNoLimits() {
    assertThat(ReplayRequest.parse("{}")).isEqualTo(ReplayRequest.ALL);
  }

  @Test
  void aRequestReadsAsItWasWritten() {
    var request = new ReplayRequest(true, 7, 300, 2.5);
    assertThat(request.toJson())
        .isEqualTo("{\"dryRun\":true,\"max\":7,\"olderThanSeconds\":300,\"ratePerSecond\":2.5}");
    assertThat(ReplayRequest.parse(request.toJson())).isEqualTo(request);
  }

  @Test
  void aRequestSaysWhatIsWrongWithIt() {
    Map<String, String> problems =
        Map.of(
            "{\"dryrun\":true}",
                "there is no 'dryrun', but [dryRun, max, olderThanSeconds, ratePerSecond]",
            "{\"dryRun\":\"yes\"}", "ReplayRequest[\"dryRun\"]",
            "{\"max\":\"all\"}", "ReplayRequest[\"max\"]",
            "{\"max\":-1}", "negative",
            "[]", "from Array value");
    problems.forEach(
        (json, problem) ->
            assertThatThrownBy(() -> ReplayRequest.parse(json))
                .as(json)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(problem));
  }

  @Test
  void aReplyReadsAsItWasWritten() throws Exception {
    var applied =
        new Replayed(
            "a|b",
            "17",
            "l/0017",
            "MODIFY",
            THEN,
            Outcome.Kind.APPLIED,
            null,
            new IndexedVersion("l/0016", true, THEN, THEN.plusMillis(5), false),
            false,
            List.of());
    var origin = Origin.of(Failures.ofSequenceNumbers("17", "18"));
    var reply =
        new ReplayReply(
            false,
            Stopped.REPLY_FULL,
            List.of(
                new ReplayReply.Message(
                    "m-1",
                    DeadLetter.Form.CAPTURED,
                    Fate.DELETED,
                    null,
                    origin,
                    3,
                    2,
                    List.of(applied),
                    Map.of("superseded", 4)),
                new ReplayReply.Message(
                    "m-2",
                    DeadLetter.Form.REFERENCE,
                    Fate.KEPT,
                    "gone",
                    origin,
                    1,
                    1,
                    List.of(Replayed.expired("gone")),
                    Map.of()),
                new ReplayReply.Message(
                    "m-3",
                    DeadLetter.Form.FOREIGN,
                    Fate.KEPT,
                    "left alone",
                    null,
                    1,
                    1,
                    List.of(),
                    Map.of())));
    assertThat(ReplayReply.parse(reply.toJson())).isEqualTo(reply);
    JsonNode json = new ObjectMapper().readTree(reply.toJson());
    assertThat(json.at("/messages/0/records/0/outcome").asText()).isEqualTo("APPLIED");
    assertThat(json.at("/messages/0/failedAt").asText()).isEqualTo("2026-11-21T00:13:49.717Z");
    assertThat(json.at("/messages/1/records/0/id").isNull()).isTrue();
    assertThat(json.at("/messages/2").has("streamArn")).isFalse();
    assertThat(json.path("totals"))
        .isEqualTo(
            new ObjectMapper()
                .readTree(
                    """
                    {"messages":3,"deleted":1,"kept":2,"records":6,"applied":1,"superseded":4,
                     "deferred":0,"rejected":0,"unreadable":0,"expiryKept":0,"filtered":0,"expired":1}\
                    """));
  }

  /** The functions are deployed before everybody has the new command, or after. */
  @Test
  void aReplyOfANewerFunctionIsRead() {
    String newer = ", \"sinceThen\": {\"more\": [1]}}";
    String status = DeadLetterJson.write(new IndexStatus(State.WRITABLE, null, 7L, 1L, null, null));
    String reply = new ReplayReply(false, Stopped.REPLY_FULL, List.of()).toJson();

    assertThat(IndexRequest.parseReply(status.replaceFirst("}$", newer)).documents()).isEqualTo(7);
    assertThat(ReplayReply.parse(reply.replaceFirst("}$", newer)).messages()).isEmpty();
    assertThatThrownBy(() -> ReplayRequest.parse("{\"max\": 1" + newer))
        .hasMessageContaining("there is no 'sinceThen'");
  }

  @Test
  void aWordThatOnlyANewerFunctionKnowsIsNamed() {
    String reply = new ReplayReply(false, Stopped.REPLY_FULL, List.of()).toJson();
    String status = DeadLetterJson.write(new IndexStatus(State.WRITABLE, null, 7L, 1L, null, null));

    assertThatThrownBy(() -> ReplayReply.parse(reply.replace("REPLY_FULL", "TOO_HOT")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("'TOO_HOT' is unknown at stopped");
    assertThatThrownBy(() -> IndexRequest.parseReply(status.replace("WRITABLE", "FROZEN")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("'FROZEN' is unknown at state");
  }
}
