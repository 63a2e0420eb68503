package dev.utsushi.lambda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.utsushi.core.deadletter.ReplayReply;
import dev.utsushi.core.deadletter.ReplayReply.Fate;
import dev.utsushi.core.deadletter.ReplayReply.InIndex;
import dev.utsushi.core.deadletter.ReplayReply.Replayed;
import dev.utsushi.core.index.EngineIndex;
import dev.utsushi.core.index.Engines;
import dev.utsushi.core.index.Outcome.Kind;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** One of three indexes does not take a change: its dead letter, and what a replay does with it. */
final class TargetsReplayIT {
  private static final String SECRET = "s3cret-marker";

  private final DeadLetterWorld world = new DeadLetterWorld();
  private final String deals = world.index.name();
  private final String users = deals + "-users";
  private final String all = deals + "-all";

  @Test
  void aDryRunTellsOfEachIndexAndAReplaySettlesAll() {
    world.handlers.more = environment();
    world.table.put(item("User", "first"));
    world.table.put(item("Deal", "second"));
    world.table.put(item("User", "third"));
    var streamed = world.table.streamed();
    world.handlers.replicate(streamed.get(0));
    world.handlers.replicate(streamed.get(1));
    block(users, true);
    world.handlers.time = Duration.ofSeconds(6);
    // It leaves one index, comes to another that is blocked, and stays in the third.
    assertThat(world.handlers.failures(streamed.get(2))).hasSize(1);
    assertThat(shown()).isEqualTo(Map.of(all, "third"));

    assertThat(world.handlers.capture(true, world.table.failure(streamed.get(2)))).isEmpty();
    assertThat(world.queue.bodies()).singleElement().asString().doesNotContain(SECRET);
    block(users, false);
    world.handlers.time = Duration.ofSeconds(60);
    Map<String, String> before = shown();
    ReplayReply dry = world.handlers.dryRun();
    assertThat(shown()).isEqualTo(before);
    assertThat(dry.messages().getFirst().fate()).isEqualTo(Fate.KEPT);
    Replayed replayed = dry.messages().getFirst().records().getFirst();
    assertThat(replayed.outcome()).isEqualTo(Kind.APPLIED);
    assertThat(replayed.indexes())
        .extracting(InIndex::index, InIndex::removes, InIndex::outcome)
        .containsExactly(
            tuple(deals, true, Kind.SUPERSEDED),
            tuple(users, false, Kind.APPLIED),
            tuple(all, false, Kind.SUPERSEDED));
    assertThat(Objects.requireNonNull(replayed.indexes().get(0).standing()).deleted()).isTrue();
    assertThat(ReplayReply.parse(dry.toJson())).isEqualTo(dry);

    ReplayReply real = world.handlers.replay();
    assertThat(real.messages().getFirst().fate()).isEqualTo(Fate.DELETED);
    assertThat(real.messages().getFirst().records().getFirst().indexes())
        .extracting(InIndex::outcome)
        .containsExactly(Kind.SUPERSEDED, Kind.APPLIED, Kind.SUPERSEDED);
    assertThat(shown()).isEqualTo(Map.of(users, "third", all, "third"));
    assertThat(world.queue.counts()).containsExactly(0, 0);
  }

  @Test
  void aDryRunTellsWhichIndexRejects() {
    world.handlers.more = environment();
    world.table.put(item("User", "first"));
    var streamed = world.table.streamed();
    assertThat(world.handlers.failures(streamed.get(0))).isEmpty();
    engine(users).send("DELETE", "/" + users + "-000001", "");
    world.queue.send(world.table.failure(streamed.get(0)));
    Replayed replayed = world.handlers.dryRun().messages().getFirst().records().getFirst();
    assertThat(replayed.outcome()).isEqualTo(Kind.REJECTED);
    assertThat(replayed.indexes())
        .extracting(InIndex::index, InIndex::outcome, InIndex::unread)
        .containsExactly(tuple(users, Kind.REJECTED, true), tuple(all, Kind.SUPERSEDED, false));
    assertThat(replayed.indexes().getFirst().reason()).contains("was deleted");
    assertThat(replayed.reason()).isEqualTo(replayed.indexes().getFirst().reason());
  }

  private Map<String, String> environment() {
    return Map.of(
        "UTSUSHI_TARGETS",
        """
        [{"index":"%s","where":{"entity":{"S":["Deal"]}},"attributes":{"exclude":["secret"]}},
         {"index":"%s","where":{"entity":{"S":["User"]}},"attributes":{"exclude":["secret"]}},
         {"index":"%s","attributes":{"exclude":["secret"]}}]
        """
            .formatted(deals, users, all));
  }

  private static Map<String, AttributeValue> item(String entity, String memo) {
    return Map.of(
        "id", AttributeValue.fromS("a"),
        "entity", AttributeValue.fromS(entity),
        "memo", AttributeValue.fromS(memo),
        "secret", AttributeValue.fromS(SECRET));
  }

  private static void block(String index, boolean blocked) {
    engine(index)
        .send("PUT", "/" + index + "-000001/_settings", "{\"index.blocks.write\":" + blocked + "}");
  }

  /** The memo of the item in each index that shows it. */
  private Map<String, String> shown() {
    Map<String, String> shown = new HashMap<>();
    for (String index : List.of(deals, users, all)) {
      String memo = new LocalIndex(index).documents().get("a");
      if (memo != null) {
        shown.put(index, memo);
      }
    }
    return shown;
  }

  private static EngineIndex engine(String index) {
    return new EngineIndex(Engines.openSearch().endpoint(), index);
  }
}
