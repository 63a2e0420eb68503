package dev.utsushi.core.index;

import static dev.utsushi.core.index.Changes.removal;
import static dev.utsushi.core.index.Changes.upsert;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.utsushi.core.change.Value;
import dev.utsushi.core.index.IndexWriter.DocumentWrite;
import dev.utsushi.core.search.Authorization;
import dev.utsushi.core.search.HttpCaller;
import dev.utsushi.core.search.SearchClient;
import dev.utsushi.core.search.SocketCaller;
import dev.utsushi.local.search.SearchEngine;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** One change in several indexes of a real engine. */
final class SeveralIndexesIT {
  private static final AtomicInteger TABLES = new AtomicInteger();
  private static final Outcome APPLIED = new Outcome.Applied(List.of());

  private final SearchEngine engine = Engines.openSearch();
  private final String table = "several-" + TABLES.incrementAndGet();
  private final List<String> bulks = new ArrayList<>();
  private final List<Integer> differing = new ArrayList<>();
  private boolean refusesIndexInBody;
  private boolean refusesMark;

  @Test
  void oneRequestWritesToAllIndexes() {
    IndexWriter writer = writer("a", "b", "c");
    assertThat(write(writer, upsert("x", 1, "memo", "1"), removal("x", 1).to(1)))
        .containsExactly(APPLIED, APPLIED);
    assertThat(
            write(
                writer,
                upsert("x", 2, "memo", "2").to(2),
                removal("x", 2),
                upsert("y", 1, "memo", "3").to(1)))
        .containsExactly(APPLIED, APPLIED, APPLIED);
    assertThat(bulks).hasSize(2);
    assertThat(index("a").found()).isEmpty();
    assertThat(index("b").found()).containsOnlyKeys("y");
    assertThat(index("c").document("x").path("memo").asText()).isEqualTo("2");
    assertThat(write(writer, upsert("x", 1, "memo", "late").to(2), upsert("x", 1, "memo", "late")))
        .containsExactly(new Outcome.Superseded(), new Outcome.Superseded());
  }

  @Test
  void oneIndexTakesTheRequestThatItWouldTakeAlone() {
    IndexWriter writer = writer("a", "b");
    write(writer, upsert("x", 1, "memo", "1").to(1));
    assertThat(bulks).singleElement().asString().doesNotContain("_index");
  }

  @Test
  void anEngineThatRefusesNamesInTheBodyGetsARequestForEach() {
    refusesIndexInBody = true;
    IndexWriter writer = writer("a", "b");
    DocumentWrite[] writes = {upsert("x", 1, "memo", "1"), upsert("y", 1, "memo", "1").to(1)};
    assertThat(write(writer, writes)).containsExactly(APPLIED, APPLIED);
    assertThat(bulks).hasSize(3);
    bulks.clear();
    assertThat(write(writer, upsert("x", 2, "memo", "2"), upsert("y", 2, "memo", "2").to(1)))
        .containsExactly(APPLIED, APPLIED);
    assertThat(bulks).hasSize(2);
    assertThat(index("b").found()).containsOnlyKeys("y");
  }

  @Test
  void whatOneIndexRefusesKeepsNothingOutOfTheOthers() {
    IndexWriter writer = writer("a", "b");
    write(writer, upsert("n", 1, Map.of("when", new Value.Decimal("1"))));
    assertThat(
            write(
                writer,
                upsert("x", 1, "when", "tomorrow"),
                upsert("x", 1, "when", "tomorrow").to(1)))
        .containsExactly(new Outcome.Applied(List.of("when")), APPLIED);
    assertThat(index("a").document("x").has("when")).isFalse();
    assertThat(index("b").document("x").path("when").asText()).isEqualTo("tomorrow");
  }

  @Test
  void anIndexThatWasDeletedKeepsNothingOutOfTheOthers() {
    IndexWriter writer = writer("a", "b");
    write(writer, upsert("x", 1, "memo", "1"), upsert("x", 1, "memo", "1").to(1));
    index("b").send("DELETE", "/" + table + "-b-000001", "");
    List<Outcome> outcomes =
        write(writer, upsert("x", 2, "memo", "2"), upsert("x", 2, "memo", "2").to(1));
    assertThat(outcomes.getFirst()).isEqualTo(APPLIED);
    assertThat(outcomes.getLast())
        .isInstanceOfSatisfying(
            Outcome.Rejected.class,
            it -> assertThat(it.reason()).contains("-b-000001 was deleted"));
  }

  @Test
  void anIndexThatIsRebuiltGetsItsChangesTwice() {
    IndexWriter writer = writer("a", "b");
    write(writer, upsert("x", 1, "memo", "1"), upsert("x", 1, "memo", "1").to(1));
    var rebuild =
        new IndexRebuild(
            client(new SocketCaller()),
            new IndexNames(table + "-b"),
            Mapping.read("{}"),
            false,
            new SilentListener());
    rebuild.start(soon());
    for (int version = 2; version < 4; version++) {
      assertThat(
              write(
                  writer,
                  upsert("x", version, "memo", "" + version),
                  upsert("x", version, "memo", "" + version).to(1)))
          .containsExactly(APPLIED, APPLIED);
    }
    for (String index : List.of("-b-000001", "-b-000002", "-a-000001")) {
      var found = index("b").search(table + index, "{\"match_all\":{}}");
      assertThat(Objects.requireNonNull(found.get("x")).path("memo").asText()).isEqualTo("3");
    }
  }

  @Test
  void anAttributeWhoseNewNameIsTakenOverflows() {
    IndexWriter writer = writer("a", "b");
    DocumentWrite plain =
        upsert("x", 1, Map.of("owner", new Value.Text("1"), "b", new Value.Null()));
    var collided = new DocumentWrite(plain.id(), plain.change(), null, 1, Set.of("owner"));
    assertThat(write(writer, collided)).containsExactly(new Outcome.Applied(List.of("owner")));
    assertThat(index("b").document("x").at("/_replication/overflow").asText())
        .isEqualTo("{\"owner\":\"1\"}");
  }

  @Test
  void anIndexOfAnotherProjectionIsReportedUntilItIsRebuilt() {
    write(writer(Mapping.read("{}").showing("one")), upsert("x", 1, "memo", "1"));
    assertThat(differing).isEmpty();
    Mapping other = Mapping.read("{\"properties\":{\"a\":{\"type\":\"long\"}}}").showing("two");
    write(writer(other), upsert("x", 2, "memo", "2"));
    assertThat(differing).containsExactly(0);
    write(writer(other), upsert("x", 3, "memo", "3"));
    assertThat(differing).containsExactly(0, 0);
    write(writer(other.showing("one")), upsert("x", 4, "memo", "4"));
    assertThat(differing).hasSize(2);
    var rebuild =
        new IndexRebuild(
            client(new SocketCaller()),
            new IndexNames(table + "-0"),
            other,
            false,
            new SilentListener());
    rebuild.start(soon());
    rebuild.cutOver(soon());
    rebuild.finish(soon());
    write(writer(other), upsert("x", 5, "memo", "5"));
    assertThat(differing).hasSize(2);
  }

  @Test
  void anIndexThatWasNotFinishedIsOfNoOtherProjection() {
    refusesMark = true;
    Mapping mapping = Mapping.read("{}").showing("one");
    assertThat(write(writer(mapping), upsert("x", 1, "memo", "1")))
        .singleElement()
        .isInstanceOf(Outcome.Rejected.class);
    refusesMark = false;
    for (int version = 2; version < 4; version++) {
      assertThat(write(writer(mapping), upsert("x", version, "memo", "1")))
          .containsExactly(APPLIED);
    }
    assertThat(differing).isEmpty();
    write(writer(mapping.showing("two")), upsert("x", 4, "memo", "1"));
    assertThat(differing).containsExactly(0);
  }

  private IndexWriter writer(Mapping mapping) {
    return IndexWriter.toSeveral(
        client(this::call),
        List.of(new IndexNames(table + "-0")),
        List.of(mapping),
        List.of(new Noting(0)));
  }

  private IndexWriter writer(String... indexes) {
    List<IndexNames> names = new ArrayList<>();
    List<Mapping> mappings = new ArrayList<>();
    List<IndexWriter.Listener> listeners = new ArrayList<>();
    for (String index : indexes) {
      listeners.add(new Noting(names.size()));
      names.add(new IndexNames(table + '-' + index));
      mappings.add(Mapping.read("{}"));
    }
    return IndexWriter.toSeveral(client(this::call), names, mappings, listeners);
  }

  private final class Noting implements IndexWriter.Listener {
    private final int target;

    Noting(int target) {
      this.target = target;
    }

    @Override
    public void retrying(int writes, String cause) {}

    @Override
    public void mappingRefused(String cause) {}

    @Override
    public void projectionDiffers() {
      differing.add(target);
    }
  }

  private HttpCaller.HttpReply call(HttpCaller.HttpCall call) throws IOException {
    String body = new String(call.body(), UTF_8);
    if (refusesMark && call.uri().getPath().endsWith("/_mapping")) {
      return new HttpCaller.HttpReply(403, "{\"status\":403}".getBytes(UTF_8));
    }
    if (call.uri().getPath().endsWith("/_bulk")) {
      bulks.add(body);
      if (refusesIndexInBody && body.contains("\"_index\"")) {
        String error = "{\"error\":{\"type\":\"illegal_argument_exception\"},\"status\":400}";
        return new HttpCaller.HttpReply(400, error.getBytes(UTF_8));
      }
    }
    return new SocketCaller().send(call);
  }

  private SearchClient client(HttpCaller caller) {
    return new SearchClient(engine.endpoint(), caller, Authorization.NONE);
  }

  private EngineIndex index(String index) {
    return new EngineIndex(engine.endpoint(), table + '-' + index);
  }

  private static List<Outcome> write(IndexWriter writer, DocumentWrite... writes) {
    return writer.write(List.of(writes), soon());
  }

  private static Deadline soon() {
    return Deadline.in(Duration.ofSeconds(20), InstantSource.system());
  }
}
