package dev.utsushi.operations.deadletters;

import static dev.utsushi.operations.deadletters.DeadLetters.STREAM;
import static org.assertj.core.api.Assertions.assertThat;

import dev.utsushi.core.deadletter.DeadLetter.Form;
import dev.utsushi.core.deadletter.ReplayReply;
import dev.utsushi.core.deadletter.ReplayReply.Fate;
import dev.utsushi.core.deadletter.ReplayReply.Message;
import dev.utsushi.core.deadletter.ReplayReply.Origin;
import dev.utsushi.core.deadletter.ReplayReply.Replayed;
import dev.utsushi.core.deadletter.ReplayReply.Stopped;
import dev.utsushi.core.index.IndexedVersion;
import dev.utsushi.core.index.Outcome.Kind;
import dev.utsushi.operations.deadletters.DeadLetterListing.Entry;
import dev.utsushi.operations.deadletters.MessageRecords.State;
import dev.utsushi.stream.RangeReader;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.dynamodb.streams.DynamoDbStreamsClient;

/** The JSON that scripts read: keys, their order, and which are missing or null. */
class MessageViewTest {
  private static final Instant THEN = Instant.parse("2026-11-21T01:02:03Z");

  @Test
  void list() throws IOException {
    assertGolden("list.json", MessageView.of(STREAM, DeadLetters.listing()));
  }

  @Test
  void show() throws IOException {
    DeadLetterListing listing = DeadLetters.listing();
    List<MessageView> views = new ArrayList<>();
    for (Entry entry : listing.entries()) {
      MessageRecords records =
          entry.letter().form() == Form.REFERENCE
              ? new MessageRecords(State.EXPIRED, List.of(), "expired")
              : MessageRecords.of(entry.letter(), new RangeReader(new NoStream()));
      boolean values = entry.letter().form() == Form.CAPTURED;
      views.add(MessageView.of(entry, listing, records, STREAM.keySchema(), values));
    }
    assertGolden("show.json", MessageView.of(STREAM, listing, views));
  }

  @Test
  void withoutValuesThereIsNoImage() {
    DeadLetterListing listing = DeadLetters.listing(true, DeadLetters.captured());
    Entry entry = listing.entries().getFirst();
    MessageRecords records = MessageRecords.of(entry.letter(), new RangeReader(new NoStream()));
    String json =
        MessageView.json(MessageView.of(entry, listing, records, STREAM.keySchema(), false));
    assertThat(json).contains("d%7C1|%N5").doesNotContain("newImage", "secret");
  }

  @Test
  void replay() throws IOException {
    var failure = DeadLetters.captured().failure().orElseThrow();
    var applied =
        new Replayed(
            "d|1",
            "100",
            "l/0100",
            "MODIFY",
            THEN,
            Kind.APPLIED,
            null,
            new IndexedVersion("l/0099", true, THEN, THEN.plusMillis(5)));
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
    assertGolden("replay.json", MessageView.of(STREAM, new ReplayLoop.Result(reply, 3)));
  }

  @Test
  void purge() throws IOException {
    assertGolden("purge.json", MessageView.of(STREAM, 3, 1, Path.of("/tmp/given-up.jsonl")));
    assertGolden("purge-nothing.json", MessageView.of(STREAM, 0, 0, null));
  }

  private static void assertGolden(String file, Object view) throws IOException {
    try (InputStream in = MessageViewTest.class.getResourceAsStream(file)) {
      String expected =
          new String(Objects.requireNonNull(in, file).readAllBytes(), StandardCharsets.UTF_8);
      String json =
          MessageView.json(view)
              .replaceFirst("\"at\" : \"[^\"]*\"", "\"at\" : \"2026-11-21T12:00:00Z\"");
      assertThat(json.lines()).containsExactlyElementsOf(expected.lines().toList());
    }
  }

  private static final class NoStream implements DynamoDbStreamsClient {
    @Override
    public String serviceName() {
      return "dynamodb";
    }

    @Override
    public void close() {}
  }
}
