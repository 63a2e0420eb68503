package dev.utsushi.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.utsushi.cli.DlqWorld.Ran;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
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
      assertThat(none.err()).contains("there was no backfill and no verification yet");

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
    }
  }
}
