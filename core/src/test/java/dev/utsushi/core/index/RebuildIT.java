package dev.utsushi.core.index;

import static dev.utsushi.core.index.Changes.removal;
import static dev.utsushi.core.index.Changes.upsert;
import static org.assertj.core.api.Assertions.assertThat;

import dev.utsushi.core.index.IndexReader.Found;
import dev.utsushi.core.index.IndexStatus.Rebuild;
import dev.utsushi.core.index.IndexStatus.State;
import dev.utsushi.core.index.IndexWriter.DocumentWrite;
import dev.utsushi.core.index.RebuildAwareWriter.OneIndexWriter;
import dev.utsushi.core.search.Authorization;
import dev.utsushi.core.search.HttpCaller;
import dev.utsushi.core.search.HttpCaller.HttpReply;
import dev.utsushi.core.search.SearchClient;
import dev.utsushi.core.search.SocketCaller;
import dev.utsushi.local.search.SearchEngine;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A rebuild, as writers and readers see it. */
final class RebuildIT {
  private static final AtomicInteger INDICES = new AtomicInteger();

  enum Engine {
    OPENSEARCH,
    ELASTICSEARCH_7
  }

  private static final class Index {
    final String name = "rebuild-" + INDICES.incrementAndGet();
    final SearchEngine engine;
    final SearchClient client;
    final EngineIndex index;

    Index(Engine kind) {
      engine =
          switch (kind) {
            case OPENSEARCH -> Engines.openSearch();
            case ELASTICSEARCH_7 -> Engines.elasticsearch7();
          };
      client = new SearchClient(engine.endpoint(), new SocketCaller(), Authorization.NONE);
      index = open("{}");
    }

    EngineIndex open(String mapping) {
      return new EngineIndex(engine.endpoint(), name, mapping);
    }

    IndexRebuild rebuild(String mapping) {
      return new IndexRebuild(
          client, new IndexNames(name), Mapping.read(mapping), false, new SilentListener());
    }

    IndexStatus inspect() {
      return new IndexInspector(
              client, new IndexNames(name), Mapping.read("{}"), new SilentListener())
          .inspect(soon());
    }

    /** Returns a writer that waits before each request: a change is long in one index only. */
    IndexWriter slowWriter() {
      return new RebuildAwareWriter(
          new IndexNames(name),
          names -> {
            var writer =
                new EngineWriter(
                    client, names, Mapping.read("{}"), new SilentListener(), RetryingBulk.JITTER);
            return new OneIndexWriter() {
              @Override
              public List<Outcome> write(List<DocumentWrite> writes, Deadline deadline) {
                LockSupport.parkNanos(Duration.ofMillis(300).toNanos());
                return writer.write(writes, deadline);
              }

              @Override
              public boolean isMoved() {
                return writer.isMoved();
              }
            };
          });
    }

    Outcome write(IndexWriter writer, DocumentWrite write) {
      return writer.write(List.of(write), soon()).getFirst();
    }

    void applied(DocumentWrite write) {
      assertThat(write(index.writer(), write)).isInstanceOf(Outcome.Applied.class);
    }

    /** The next index shows nothing by itself of what readers of this one see. */
    void refreshOften(String number, String other) {
      refreshEvery(other, "\"1h\"");
      refreshEvery(number, "\"20ms\"");
      LockSupport.parkNanos(Duration.ofMillis(200).toNanos());
    }

    void refreshEvery(String number, String interval) {
      String body = "{\"index\":{\"refresh_interval\":%s}}".formatted(interval);
      index.send("PUT", "/" + name + "-" + number + "/_settings", body);
    }

    List<String> ids(String of) {
      return index.search(of, "{\"match_all\":{}}").keySet().stream().sorted().toList();
    }

    List<String> indexes() {
      var found = index.send("GET", "/_cat/indices/" + name + "-*", "");
      return found.findValuesAsText("index").stream().sorted().toList();
    }
  }

  private static Deadline soon() {
    return Deadline.in(Duration.ofSeconds(20), InstantSource.system());
  }

  private static Rebuild done(IndexStatus status) {
    assertThat(status.cause()).isNull();
    assertThat(status.state()).isEqualTo(State.WRITABLE);
    return Objects.requireNonNull(status.rebuild());
  }

  @ParameterizedTest
  @EnumSource
  @DisplayName("Writers that ran before, during and after a rebuild write where they must")
  void writersFollow(Engine engine) {
    Index index = new Index(engine);
    index.applied(upsert("a", 1, "memo", "x"));
    String mapping = "{\"properties\":{\"memo\":{\"type\":\"text\"}}}";
    IndexRebuild rebuild = index.rebuild(mapping);
    Rebuild started = done(rebuild.start(soon()));
    assertThat(started.from()).isEqualTo(index.name + "-000001");
    assertThat(started.to()).isEqualTo(index.name + "-000002");
    assertThat(started.cutOver()).isFalse();
    assertThat(done(rebuild.start(soon()))).isEqualTo(started);

    index.applied(upsert("b", 1, "memo", "x"));
    assertThat(index.write(index.open(mapping).writer(), removal("a", 2)))
        .isInstanceOf(Outcome.Applied.class);
    assertThat(index.ids(index.name)).containsExactly("b");
    assertThat(index.ids(started.from())).containsExactly("a", "b");
    assertThat(index.ids(started.to())).containsExactly("a", "b");
    assertThat(index.write(index.index.dryRun(), upsert("b", 1, "memo", "x")))
        .isInstanceOf(Outcome.Superseded.class);
    assertThat(new IndexReader(index.client, new IndexNames(index.name)).find(List.of("b"), soon()))
        .isInstanceOfSatisfying(
            Found.Documents.class, found -> assertThat(found.byId()).containsOnlyKeys("b"));
    assertThat(type(index, started.to())).isEqualTo("text");

    assertThat(done(rebuild.cutOver(soon())).cutOver()).isTrue();
    index.applied(upsert("c", 1, "memo", "x"));
    assertThat(index.ids(index.name)).containsExactly("b", "c");
    assertThat(done(rebuild.rollBack(soon())).cutOver()).isFalse();
    assertThat(index.ids(index.name)).containsExactly("b", "c");
    done(rebuild.cutOver(soon()));

    IndexStatus finished = rebuild.finish(soon());
    assertThat(finished.state()).isEqualTo(State.WRITABLE);
    assertThat(finished.rebuild()).isNull();
    assertThat(index.indexes()).containsExactly(started.to());
    index.applied(upsert("d", 1, "memo", "x"));
    assertThat(index.write(index.open(mapping).writer(), upsert("e", 1, "memo", "x")))
        .isInstanceOf(Outcome.Applied.class);
    assertThat(index.ids(index.name)).containsExactly("b", "c", "d", "e");

    Rebuild next = done(index.rebuild("{}").start(soon()));
    assertThat(next.to()).isEqualTo(index.name + "-000003");
    assertThat(index.rebuild("{}").finish(soon()).rebuild()).isNull();
    assertThat(index.indexes()).containsExactly(started.to());
    index.index.send("DELETE", "/" + started.to() + "/_alias/" + index.name + "-write", "");
    assertThat(index.inspect().cause()).contains(started.to() + "/_alias/");
    index.index.send("DELETE", "/" + started.to(), "");
    assertThat(index.inspect().cause()).isEqualTo("the index " + started.to() + " was deleted");
  }

  private static String type(Index index, String of) {
    return index
        .index
        .send("GET", "/" + of, "")
        .at("/" + of + "/mappings/properties/memo/type")
        .asText();
  }

  @ParameterizedTest
  @EnumSource
  @DisplayName("What cannot be rebuilt is refused, and nothing is changed")
  void refusals(Engine engine) {
    Index index = new Index(engine);
    assertThat(index.rebuild("{}").start(soon()).cause()).isEqualTo("there is no index yet");
    index.applied(upsert("a", 1, "memo", "x"));
    String broken = "{\"properties\":{\"memo\":{\"type\":\"no_such_type\"}}}";
    refused(index, index.rebuild(broken).start(soon()), "no_such_type");
    assertThat(index.indexes()).containsExactly(index.name + "-000001");
    String tooMany =
        """
        {"settings":{"index.mapping.total_fields.limit":1},
         "mappings":{"properties":{"memo":{"type":"text"}}}}
        """;
    refused(index, index.rebuild(tooMany).start(soon()), "Nothing was changed: mend that");
    assertThat(index.indexes()).containsExactly(index.name + "-000001");
    IndexRebuild keeping =
        new IndexRebuild(
            index.client,
            new IndexNames(index.name),
            Mapping.read("{}"),
            true,
            new SilentListener());
    refused(index, keeping.start(soon()), "UTSUSHI_TTL_DELETES");
    refused(index, index.rebuild("{}").cutOver(soon()), "no rebuild is under way");
    refused(index, index.rebuild("{}").rollBack(soon()), "no rebuild is under way");
    refused(index, index.rebuild("{}").finish(soon()), "no rebuild is under way");
    index.index.send("PUT", "/" + index.name + "-000002/_doc/1", "{\"memo\":\"mine\"}");
    refused(index, index.rebuild("{}").start(soon()), "holds documents");
    index.applied(upsert("b", 1, "memo", "x"));
    assertThat(index.ids(index.name + "-000002")).containsExactly("1");
  }

  @ParameterizedTest
  @EnumSource
  @DisplayName("A role that may not change aliases is told what to set, and starts when it may")
  void aliasesAreNotAllowed(Engine engine) {
    Index index = new Index(engine);
    index.applied(upsert("a", 1, "memo", "x"));
    HttpCaller sockets = new SocketCaller();
    HttpCaller denied =
        call ->
            call.uri().getPath().equals("/_aliases")
                ? new HttpReply(403, new byte[0])
                : sockets.send(call);
    IndexRebuild rebuild =
        new IndexRebuild(
            new SearchClient(index.engine.endpoint(), denied, Authorization.NONE),
            new IndexNames(index.name),
            Mapping.read("{}"),
            false,
            new SilentListener());
    refused(index, rebuild.start(soon()), "'reindex: true'");
    assertThat(index.indexes()).containsExactly(index.name + "-000001");
    done(index.rebuild("{}").start(soon()));
    assertThat(rebuild.cutOver(soon()).cause()).contains("'reindex: true'");
  }

  @ParameterizedTest
  @EnumSource
  @DisplayName("An index that a cut-off start left has an older mapping and is created again")
  void leftByAStartThatWasCutOff(Engine engine) {
    Index index = new Index(engine);
    index.applied(upsert("a", 1, "memo", "x"));
    String left = index.name + "-000002";
    index.index.send(
        "PUT", "/" + left, "{\"mappings\":{\"properties\":{\"memo\":{\"type\":\"date\"}}}}");
    index.index.send("PUT", "/" + left + "/_alias/mine", "");
    refused(index, index.rebuild("{}").start(soon()), "has an alias");
    index.index.send("DELETE", "/" + left + "/_alias/mine", "");
    done(index.rebuild("{\"properties\":{\"memo\":{\"type\":\"text\"}}}").start(soon()));
    assertThat(type(index, left)).isEqualTo("text");
  }

  @ParameterizedTest
  @EnumSource
  @DisplayName("An index is of one table, and another one's changes and rebuilds are refused")
  void otherTable(Engine engine) {
    Index index = new Index(engine);
    index.applied(upsert("a", 1, "memo", "x"));
    var names = new IndexNames(index.name);
    for (String table : List.of("mine", "other")) {
      IndexWriter writer =
          IndexWriter.toOne(
              index.client, names, Mapping.read("{}").of(table), new SilentListener());
      Outcome outcome = index.write(writer, upsert(table, 1, "memo", "x"));
      assertThat(outcome.isProcessed()).isEqualTo(table.equals("mine"));
    }
    Mapping other = Mapping.read("{}").of("other");
    var rebuild = new IndexRebuild(index.client, names, other, false, new SilentListener());
    String cause = rebuild.start(soon()).cause();
    assertThat(cause).contains("is of another table, mine, and not of other");
    assertThat(index.indexes()).containsExactly(index.name + "-000001");
    assertThat(index.inspect().cause()).isNull();

    index.index.send("PUT", "/" + index.name + "-000001/_mapping", "{\"_meta\":{}}");
    var writer = IndexWriter.toOne(index.client, names, other, new SilentListener());
    assertThat(index.write(writer, upsert("b", 1, "memo", "x")).isProcessed()).isTrue();
    done(rebuild.start(soon()));
    Mapping mine = Mapping.read("{}").of("mine");
    var inspector = new IndexInspector(index.client, names, mine, new SilentListener());
    assertThat(inspector.inspect(soon()).takesChanges()).isFalse();
  }

  private static void refused(Index index, IndexStatus status, @Nullable String cause) {
    assertThat(status.cause()).contains(cause);
    assertThat(index.inspect().cause()).isNull();
    assertThat(index.inspect().rebuild()).isNull();
  }

  @ParameterizedTest
  @EnumSource
  @DisplayName(
      "A new index that somebody deletes fails changes loudly, and finish ends the rebuild")
  void newIndexDeleted(Engine engine) {
    Index index = new Index(engine);
    index.applied(upsert("a", 1, "memo", "x"));
    Rebuild rebuild = done(index.rebuild("{}").start(soon()));
    index.applied(upsert("b", 1, "memo", "x"));
    index.index.send("DELETE", "/" + rebuild.to(), "");
    assertThat(index.write(index.index.writer(), upsert("c", 1, "memo", "x")))
        .isInstanceOfSatisfying(
            Outcome.Rejected.class, it -> assertThat(it.reason()).contains("reindex finish"));
    assertThat(index.inspect().cause()).contains("reindex finish");
    assertThat(index.rebuild("{}").finish(soon()).state()).isEqualTo(State.WRITABLE);
    index.applied(upsert("d", 1, "memo", "x"));
    assertThat(index.ids(index.name)).containsExactly("a", "b", "c", "d");
  }

  @ParameterizedTest
  @EnumSource
  @DisplayName(
      "An old index that somebody deletes is not created again, and finish ends the rebuild")
  void oldIndexDeleted(Engine engine) {
    Index index = new Index(engine);
    index.applied(upsert("a", 1, "memo", "x"));
    Rebuild rebuild = done(index.rebuild("{}").start(soon()));
    index.applied(upsert("b", 1, "memo", "x"));
    index.index.send("DELETE", "/" + rebuild.from(), "");
    for (IndexWriter writer : List.of(index.index.writer(), index.open("{}").writer())) {
      assertThat(index.write(writer, upsert("c", 1, "memo", "x")))
          .isInstanceOfSatisfying(
              Outcome.Rejected.class, it -> assertThat(it.reason()).contains("reindex finish"));
    }
    assertThat(index.inspect().state()).isEqualTo(State.NOT_WRITABLE);
    assertThat(index.indexes()).containsExactly(rebuild.to());
    assertThat(index.rebuild("{}").finish(soon()).state()).isEqualTo(State.WRITABLE);
    index.applied(upsert("d", 1, "memo", "x"));
    assertThat(index.ids(index.name)).containsExactly("b", "c", "d");
  }

  @ParameterizedTest
  @EnumSource
  @DisplayName(
      "A reader that polls by the alias finds a document exactly once, whatever is cut over")
  void readersSeeNoGap(Engine engine) throws InterruptedException {
    Index index = new Index(engine);
    index.applied(upsert("a", 1, "memo", "x"));
    IndexRebuild rebuild = index.rebuild("{}");
    done(rebuild.start(soon()));
    index.applied(upsert("a", 2, "memo", "x"));
    AtomicBoolean over = new AtomicBoolean();
    AtomicInteger found = new AtomicInteger();
    AtomicInteger gaps = new AtomicInteger();
    AtomicInteger lost = new AtomicInteger();
    List<Thread> writers = new ArrayList<>();
    for (String name : List.of("b", "c", "d")) {
      Runnable writing =
          () -> {
            IndexWriter slow = index.slowWriter();
            for (int i = 0; !over.get(); i++) {
              var outcome = index.write(slow, upsert(name + i, 1, "memo", "x"));
              lost.addAndGet(outcome.isProcessed() ? 0 : 1);
            }
          };
      writers.add(Thread.ofPlatform().start(writing));
    }
    Thread reader =
        Thread.ofPlatform()
            .start(
                () -> {
                  while (!over.get()) {
                    var reply = index.index.send("GET", "/" + index.name + "/_count", "");
                    int count = reply.path("count").asInt();
                    gaps.addAndGet(count < found.getAndSet(count) ? 1 : 0);
                  }
                });
    for (int i = 0; i < 5; i++) {
      index.refreshOften("000001", "000002");
      done(rebuild.cutOver(soon()));
      index.refreshOften("000002", "000001");
      done(rebuild.rollBack(soon()));
    }
    index.refreshOften("000001", "000002");
    done(rebuild.cutOver(soon()));
    var settings = index.index.send("GET", "/" + index.name + "-*/_settings", "");
    assertThat(settings.findValuesAsText("refresh_interval"))
        .containsExactlyInAnyOrder("20ms", "1h");
    assertThat(rebuild.finish(soon()).cause()).isNull();
    over.set(true);
    for (Thread writer : writers) {
      writer.join();
    }
    reader.join();
    assertThat(found.get()).isGreaterThan(20);
    assertThat(gaps).hasValue(0);
    assertThat(lost).hasValue(0);
  }

  @ParameterizedTest
  @EnumSource
  @DisplayName("The status names the index whose refreshes are paused")
  void statusOfAPause(Engine engine) throws Exception {
    Index index = new Index(engine);
    index.applied(upsert("a", 1, "memo", "x"));
    Rebuild started = done(index.rebuild("{}").start(soon()));
    assertThat(started.paused()).isNull();
    var pause = new RefreshPause(index.client);
    for (String paused : List.of(started.from(), started.to())) {
      assertThat(pause.begin(paused, soon())).isEmpty();
      assertThat(index.inspect().rebuild())
          .isEqualTo(new Rebuild(started.from(), started.to(), started.id(), false, paused));
      assertThat(pause.end(paused, soon())).isEmpty();
    }
    assertThat(index.inspect().rebuild()).isEqualTo(started);
  }

  @ParameterizedTest
  @EnumSource
  @DisplayName("A pause of refreshes that was cut off ends with the next attempt")
  void pauseThatWasCutOff(Engine engine) throws Exception {
    Index index = new Index(engine);
    index.applied(upsert("a", 1, "memo", "x"));
    IndexRebuild rebuild = index.rebuild("{}");
    done(rebuild.start(soon()));
    var pause = new RefreshPause(index.client);
    for (String before : new String[] {"null", "\"3s\"", "\"-1\""}) {
      for (String number : List.of("000001", "000002")) {
        index.refreshEvery(number, before);
        assertThat(pause.begin(index.name + "-" + number, soon())).isEmpty();
        assertThat(pause.begin(index.name + "-" + number, soon())).isEmpty();
      }
      done(rebuild.cutOver(soon()));
      done(rebuild.rollBack(soon()));
      var settings = index.index.send("GET", "/" + index.name + "-*/_settings", "");
      assertThat(settings.findValuesAsText("refresh_interval"))
          .hasSize(before.equals("null") ? 0 : 2)
          .allMatch(it -> it.equals("3000ms") || it.equals("-1"));
    }
    index.refreshEvery("000001", "\"3s\"");
    assertThat(pause.begin(index.name + "-000001", soon())).isEmpty();
    assertThat(rebuild.finish(soon()).cause()).isNull();
    var settings = index.index.send("GET", "/" + index.name + "-*/_settings", "");
    assertThat(settings.findValuesAsText("refresh_interval")).containsExactly("3000ms");
  }
}
