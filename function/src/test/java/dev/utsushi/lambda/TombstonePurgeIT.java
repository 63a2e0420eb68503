package dev.utsushi.lambda;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.utsushi.core.index.EngineIndex;
import dev.utsushi.core.index.Engines;
import dev.utsushi.core.record.SdkRecords;
import dev.utsushi.core.run.Run;
import dev.utsushi.core.run.Run.Kind;
import dev.utsushi.core.run.Run.State;
import dev.utsushi.core.run.Segment.Count;
import dev.utsushi.core.run.SegmentQueue.Task;
import dev.utsushi.core.search.HttpCaller;
import dev.utsushi.core.search.SocketCaller;
import dev.utsushi.local.search.SearchEngine;
import dev.utsushi.run.SegmentWorker.Result;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Old tombstones go, exactly those, beside live writes. */
final class TombstonePurgeIT {
  private static final Duration AGE = Duration.ofDays(16);
  private static final int OLD = 450;
  private final Instant now = Instant.now();
  private final Instant longAgo = now.minus(Duration.ofDays(17));
  private final Instant recently = now.minus(Duration.ofDays(15));
  private static final Instant FUTURE = Instant.parse("9000-01-01T00:00:00Z");
  private static final String VERSION = "2026-01-01T00:00:00.000/" + "7".repeat(40);

  private RunWorld world = new RunWorld(SharedServers.dynamoDb(), Engines.openSearch());

  private void use(String engine) {
    world = new RunWorld(SharedServers.dynamoDb(), engine(engine));
  }

  private static SearchEngine engine(String name) {
    return name.equals("opensearch") ? Engines.openSearch() : Engines.elasticsearch7();
  }

  /** Creates the index, with one item and some hundred old tombstones. */
  private void fill() {
    world.table.put("item", "stays");
    world.finish(world.start(Kind.BACKFILL, 1, false));
    StringBuilder bulk = new StringBuilder();
    for (int i = 0; i < OLD; i++) {
      bulk.append("{\"index\":{\"_id\":\"old-%d\"}}\n".formatted(i));
      bulk.append(tombstone(VERSION, longAgo, longAgo)).append('\n');
    }
    engine().send("POST", "/" + world.index + "-000001/_bulk", bulk.toString());
  }

  private EngineIndex engine() {
    return world.engineIndex();
  }

  private static String tombstone(
      @Nullable String version, @Nullable Instant changedAt, @Nullable Instant indexedAt) {
    return "{\"_replication\":{\"deleted\":true%s%s%s}}"
        .formatted(
            field("version", version),
            field("changedAt", changedAt),
            field("indexedAt", indexedAt));
  }

  private static String field(String name, @Nullable Object value) {
    return value == null ? "" : ",\"%s\":\"%s\"".formatted(name, value);
  }

  private void put(String id, String document) {
    engine().send("PUT", "/" + world.index + "-000001/_doc/" + id, document);
  }

  private Run purge() {
    return world.start(Kind.PURGE, 3, false, AGE);
  }

  /** Delivers the whole stream, again and again. */
  private void deliver() {
    world
        .replication()
        .replicate(
            world.table.streamed().stream()
                .map(each -> SdkRecords.of(each.streamRecord(), world.table.stream))
                .toList(),
            RunWorld.deadline());
  }

  @ParameterizedTest
  @ValueSource(strings = {"opensearch", "elasticsearch7"})
  void oldOnesGoAndYoungOnesStay(String engine) {
    use(engine);
    fill();
    put("replayed-late", tombstone(VERSION, longAgo, recently));
    put("old-without-time", tombstone(VERSION, null, longAgo));
    put("old-from-the-future", tombstone(VERSION, FUTURE, longAgo));
    put("young", tombstone(VERSION, recently, recently));
    put("young-without-time", tombstone(VERSION, null, recently));
    put("young-from-the-future", tombstone(VERSION, FUTURE, recently));
    put("of-somebody-else", tombstone(null, longAgo, longAgo));
    put("timeless", tombstone(VERSION, null, null));
    put("old-item", tombstone(VERSION, longAgo, longAgo).replace("true", "false"));
    world.table.put("deal", "removed now");
    world.table.delete("deal");
    deliver();

    Run run = world.finish(purge());
    assertThat(run.state()).isEqualTo(State.FINISHED);
    assertThat(world.count(run, Count.PURGED)).isEqualTo(OLD + 3);
    assertThat(engine().all())
        .containsOnlyKeys(
            "item",
            "young",
            "young-without-time",
            "young-from-the-future",
            "of-somebody-else",
            "timeless",
            "old-item",
            "deal");
    Run again = world.finish(purge());
    assertThat(world.count(again, Count.DOCUMENTS)).isZero();
  }

  /** What changes between the look and the deletion stays: as a document, or as a tombstone. */
  @ParameterizedTest
  @ValueSource(strings = {"opensearch", "elasticsearch7"})
  void whatChangesMeanwhileStays(String engine) {
    use(engine);
    fill();
    HttpCaller caller =
        call -> {
          if (call.uri().getPath().endsWith("/_bulk")) {
            change();
          }
          return new SocketCaller().send(call);
        };
    Run run = purge();
    for (int segment = 0; segment < run.parts(); segment++) {
      assertThat(world.worker(caller).work(new Task(run.id(), segment), RunWorld.deadline()))
          .isInstanceOf(Result.Over.class);
    }
    Map<String, JsonNode> left = engine().all();
    assertThat(left).containsOnlyKeys("item", "old-1", "old-222", "old-333");
    assertThat(Objects.requireNonNull(left.get("old-1")).path("memo").asText())
        .isEqualTo("put again");
    assertThat(Objects.requireNonNull(left.get("old-222")).at("/_replication/version").asText())
        .isGreaterThan(VERSION);
    assertThat(world.count(run, Count.PURGED)).isEqualTo(OLD - 3);
    // Once more delivered, the removal is superseded by its own tombstone.
    deliver();
    assertThat(engine().found()).containsOnlyKeys("item", "old-1");
  }

  private void change() {
    world.table.put("old-1", "put again");
    world.table.put("old-222", "put and removed again");
    world.table.delete("old-222");
    deliver();
    put("old-333", tombstone(VERSION, longAgo, recently));
  }

  /** A worker that dies after each deletion, and one that stops: nothing counts twice or never. */
  @Test
  void countsAreExactWhateverDies() {
    fill();
    AtomicInteger deaths = new AtomicInteger();
    HttpCaller dying =
        call -> {
          var reply = new SocketCaller().send(call);
          if (call.uri().getPath().endsWith("/_bulk") && deaths.incrementAndGet() % 2 == 1) {
            throw new StackOverflowError("killed after the deletion");
          }
          return reply;
        };
    Run run = purge();
    for (int segment : IntStream.range(0, run.parts()).toArray()) {
      Result result = null;
      while (result == null) {
        try {
          result = world.worker(dying).work(new Task(run.id(), segment), RunWorld.deadline());
        } catch (StackOverflowError e) {
          world.store.change(run, State.STOPPED);
          assertThat(world.work(run, segment)).isInstanceOf(Result.Over.class);
          world.store.change(run, State.RUNNING);
        }
      }
    }
    assertThat(deaths.get()).isGreaterThan(4);
    assertThat(world.store.last().orElseThrow().state()).isEqualTo(State.FINISHED);
    assertThat(world.count(run, Count.DOCUMENTS)).isEqualTo(OLD);
    assertThat(world.count(run, Count.PURGED)).isEqualTo(OLD);
    assertThat(engine().all()).containsOnlyKeys("item");
  }

  /** There is nothing to purge in an index that was never there. */
  @Test
  void anIndexThatWasNeverThereHasNone() {
    Run run = world.finish(purge());
    assertThat(world.count(run, Count.DOCUMENTS)).isZero();
  }
}
