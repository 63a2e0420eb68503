package dev.utsushi.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An outage and its repair with the dlq commands, on real servers. */
class DlqIT {
  private static final long OUTAGE_MILLIS = 20_000;
  private static final int WRITES_PER_SECOND = 12;

  @TempDir private Path directory;

  @Test
  void anOutageMakesDeadLettersAndAReplayIndexesThem() throws Exception {
    long seed = Long.getLong("dlq.seed", System.nanoTime());
    System.out.println("seed of the writes: -Ddlq.seed=" + seed);
    var random = new SplittableRandom(seed);
    try (var world = new DlqWorld(directory, Duration.ofSeconds(5))) {
      world.put("before", 1);
      world.awaitQuiet();
      world.aws().search().stop();
      writeFor(world, random, OUTAGE_MILLIS);
      DlqWorld.await(() -> world.givenUp() > 10);
      world.aws().search().restart();
      world.awaitQuiet();

      JsonNode listed = listed(world);
      List<String> lost = lost(world, listed);
      overwriteHalf(world, lost);
      Map<String, String> before = world.versions();
      dryRun(world, listed, before);
      replay(world, listed, before);
    }
  }

  /** Writes new items, and items that are put and removed again and again. */
  private static void writeFor(DlqWorld world, SplittableRandom random, long millis)
      throws InterruptedException {
    long end = System.nanoTime() + millis * 1_000_000;
    for (int i = 0; System.nanoTime() < end; i++) {
      String deal = random.nextBoolean() ? "new-" + i : "busy-" + random.nextInt(10);
      if (random.nextInt(10) == 0) {
        world.remove(deal);
      } else {
        world.put(deal, random.nextInt(1_000_000));
      }
      Thread.sleep(1000 / WRITES_PER_SECOND);
    }
  }

  private static JsonNode listed(DlqWorld world) {
    JsonNode json = world.dlq("list --json").json();
    long records = json.path("totals").path("records").asLong();
    assertThat(records).isEqualTo(world.givenUp()).isPositive();
    assertThat(json.path("totals").path("captured").asLong()).isEqualTo(world.messages());
    assertThat(json.path("totals").path("messages").asLong()).isEqualTo(world.messages());
    assertThat(json.path("complete").asBoolean()).isTrue();

    var ran = world.dlq("list");
    assertThat(ran.exitCode()).isZero();
    assertThat(ran.err()).isEmpty();
    assertThat(ran.out()).contains("Dead letters of deals", "captured", "attempts used up");
    assertThat(ran.out()).contains("%,d records".formatted(records));
    assertThat(ran.out()).contains("Why they failed:", "deferred: ");
    return json;
  }

  private static List<String> lost(DlqWorld world, JsonNode listed) {
    JsonNode shown = world.dlq("show --json").json();
    List<String> ids = new ArrayList<>();
    shown
        .path("messages")
        .forEach(
            message -> {
              assertThat(message.path("recordsAre").asText()).isEqualTo("CAPTURED");
              assertThat(message.path("records")).hasSize(message.path("recordCount").asInt());
              message.path("records").forEach(each -> ids.add(each.path("id").asText()));
            });
    assertThat(ids).hasSize(listed.path("totals").path("records").asInt());
    assertThat(ids).allMatch(id -> id.startsWith("new-") || id.startsWith("busy-"));

    String message = listed.path("messages").path(0).path("messageId").asText();
    var one = world.dlq("show " + message.substring(0, 8));
    assertThat(one.exitCode()).isZero();
    assertThat(one.out()).contains("Message " + message).doesNotContain("amount");
    assertThat(world.dlq("show --values " + message).out()).contains("deal");
    return ids;
  }

  /** Writes newer versions of some of the same items. */
  private static void overwriteHalf(DlqWorld world, List<String> lost) throws InterruptedException {
    for (int i = 0; i < lost.size(); i += 2) {
      world.put(lost.get(i), 7);
    }
    long givenUp = world.givenUp();
    world.awaitQuiet();
    assertThat(world.givenUp()).isEqualTo(givenUp);
  }

  private static void dryRun(DlqWorld world, JsonNode listed, Map<String, String> before)
      throws InterruptedException {
    long messages = world.messages();
    var ran = world.dlq("replay --dry-run --json");
    assertThat(ran.exitCode()).as(ran.err()).isZero();
    JsonNode totals = ran.json().path("totals");
    assertThat(totals.path("records")).isEqualTo(listed.path("totals").path("records"));
    assertThat(totals.path("messages")).isEqualTo(listed.path("totals").path("messages"));
    assertThat(totals.path("applied").asLong() + totals.path("superseded").asLong())
        .isEqualTo(totals.path("records").asLong());
    assertThat(world.versions()).isEqualTo(before);
    assertThat(world.messages()).isEqualTo(messages);

    var dryRun = world.dlq("replay --dry-run");
    assertThat(dryRun.out())
        .contains("would be", "superseded", "Dry run: nothing was changed")
        .contains("A replay would leave nothing in the queue.");
  }

  private static void replay(DlqWorld world, JsonNode listed, Map<String, String> before)
      throws InterruptedException {
    var ran = world.dlq("replay --json");
    assertThat(ran.exitCode()).as(ran.out() + ran.err()).isZero();
    JsonNode reply = ran.json();
    JsonNode totals = reply.path("totals");
    assertThat(totals.path("records")).isEqualTo(listed.path("totals").path("records"));
    assertThat(totals.path("deleted")).isEqualTo(listed.path("totals").path("messages"));
    assertThat(totals.path("kept").asLong()).isZero();
    assertThat(totals.path("superseded").asLong()).isPositive();
    assertThat(totals.path("applied").asLong() + totals.path("superseded").asLong())
        .isEqualTo(totals.path("records").asLong());
    assertThat(outcomes(reply)).isEqualTo(totals.path("records").asLong());

    assertThat(world.messages()).isZero();
    assertThat(world.compare().differences()).isEmpty();
    Map<String, String> after = world.versions();
    before.forEach((id, version) -> assertThat(after.get(id)).isGreaterThanOrEqualTo(version));
    assertThat(world.dlq("list").out()).contains("No dead letters");
    assertThat(world.dlq("replay").exitCode()).isZero();
  }

  private static long outcomes(JsonNode reply) {
    return StreamSupport.stream(reply.path("messages").spliterator(), false)
        .mapToLong(message -> message.path("records").size())
        .sum();
  }
}
