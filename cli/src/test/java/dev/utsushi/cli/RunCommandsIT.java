package dev.utsushi.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static software.amazon.awssdk.services.dynamodb.model.AttributeValue.fromN;
import static software.amazon.awssdk.services.dynamodb.model.AttributeValue.fromS;

import com.fasterxml.jackson.databind.JsonNode;
import dev.utsushi.cli.DlqWorld.Ran;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A table with a history: backfilled, verified, damaged, repaired. */
class RunCommandsIT {
  private static final int ITEMS = 120;

  @TempDir private Path directory = Path.of("");

  @Test
  void aTableWithAHistoryIsCopiedDamagedAndRepaired() throws Exception {
    try (var world = new DlqWorld(directory, Duration.ofSeconds(20))) {
      String local = " --local=" + world.endpoints();
      for (int i = 0; i < ITEMS; i++) {
        world.put("deal-" + i, i);
      }
      world.awaitQuiet();
      Ran none = DlqWorld.run("backfill status" + local);
      assertThat(none.exitCode()).isEqualTo(2);
      assertThat(none.err()).contains("there was no backfill, verification or purge yet");

      Ran refused = DlqWorld.answered("no", "backfill start" + local);
      assertThat(refused.exitCode()).isEqualTo(1);
      assertThat(refused.out()).contains("read units", "Nothing was started.");

      Ran backfill = DlqWorld.answered("yes", "backfill start" + local);
      assertThat(backfill.exitCode()).as(backfill.out() + backfill.err()).isZero();
      assertThat(backfill.out())
          .contains(ITEMS + " items", "every item is in the index", "Next: utsushi verify");

      Ran equal = DlqWorld.run("verify --settle 1s" + local);
      assertThat(equal.exitCode()).as(equal.out() + equal.err()).isZero();
      assertThat(equal.out()).contains("table and index are equal");

      world.search().send("DELETE", "/deals-000001/_doc/deal-7", "");
      Path file = directory.resolve("found.jsonl");
      Ran different = DlqWorld.run("verify --settle 1s --json --file " + file + local);
      assertThat(different.exitCode()).isEqualTo(1);
      JsonNode found = different.json();
      assertThat(found.at("/counts/MISSING").asInt()).isEqualTo(1);
      assertThat(found.at("/findings/0/id").asText()).isEqualTo("deal-7");
      assertThat(Files.readString(file)).contains("\"id\":\"deal-7\"");

      Ran repaired = DlqWorld.run("verify --repair --settle 1s --file " + file + local);
      assertThat(repaired.exitCode()).as(repaired.out() + repaired.err()).isZero();
      assertThat(repaired.out()).contains("missing: deal-7", "every difference is repaired");
      assertThat(world.compare().differences()).isEmpty();

      aRunOfANewerVersion(world);
      Ran unknown = DlqWorld.run("verify status" + local);
      assertThat(unknown.exitCode()).isEqualTo(3);
      assertThat(unknown.err().lines()).hasSize(1);
      assertThat(unknown.err())
          .contains("the table of runs has 'DREAM', which is unknown: another version");
    }
  }

  @Test
  void oldTombstonesArePurged() throws Exception {
    try (var world = new DlqWorld(directory, Duration.ofSeconds(20))) {
      String local = " --local=" + world.endpoints();
      world.put("deal-1", 1);
      world.put("deal-2", 2);
      world.remove("deal-2");
      world.awaitQuiet();
      world
          .search()
          .send(
              "PUT",
              "/deals-000001/_doc/old?refresh=true",
              """
              {"_replication":{"deleted":true,"version":"2020-01-01T00:00:00.000/1",
               "changedAt":"2020-01-01T00:00:00Z","indexedAt":"2020-01-01T00:00:01Z"}}
              """);

      Ran unsafe = DlqWorld.run("tombstones purge --older-than 14d --yes" + local);
      assertThat(unsafe.exitCode()).isEqualTo(2);
      assertThat(unsafe.err()).contains("less than 15d goes without --yes");

      Ran refused = DlqWorld.answered("yes", "tombstones purge --older-than 1h" + local);
      assertThat(refused.exitCode()).isEqualTo(1);
      assertThat(refused.out())
          .contains("That is not safe", "Type the name of the index, deals", "Nothing was deleted");
      assertThat(world.versions()).containsOnlyKeys("deal-1", "deal-2", "old");

      Ran purged = DlqWorld.answered("yes", "tombstones purge" + local);
      assertThat(purged.exitCode()).as(purged.out() + purged.err()).isZero();
      assertThat(purged.out())
          .contains("The index has 2 tombstones", "1 purged", "deals: 1 tombstones are deleted");
      assertThat(world.versions()).containsOnlyKeys("deal-1", "deal-2");

      Ran again = DlqWorld.run("tombstones purge --yes --json" + local);
      assertThat(again.exitCode()).isZero();
      assertThat(again.json().path("kind").asText()).isEqualTo("PURGE");
      assertThat(again.json().path("counts").size()).isZero();

      Ran all = DlqWorld.answered("deals", "tombstones purge --older-than 0s" + local);
      assertThat(all.exitCode()).as(all.out() + all.err()).isZero();
      assertThat(world.versions()).containsOnlyKeys("deal-1");
      assertThat(world.compare().differences()).isEmpty();
    }
  }

  private static void aRunOfANewerVersion(DlqWorld world) {
    world
        .aws()
        .dynamoDb()
        .client()
        .updateItem(
            update ->
                update
                    .tableName("deals-runs")
                    .key(Map.of("run", fromS("last"), "segment", fromN("-1")))
                    .updateExpression("SET kind = :kind")
                    .expressionAttributeValues(Map.of(":kind", fromS("DREAM"))));
  }
}
