package dev.utsushi.operations.deadletters;

import static dev.utsushi.operations.deadletters.DeadLetters.STREAM;
import static org.assertj.core.api.Assertions.assertThat;

import dev.utsushi.core.deadletter.DeadLetter.Form;
import dev.utsushi.core.deadletter.DeadLetterJson;
import dev.utsushi.core.deadletter.ReplayReply;
import dev.utsushi.core.deadletter.ReplayReply.Fate;
import dev.utsushi.core.deadletter.ReplayReply.Message;
import dev.utsushi.core.deadletter.ReplayReply.Origin;
import dev.utsushi.core.deadletter.ReplayReply.Replayed;
import dev.utsushi.core.deadletter.ReplayReply.Stopped;
import dev.utsushi.core.index.IndexedVersion;
import dev.utsushi.core.index.Outcome.Kind;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** The JSON that scripts read: keys, their order, and which are missing or null. */
class MessageViewTest {
  private static final Instant THEN = Instant.parse("2026-11-21T01:02:03Z");

  @Test
  void list() throws IOException {
    assertGolden("list.json", DeadLetters.listing());
  }

  @Test
  void show() throws IOException {
    assertGolden("show.json", DeadLetters.shown(true));
  }

  @Test
  void withoutValuesThereIsNoImage() {
    String json = DeadLetterJson.pretty(DeadLetters.shown(false));
    assertThat(json).contains("d%7C1|%N5").doesNotContain("newImage", "secret");
  }

  @Test
  void replay() throws IOException {
    var failure = Objects.requireNonNull(DeadLetters.captured().letter().failure());
    var applied =
        new Replayed(
            "d|1",
            "100",
            "l/0100",
            "MODIFY",
            THEN,
            Kind.APPLIED,
            null,
            new IndexedVersion("l/0099", true, THEN, THEN.plusMillis(5), false),
            false,
            List.of());
    var reply =
        new ReplayReply(
            true,
            Stopped.EMPTY,
            List.of(
                new Message(
                    "aaaaaaaa-1",
                    Form.CAPTURED,
                    Fate.KEPT,
                    null,
                    Origin.of(failure),
                    2,
                    1,
                    List.of(applied, Replayed.expired("gone")),
                    Map.of("superseded", 4)),
                new Message(
                    "dddddddd-1",
                    Form.FOREIGN,
                    Fate.KEPT,
                    "Not replayed.",
                    null,
                    1,
                    1,
                    List.of(),
                    Map.of())));
    assertGolden("replay.json", ReplayLoop.Result.of(STREAM, DeadLetters.NOW, reply, 3));
  }

  @Test
  void purge() throws IOException {
    assertGolden(
        "purge.json", new Purge.Result(STREAM, DeadLetters.NOW, 3, 1, "/tmp/given-up.jsonl"));
    assertGolden("purge-nothing.json", new Purge.Result(STREAM, DeadLetters.NOW, 0, 0, null));
  }

  private static void assertGolden(String file, Object view) throws IOException {
    try (InputStream in = MessageViewTest.class.getResourceAsStream(file)) {
      String expected =
          new String(Objects.requireNonNull(in, file).readAllBytes(), StandardCharsets.UTF_8);
      assertThat(DeadLetterJson.pretty(view).lines())
          .containsExactlyElementsOf(expected.lines().toList());
    }
  }
}
