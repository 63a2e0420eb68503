package dev.utsushi.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.utsushi.cli.DlqWorld.Ran;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A rebuild as an operator types it, over real functions. */
class ReindexIT {
  private static final int ITEMS = 60;

  @TempDir private Path directory = Path.of("");

  @Test
  void aNewIndexTakesThePlaceOfTheOld() throws Exception {
    try (var world = new DlqWorld(directory, Duration.ofSeconds(20))) {
      String local = " --local=" + world.endpoints();
      Ran early = DlqWorld.run("reindex start --yes" + local);
      assertThat(early.exitCode()).isEqualTo(2);
      assertThat(early.err()).contains("there is no index yet");
      for (int i = 0; i < ITEMS; i++) {
        world.put("deal-" + i, i);
      }
      world.awaitQuiet();
      for (String step : new String[] {"cut-over", "roll-back", "finish"}) {
        Ran none = DlqWorld.run("reindex " + step + local);
        assertThat(none.exitCode()).as(step).isEqualTo(2);
        assertThat(none.err()).contains("no rebuild is under way");
      }
      assertThat(DlqWorld.run("reindex status" + local).out()).contains("No rebuild of");
      Ran no = DlqWorld.answered("no", "reindex start" + local);
      assertThat(no.exitCode()).isEqualTo(1);
      assertThat(no.out()).contains("Nothing was started.");

      Ran started = DlqWorld.answered("yes", "reindex start --settle 1s" + local);
      assertThat(started.exitCode()).as(started.out() + started.err()).isZero();
      assertThat(started.out())
          .contains("deals-000001 and deals-000002", "table and new index are equal")
          .contains("Next: utsushi reindex cut-over --local");
      world.put("deal-new", 1);
      world.awaitQuiet();

      Ran cutOver = DlqWorld.run("reindex cut-over" + local);
      assertThat(cutOver.exitCode()).as(cutOver.out() + cutOver.err()).isZero();
      assertThat(cutOver.out()).contains("Readers search deals-000002.");
      assertThat(world.compare().differences()).isEmpty();
      assertThat(DlqWorld.run("reindex roll-back" + local).out()).contains("deals-000001.");
      assertThat(world.compare().differences()).isEmpty();
      assertThat(DlqWorld.run("reindex cut-over" + local).exitCode()).isZero();
      JsonNode status = DlqWorld.run("reindex status --json" + local).json();
      assertThat(status.at("/engine/rebuild/to").asText()).isEqualTo("deals-000002");
      assertThat(status.at("/engine/rebuild/cutOver").asBoolean()).isTrue();
      assertThat(status.at("/run/kind").asText()).isEqualTo("REINDEX");

      assertThat(DlqWorld.run("status" + local).out())
          .contains("a rebuild is under way, and readers search deals-000002");
      Ran kept = DlqWorld.answered("deals-000002", "reindex finish" + local);
      assertThat(kept.exitCode()).isEqualTo(1);
      Ran finished = DlqWorld.answered("deals-000001", "reindex finish" + local);
      assertThat(finished.exitCode()).as(finished.out() + finished.err()).isZero();
      assertThat(finished.out()).contains("deals-000002 is the only index");
      world.put("deal-last", 2);
      world.awaitQuiet();
      assertThat(world.compare().differences()).isEmpty();
      Ran equal = DlqWorld.run("verify --settle 1s" + local);
      assertThat(equal.exitCode()).as(equal.out() + equal.err()).isZero();
    }
  }

  @Test
  void aRebuildThatIsNotFilledIsNotCutOver() throws Exception {
    try (var world = new DlqWorld(directory, Duration.ofSeconds(20))) {
      String local = " --local=" + world.endpoints();
      world.put("deal-1", 1);
      world.awaitQuiet();
      Ran started = DlqWorld.run("reindex start --yes --detach --settle 20s" + local);
      assertThat(started.exitCode()).as(started.out() + started.err()).isZero();
      Ran refused = DlqWorld.run("reindex cut-over" + local);
      assertThat(refused.exitCode()).isEqualTo(3);
      assertThat(refused.err()).contains("was not found equal to the table");
      // What a cut-over that is killed leaves: a hundred days, and the interval from before.
      world
          .search()
          .send("PUT", "/deals-000001/_settings", "{\"index.refresh_interval\":\"8640000500ms\"}");
      assertThat(DlqWorld.run("reindex status" + local).out())
          .contains("deals-000001 is not refreshed", "utsushi reindex cut-over");
      assertThat(DlqWorld.run("reindex finish --yes" + local).err()).contains("is running since");
      assertThat(DlqWorld.run("reindex stop" + local).exitCode()).isZero();
      assertThat(DlqWorld.run("reindex finish --yes" + local).exitCode()).isZero();
      world.put("deal-2", 2);
      world.awaitQuiet();
      assertThat(world.compare().differences()).isEmpty();
    }
  }
}
