package dev.utsushi.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.utsushi.cli.DlqWorld.Ran;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An operator's look at a stream whose index is blocked, then deleted, then created again. */
class StatusIT {
  @TempDir private Path directory = Path.of("");

  @Test
  void tellsWhatPreventsChangesAndCreatesADeletedIndexOnRequestOnly() throws Exception {
    try (var world = new DlqWorld(directory, Duration.ofSeconds(20))) {
      String local = " --local=" + world.endpoints();
      assertThat(state(DlqWorld.run("status --json" + local))).isEqualTo("NOT_CREATED");
      world.put("first", 1);
      world.put("second", 1);
      world.remove("second");
      world.awaitQuiet();

      world.search().send("POST", "/deals-write/_refresh", "");
      Ran healthy = DlqWorld.run("status" + local);
      assertThat(healthy.exitCode()).as(healthy.out() + healthy.err()).isZero();
      assertThat(healthy.out()).contains("writable", "enabled", "deals: changes reach the index");
      JsonNode stream = DlqWorld.run("status --json" + local).json().at("/streams/0");
      assertThat(stream.path("index").asText()).isEqualTo("deals");
      assertThat(stream.at("/engine/documents").asLong()).isEqualTo(1);
      assertThat(stream.at("/engine/tombstones").asLong()).isEqualTo(1);
      // DynamoDB Local cuts the time of a change to the minute: a lag from it would be none.
      assertThat(healthy.out()).containsPattern("indexed .+ ago").doesNotContain("after");
      Instant changed = Instant.parse(stream.at("/engine/newest/changedAt").asText());
      assertThat(Instant.parse(stream.at("/engine/newest/indexedAt").asText())).isAfter(changed);
      assertThat(stream.at("/mappings/0/lastResult").asText()).isEqualTo("OK");

      String block = "{\"index.blocks.write\":%s}";
      world.search().send("PUT", "/deals-000001/_settings", block.formatted(true));
      Ran blocked = DlqWorld.run("status" + local);
      assertThat(blocked.exitCode()).isEqualTo(1);
      assertThat(blocked.out()).contains("not writable", "refuses writes by a setting");
      world.search().send("PUT", "/deals-000001/_settings", block.formatted(false));

      Ran exists = DlqWorld.run("index create --yes" + local);
      assertThat(exists.exitCode()).isEqualTo(1);
      assertThat(exists.out()).contains("the index exists");

      world.search().send("DELETE", "/deals-000001", "");
      Ran deleted = DlqWorld.run("status" + local);
      assertThat(deleted.exitCode()).isEqualTo(1);
      assertThat(deleted.out())
          .contains("the index deals-000001 was deleted", "utsushi index create --local=");
      assertThat(DlqWorld.answered("no", "index create" + local).exitCode()).isEqualTo(1);
      assertThat(state(DlqWorld.run("status --json" + local))).isEqualTo("DELETED");

      Ran created = DlqWorld.answered("deals", "index create" + local);
      assertThat(created.exitCode()).as(created.out() + created.err()).isZero();
      assertThat(created.out()).contains("All other items of the table are missing", "dlq replay");
      world.put("third", 1);
      world.awaitQuiet();
      assertThat(state(DlqWorld.run("status --json" + local))).isEqualTo("WRITABLE");
      assertThat(world.compare().differences()).hasSize(1);

      String queue = stream.path("queueUrl").asText();
      world.aws().sqs().client().sendMessage(it -> it.queueUrl(queue).messageBody("a message"));
      Ran failed = DlqWorld.run("status" + local);
      assertThat(failed.exitCode()).isEqualTo(1);
      JsonNode cause = DlqWorld.run("status --json" + local).json().at("/streams/0/causes/0");
      assertThat(cause.path("messages").asInt()).isEqualTo(1);
      assertThat(failed.out())
          .contains("changes are dead letters", "  1: " + cause.path("cause").asText());
    }
  }

  private static String state(Ran ran) {
    return ran.json().at("/streams/0/engine/state").asText();
  }
}
