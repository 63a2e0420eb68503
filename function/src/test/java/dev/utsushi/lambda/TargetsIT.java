package dev.utsushi.lambda;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.utsushi.core.index.EngineIndex;
import dev.utsushi.core.index.Engines;
import dev.utsushi.core.index.IndexRebuild;
import dev.utsushi.core.projection.Target;
import dev.utsushi.core.run.Run;
import dev.utsushi.core.run.Run.Kind;
import dev.utsushi.core.run.Run.State;
import dev.utsushi.core.run.Segment.Count;
import dev.utsushi.core.run.Segment.Finding;
import dev.utsushi.core.search.SocketCaller;
import dev.utsushi.core.settings.Settings;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** A table of several types in several indexes: backfill, verification, repair, rebuild. */
final class TargetsIT {
  private static final String SECRET = "s3cret-marker";

  private final String suffix = UUID.randomUUID().toString();
  private final String deals = "deals-" + suffix;
  private final String users = "users-" + suffix;

  @Test
  void whatWasThereBeforeIsInItsIndexAndNowhereElse() {
    RunWorld world = world("");
    fill(world);
    Run backfill = world.finish(world.start(Kind.BACKFILL, 3, false));
    assertThat(world.count(backfill, Count.WRITTEN)).isEqualTo(30);
    assertThat(index(deals).found()).hasSize(20).doesNotContainKey("u-1").containsKey("d-1");
    assertThat(index(users).found()).hasSize(10).containsKey("u-1");
    JsonNode user = Objects.requireNonNull(index(users).found().get("u-1"));
    assertThat(user.path("userId").asText()).isEqualTo("u-1");
    assertThat(user.path("contact").path("city").asText()).isEqualTo("Kyoto");
    assertThat(index(users).all().toString() + index(deals).all()).doesNotContain(SECRET);

    Run verified = world.finish(world.start(Kind.VERIFY, 3, false));
    assertThat(verified.state()).isEqualTo(State.FINISHED);
    assertThat(world.findings(verified)).isEmpty();
    assertThat(world.count(verified, Count.EQUAL)).isEqualTo(30);
    assertThat(world.count(verified, Count.DOCUMENTS)).isEqualTo(30);
  }

  @Test
  void driftIsFoundWithItsIndexAndRepaired() {
    RunWorld world = world("");
    fill(world);
    world.finish(world.start(Kind.BACKFILL, 3, false));
    // They leave, change or go without the stream.
    world.table.put(item("d-1", "User"));
    world.table.delete("d-2");
    Map<String, AttributeValue> changed = item("d-3", "Deal");
    changed.put("memo", AttributeValue.fromS("changed"));
    world.table.put(changed);

    Run verified = world.finish(world.start(Kind.VERIFY, 3, true));
    assertThat(world.findings(verified))
        .containsExactlyInAnyOrder(
            new Finding(Count.MISSING, "d-1", users),
            new Finding(Count.GHOST, "d-1", deals),
            new Finding(Count.GHOST, "d-2", deals),
            new Finding(Count.STALE, "d-3", deals + ": memo"));
    assertThat(world.count(verified, Count.REPAIRED)).isEqualTo(4);
    assertThat(world.findings(world.finish(world.start(Kind.VERIFY, 3, false)))).isEmpty();
  }

  @Test
  void aChangedProjectionIsDriftUntilTheIndexIsRebuilt() {
    RunWorld before = world("");
    fill(before);
    before.finish(before.start(Kind.BACKFILL, 3, false));

    RunWorld after = before.with(environment(",\"memo\""));
    Run verified = after.finish(after.start(Kind.VERIFY, 3, false));
    assertThat(after.count(verified, Count.STALE)).isEqualTo(10);
    assertThat(after.findings(verified))
        .allSatisfy(finding -> assertThat(finding.detail()).isEqualTo(users + ": memo"));

    IndexRebuild rebuild = rebuild(after, users);
    rebuild.start(RunWorld.deadline());
    Run reindexed = after.finish(after.start(Kind.REINDEX, 3, false));
    assertThat(reindexed.state()).isEqualTo(State.FINISHED);
    assertThat(after.findings(reindexed)).isEmpty();
    assertThat(after.count(reindexed, Count.EQUAL)).isEqualTo(10);
    rebuild.cutOver(RunWorld.deadline());
    rebuild.finish(RunWorld.deadline());
    assertThat(Objects.requireNonNull(index(users).found().get("u-1")).has("memo")).isFalse();
    assertThat(after.findings(after.finish(after.start(Kind.VERIFY, 3, false)))).isEmpty();
  }

  private static IndexRebuild rebuild(RunWorld world, String index) {
    Settings settings = Settings.readRuns(world.environment()).replication();
    Target target =
        settings.targets().list().stream()
            .filter(each -> each.index().reader().equals(index))
            .findFirst()
            .orElseThrow();
    return Assembly.indexRebuild(settings, target, new SocketCaller(), Assembly.nowhere());
  }

  private RunWorld world(String alsoExcluded) {
    return new RunWorld(SharedServers.dynamoDb(), Engines.openSearch(), environment(alsoExcluded));
  }

  private Map<String, String> environment(String alsoExcluded) {
    return Map.of(
        "UTSUSHI_INDEX",
        deals,
        "UTSUSHI_TARGETS",
        """
        [{"index":"%s","where":{"entity":{"S":["Deal"]}},"attributes":{"exclude":["secret","contact"]}},
         {"index":"%s","where":{"entity":{"S":["User"]}},
          "attributes":{"exclude":["secret","contact.note"%s],"rename":{"id":"userId"}}}]
        """
            .formatted(deals, users, alsoExcluded));
  }

  private static void fill(RunWorld world) {
    for (int i = 0; i < 20; i++) {
      world.table.put(item("d-" + i, "Deal"));
    }
    for (int i = 0; i < 10; i++) {
      world.table.put(item("u-" + i, "User"));
      world.table.put(item("o-" + i, "Other"));
    }
  }

  private static Map<String, AttributeValue> item(String id, String entity) {
    Map<String, AttributeValue> item = new LinkedHashMap<>();
    item.put("id", AttributeValue.fromS(id));
    item.put("entity", AttributeValue.fromS(entity));
    item.put("memo", AttributeValue.fromS("memo of " + id));
    item.put("secret", AttributeValue.fromS(SECRET));
    item.put(
        "contact",
        AttributeValue.fromM(
            Map.of("note", AttributeValue.fromS(SECRET), "city", AttributeValue.fromS("Kyoto"))));
    return item;
  }

  private static EngineIndex index(String name) {
    return new EngineIndex(Engines.openSearch().endpoint(), name);
  }
}
