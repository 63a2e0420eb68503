package dev.utsushi.core.index;

import static dev.utsushi.core.index.Changes.removal;
import static dev.utsushi.core.index.Changes.upsert;
import static dev.utsushi.core.index.IndexContract.ofStream;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.utsushi.core.change.Change;
import dev.utsushi.core.change.Value;
import dev.utsushi.core.index.IndexWriter.DocumentWrite;
import dev.utsushi.core.search.Authorization;
import dev.utsushi.core.search.HttpCaller;
import dev.utsushi.core.search.SearchClient;
import dev.utsushi.core.search.SocketCaller;
import dev.utsushi.local.search.SearchEngine;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The contract, and what only a real engine has: aliases, mappings, an index that is deleted. */
abstract class EngineContract implements IndexContract {
  private static final String MAPPING =
      """
      {"mappings":{"date_detection":false,"properties":{%s},"dynamic_templates":[
       {"strings":{"match_mapping_type":"string",
        "mapping":{"type":"keyword","ignore_above":8191}}},
       {"integers":{"match_mapping_type":"long","mapping":{"type":"double"}}},
       {"decimals":{"match_mapping_type":"double","mapping":{"type":"double"}}}]}}
      """;

  private static final AtomicInteger INDICES = new AtomicInteger();

  private final SearchEngine engine;

  EngineContract(SearchEngine engine) {
    this.engine = engine;
  }

  @Override
  public EngineIndex open(String... dateAttributes) {
    String properties =
        Stream.of(dateAttributes)
            .map(name -> "\"" + name + "\":{\"type\":\"date\"}")
            .collect(Collectors.joining(","));
    return open(newName(), MAPPING.formatted(properties));
  }

  private EngineIndex open(String name, String mapping) {
    return new EngineIndex(engine.endpoint(), name, mapping);
  }

  private static String newName() {
    return "contract-" + INDICES.incrementAndGet();
  }

  @Test
  @DisplayName("The first write creates the index, its mapping and both aliases")
  void firstWriteMakesIndex() {
    String name = newName();
    EngineIndex index = open(name, Mapping.DEFAULT_RESOURCE);
    write(index, upsert("a", 1, "memo", "hello world"));
    var made = index.send("GET", "/" + name + "-000001", "").path(name + "-000001");
    assertThat(made.path("aliases").path(name).path("filter").isObject()).isTrue();
    assertThat(made.path("aliases").has(name + "-write")).isTrue();
    assertThat(made.at("/mappings/properties/_replication/properties/version/type").asText())
        .isEqualTo("keyword");
    assertThat(made.at("/mappings/properties/memo/type").asText()).isEqualTo("keyword");
    assertThat(index.search(name, "{\"match\":{\"memo.text\":\"world\"}}")).containsKey("a");
  }

  @Test
  @DisplayName("An existing index is used as it is, by any number of writers at once")
  void existingIndexIsTaken() throws InterruptedException {
    String name = newName();
    List<Outcome> outcomes = java.util.Collections.synchronizedList(new ArrayList<>());
    List<Thread> writers = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      DocumentWrite write = upsert("item-" + i, 1, "memo", "x");
      writers.add(
          Thread.ofVirtual()
              .start(() -> outcomes.add(write(open(name, Mapping.DEFAULT_RESOURCE), write))));
    }
    for (Thread writer : writers) {
      writer.join();
    }
    assertThat(outcomes).hasSize(6).allMatch(Outcome.Applied.class::isInstance);
    assertThat(open(name, Mapping.DEFAULT_RESOURCE).found()).hasSize(6);
  }

  @Test
  @DisplayName("A dry run tells a late change of an old stream from one of a live stream")
  void dryRunTellsOldFromLiveStream() {
    EngineIndex index = open();
    Instant now = Instant.parse("2026-11-21T01:02:03Z");
    write(index, ofStream("2026-11-02T00:00:00.000", now));
    List<DocumentWrite> late = List.of(ofStream("2026-11-01T00:00:00.000", now));
    List<DocumentWrite> live = List.of(ofStream("2026-11-01T00:00:00.000", now.plusSeconds(1)));
    Deadline soon = Deadline.in(Duration.ofSeconds(30), InstantSource.system());
    assertThat(index.dryRun().write(late, soon)).containsExactly(new Outcome.Superseded());
    assertThat(index.dryRun().write(live, soon).getFirst()).isInstanceOf(Outcome.Rejected.class);
  }

  @Test
  @DisplayName("A dry run tells that a redelivery would finish a search that was cut off")
  void dryRunOfUnsettledDocument() {
    String name = newName();
    EngineIndex index = open(name, "{}");
    DocumentWrite change = upsert("a", 1, "memo", "x");
    write(index, change);
    assertThat(index.dryRun().write(List.of(change), soon()))
        .containsExactly(new Outcome.Superseded());
    index.send(
        "POST",
        "/" + name + "-000001/_update/a",
        "{\"doc\":{\"_replication\":{\"unsettled\":true}}}");
    assertThat(index.dryRun().write(List.of(change), soon()))
        .containsExactly(new Outcome.Applied(List.of()));
    assertThat(write(index, change)).isInstanceOf(Outcome.Applied.class);
  }

  @Test
  @DisplayName("An index may have any name that the settings accept")
  void oddNamesWork() {
    String name = newName() + "!$%&'()-.;=@[]^_`{}~é日";
    assertThat(new IndexNames(name).isValid()).isTrue();
    EngineIndex index = open(name, Mapping.DEFAULT_RESOURCE);
    assertThat(write(index, upsert("a", 1, "memo", "x"))).isInstanceOf(Outcome.Applied.class);
    assertThat(index.found()).containsKey("a");
  }

  @Test
  @DisplayName("The settings refuse the names that the engine refuses")
  void refusedNamesAreNotValid() {
    EngineIndex index = open();
    for (String name :
        List.of(
            "_a",
            "-a",
            "+a",
            "aA",
            "aÉ",
            "a\\b",
            "a*b",
            "a?b",
            "a\"b",
            "a<b",
            "a>b",
            "a|b",
            "a b",
            "a#b",
            "a:b",
            "é".repeat(125))) {
      assertThat(new IndexNames(name).isValid()).as(name).isFalse();
      assertThatThrownBy(() -> index.send("PUT", "/" + name + "-000001", ""))
          .as(name)
          .isInstanceOf(AssertionError.class)
          .hasMessageContaining("invalid_index_name_exception");
    }
  }

  @Test
  @DisplayName("Numbers and texts that look like dates are found with any mapping of one's own")
  void ownMappingKeepsNumbersFindable() {
    EngineIndex index = open(newName(), "{\"properties\":{\"memo\":{\"type\":\"text\"}}}");
    write(index, upsert("a", 1, Map.of("n", new Value.Decimal("5"))));
    write(index, upsert("b", 2, Map.of("n", new Value.Decimal("5.5"))));
    write(index, upsert("c", 3, "day", "2026-11-01"));
    assertThat(write(index, upsert("d", 4, "day", "tomorrow")))
        .isEqualTo(new Outcome.Applied(List.of()));
    assertThat(index.search(index.reader(), "{\"term\":{\"n\":5.5}}")).containsOnlyKeys("b");
  }

  @Test
  @DisplayName("A mapping that the engine rejects is rejected with the engine's reason")
  void rejectedMappingIsExplained() {
    EngineIndex index = open(newName(), "{\"properties\":{\"memo\":{\"type\":\"txet\"}}}");
    assertThat(write(index, upsert("a", 1, "memo", "x")))
        .isInstanceOfSatisfying(
            Outcome.Rejected.class,
            it -> assertThat(it.reason()).contains("cannot create", "txet"));
    EngineIndex full =
        open(
            newName(),
            "{\"settings\":{\"index.mapping.total_fields.limit\":3},\"mappings\":{\"properties\":"
                + "{\"memo\":{\"type\":\"text\"}}}}");
    assertThat(write(full, upsert("a", 1, "memo", "x")))
        .isInstanceOfSatisfying(
            Outcome.Rejected.class,
            it -> assertThat(it.reason()).contains("map '_replication'", "Limit of total fields"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "mappings | {\"_source\":{\"enabled\":false}} | whole _source",
        "mappings | {\"_source\":{\"excludes\":[\"memo\"]}} | whole _source",
        "mappings | {\"_routing\":{\"required\":true}} | requires routing",
        "mappings | {\"enabled\":false} | cannot",
        "settings | {\"index.default_pipeline\":\"p\"} | ingest pipeline",
        "settings | {\"index.final_pipeline\":\"p\"} | ingest pipeline",
      })
  @DisplayName("What an index template adds is refused if documents would be lost or changed")
  void templateThatBreaksTheCopyIsRefused(String part, String content, String reason) {
    String name = newName();
    EngineIndex index = open(name, Mapping.DEFAULT_RESOURCE);
    addTemplate(index, name, part, content);
    assertRejected(write(index, upsert("a", 1, "memo", "x")), reason);
    assertRejected(
        write(open(name, Mapping.DEFAULT_RESOURCE), upsert("a", 1, "memo", "x")), reason);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "mappings | {\"_source\":{\"enabled\":true,\"excludes\":[]}}",
        "mappings | {\"_routing\":{\"required\":false}}",
        "settings | {\"index.default_pipeline\":\"_none\",\"index.final_pipeline\":\"_none\"}",
      })
  @DisplayName("An index template that says what is the default anyway is taken")
  void templateThatSaysTheDefaultIsTaken(String part, String content) {
    String name = newName();
    EngineIndex index = open(name, Mapping.DEFAULT_RESOURCE);
    addTemplate(index, name, part, content);
    assertThat(write(index, upsert("a", 1, "memo", "x"))).isInstanceOf(Outcome.Applied.class);
  }

  static void addTemplate(EngineIndex index, String name, String part, String content) {
    index.send(
        "PUT",
        "/_index_template/" + name,
        "{\"index_patterns\":[\"%s-*\"],\"template\":{\"%s\":%s}}".formatted(name, part, content));
  }

  static void assertRejected(Outcome outcome, String reason) {
    assertThat(outcome)
        .isInstanceOfSatisfying(
            Outcome.Rejected.class, it -> assertThat(it.reason()).contains(reason));
  }

  @Test
  @DisplayName("A pipeline that the index gets while a writer runs is reported, not waited for")
  void pipelineAddedLaterIsReported() {
    String name = newName();
    EngineIndex index = open(name, "{}");
    write(index, upsert("a", 1, "memo", "x"));
    String settings = "/" + name + "-000001/_settings";
    index.send("PUT", settings, "{\"index.default_pipeline\":\"missing\"}");
    assertRejected(write(index, upsert("b", 1, "memo", "x")), "ingest pipeline");
    index.send("PUT", settings, "{\"index.default_pipeline\":\"_none\"}");
    assertThat(write(index, upsert("b", 1, "memo", "x"))).isInstanceOf(Outcome.Applied.class);
  }

  @Test
  @DisplayName("A closed index is reported as closed, without a search for attributes")
  void closedIndexIsReported() {
    String name = newName();
    EngineIndex index = open(name, "{}");
    write(index, upsert("a", 1, "memo", "x"));
    index.send("POST", "/" + name + "-000001/_close", "");
    assertRejected(write(index, upsert("b", 1, "memo", "x")), "open the index");
  }

  @Test
  @DisplayName("A strict mapping that names none of an item's attributes keeps the item")
  void strictMappingKeepsItemsThatItNamesNothingOf() {
    EngineIndex index =
        open(newName(), "{\"dynamic\":\"strict\",\"properties\":{\"x\":{\"type\":\"keyword\"}}}");
    assertThat(write(index, upsert("a", 1, "memo", "x")))
        .isInstanceOfSatisfying(
            Outcome.Applied.class,
            it -> assertThat(it.overflowed()).containsExactlyInAnyOrder("id", "memo"));
  }

  @Test
  @DisplayName("A setup that was interrupted is completed")
  void brokenOffSetupIsCompleted() {
    String name = newName();
    EngineIndex index = open(name, "{}");
    index.send("PUT", "/" + name + "-000001", "{}");
    assertThat(write(index, upsert("a", 1, "memo", "x"))).isInstanceOf(Outcome.Applied.class);
    assertThat(index.found()).containsKey("a");
  }

  @Test
  @DisplayName("A readers' alias that was removed is restored")
  void missingReaderAliasIsPutBack() {
    String name = newName();
    write(open(name, "{}"), upsert("a", 1, "memo", "x"));
    EngineIndex restarted = open(name, "{}");
    restarted.send("DELETE", "/" + name + "-000001/_alias/" + name, "");
    assertThat(write(restarted, removal("b", 1))).isInstanceOf(Outcome.Applied.class);
    assertThat(restarted.found()).containsOnlyKeys("a");
  }

  @Test
  @DisplayName("A readers' alias that was added without its filter gets it again")
  void readersAliasWithoutFilterGetsIt() {
    String name = newName();
    EngineIndex index = open(name, "{}");
    write(index, upsert("a", 1, "memo", "x"));
    String alias = "/" + name + "-000001/_alias/" + name;
    index.send("DELETE", alias, "");
    index.send("PUT", alias, "");
    write(open(name, "{}"), removal("b", 1));
    assertThat(index.found()).containsOnlyKeys("a");
  }

  @Test
  @DisplayName(
      "A new mapping is added to the existing index; one that conflicts leaves it as it is")
  void newMappingIsAdded() {
    String name = newName();
    write(open(name, "{\"properties\":{\"n\":{\"type\":\"long\"}}}"), upsert("a", 1, "x", "y"));
    String added = "{\"properties\":{\"m\":{\"type\":\"date\"}}}";
    write(open(name, added), upsert("b", 1, "x", "y"));
    String conflicting = "{\"properties\":{\"n\":{\"type\":\"date\"}}}";
    EngineIndex last = open(name, conflicting);
    assertThat(write(last, upsert("c", 1, "x", "y"))).isInstanceOf(Outcome.Applied.class);
    var mapping = last.send("GET", "/" + name + "-000001", "").path(name + "-000001");
    assertThat(mapping.at("/mappings/properties/n/type").asText()).isEqualTo("long");
    assertThat(mapping.at("/mappings/properties/m/type").asText()).isEqualTo("date");
  }

  @Test
  @DisplayName("An index that is deleted while a writer runs is not recreated by a write")
  void deletedIndexIsNotInvented() {
    String name = newName();
    EngineIndex index = open(name, "{}");
    write(index, upsert("a", 1, "memo", "x"));
    index.send("DELETE", "/" + name + "-000001", "");
    Outcome outcome = write(index, upsert("b", 1, "memo", "x"));
    assertThat(outcome).isInstanceOf(Outcome.Rejected.class);
    assertThat(((Outcome.Rejected) outcome).reason()).contains("was deleted");
    assertThat(index.send("GET", "/_cat/indices", "").toString()).doesNotContain("\"" + name);
  }

  @Test
  @DisplayName("An index that was deleted is not created again by the next writer, until it may be")
  void deletedIndexStaysDeleted() {
    String name = newName();
    EngineIndex index = open(name, "{}");
    write(index, upsert("a", 1, "memo", "x"));
    index.send("DELETE", "/" + name + "-000001", "");
    for (int restart = 0; restart < 2; restart++) {
      Outcome outcome = write(open(name, "{}"), upsert("b", 1, "memo", "x"));
      assertThat(outcome).isInstanceOf(Outcome.Rejected.class);
      assertThat(((Outcome.Rejected) outcome).reason())
          .contains("was deleted")
          .contains("utsushi index create");
    }
    index.send("DELETE", "/_component_template/utsushi-" + name, "");
    assertThat(write(open(name, "{}"), upsert("b", 1, "memo", "x")))
        .isInstanceOf(Outcome.Applied.class);
  }

  @Test
  @DisplayName("An inspection tells the state of the index, and writes nothing")
  void inspectionTellsTheState() {
    String name = newName();
    IndexInspector inspector = inspector(name, engine.endpoint());
    assertThat(inspector.inspect(soon()).state()).isEqualTo(IndexStatus.State.NOT_CREATED);
    EngineIndex index = open(name, "{}");
    write(index, upsert("a", 1, "memo", "x"));
    write(index, removal("b", 1));
    index.found();
    IndexStatus found = inspector.inspect(soon());
    assertThat(found)
        .isEqualTo(new IndexStatus(IndexStatus.State.WRITABLE, null, 1L, 1L, found.newest(), null));
    var newest = Objects.requireNonNull(found.newest());
    assertThat(newest.changedAt()).isEqualTo(Changes.CHANGED_AT);
    assertThat(newest.indexedAt()).isAfter(Changes.CHANGED_AT);
    String settings = "/" + name + "-000001/_settings";
    index.send("PUT", settings, "{\"index.blocks.read_only_allow_delete\":true}");
    assertThat(inspector.inspect(soon()).cause()).contains("disk");
    index.send("PUT", settings, "{\"index.blocks.read_only_allow_delete\":null}");
    index.send("PUT", settings, "{\"index.final_pipeline\":\"p\"}");
    assertThat(inspector.inspect(soon()).cause()).contains("ingest pipeline");
    assertThat(inspector.create(soon()).state()).isEqualTo(IndexStatus.State.NOT_WRITABLE);
    assertThat(inspector(name, URI.create("http://127.0.0.1:1")).inspect(soon()))
        .isEqualTo(
            IndexStatus.of(
                IndexStatus.State.UNREACHABLE, "the engine does not answer (ConnectException)"));
  }

  @Test
  @DisplayName("A deleted index is created again on request, with its mapping and its aliases")
  void deletedIndexIsCreatedOnRequest() {
    String name = newName();
    EngineIndex index = open(name, "{}");
    write(index, upsert("a", 1, "memo", "x"));
    index.send("DELETE", "/" + name + "-000001", "");
    IndexInspector inspector = inspector(name, engine.endpoint());
    assertThat(inspector.inspect(soon()).state()).isEqualTo(IndexStatus.State.DELETED);
    assertThat(inspector.create(soon()).state()).isEqualTo(IndexStatus.State.WRITABLE);
    write(index, removal("b", 1));
    assertThat(index.found()).isEmpty();
    assertThat(index.all()).containsOnlyKeys("b");
  }

  private static IndexInspector inspector(String name, URI endpoint) {
    var client = new SearchClient(endpoint, new SocketCaller(), Authorization.NONE);
    return new IndexInspector(
        client, new IndexNames(name), Mapping.read("{}"), new SilentListener());
  }

  @Test
  @DisplayName("An index that another writer creates in this moment is not taken for a broken one")
  void indexCreatedMeanwhileIsUsed() {
    String name = newName();
    HttpCaller caller =
        call -> {
          if (call.uri().getPath().startsWith("/_component_template")
              && call.method().equals("GET")) {
            write(open(name, "{}"), upsert("a", 1, "memo", "x"));
          }
          return new SocketCaller().send(call);
        };
    EngineIndex late = new EngineIndex(engine.endpoint(), name, "{}", caller);
    assertThat(write(late, upsert("b", 1, "memo", "x"))).isInstanceOf(Outcome.Applied.class);
    assertThat(late.found()).containsOnlyKeys("a", "b");
  }

  @Test
  @DisplayName("A write alias that somebody removed is missed alike by old and new writers")
  void removedWriteAliasIsReported() {
    String name = newName();
    EngineIndex index = open(name, "{}");
    write(index, upsert("a", 1, "memo", "x"));
    String alias = "/" + name + "-000001/_alias/" + name + "-write";
    index.send("DELETE", alias, "");
    Outcome warm = write(index, upsert("b", 1, "memo", "x"));
    assertThat(((Outcome.Rejected) warm).reason()).contains("missing", "PUT " + alias);
    assertThat(write(open(name, "{}"), upsert("b", 1, "memo", "x"))).isEqualTo(warm);
    assertThat(index.dryRun().write(List.of(upsert("b", 1, "memo", "x")), soon()))
        .containsExactly(warm);
    index.send("PUT", alias, "{\"is_write_index\":true}");
    assertThat(write(index, upsert("b", 1, "memo", "x"))).isInstanceOf(Outcome.Applied.class);
    assertThat(index.found()).containsOnlyKeys("a", "b");
  }

  /** Ends a set-up as a function ends whose time is up: nothing comes after. */
  private static final class Killed extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }

  /** Every request to the engine is lost once, and the later ones of that run are never sent. */
  @Test
  @DisplayName("A set-up that was cut off at any step is completed by the next writer")
  void setUpThatWasCutOffIsCompleted() {
    for (int cut = 0; cut < 8; cut++) {
      String name = newName();
      var left = new AtomicInteger(cut);
      HttpCaller engineThatVanishes =
          call -> {
            if (left.getAndDecrement() > 0) {
              return new SocketCaller().send(call);
            }
            throw new Killed();
          };
      var client = new SearchClient(engine.endpoint(), engineThatVanishes, Authorization.NONE);
      IndexWriter first =
          IndexWriter.to(client, new IndexNames(name), Mapping.read("{}"), new SilentListener());
      try {
        first.write(List.of(upsert("a", 1, "memo", "x")), soon());
      } catch (Killed _) {
        // In the middle of it, unless the cut came behind its last request.
      }
      EngineIndex next = open(name, "{}");
      assertThat(write(next, upsert("b", 1, "memo", "x"))).isInstanceOf(Outcome.Applied.class);
      next.send("DELETE", "/" + name + "-000001", "");
      assertThat(((Outcome.Rejected) write(open(name, "{}"), upsert("c", 1, "memo", "x"))).reason())
          .contains("was deleted");
    }
  }

  @Test
  @DisplayName("A name that an index already has is reported")
  void takenNameIsTold() {
    String name = newName();
    EngineIndex index = open(name, "{}");
    index.send("PUT", "/" + name, "{}");
    Outcome outcome = write(index, upsert("b", 1, "memo", "x"));
    assertThat(outcome).isInstanceOf(Outcome.Rejected.class);
    assertThat(((Outcome.Rejected) outcome).reason()).contains("cannot add the alias");
  }

  @Test
  @DisplayName("A batch too large for one request is split; a rejected document affects no other")
  void refusalCostsNoOther() {
    EngineIndex index = open("when");
    List<DocumentWrite> writes = new ArrayList<>();
    for (int i = 0; i < 60; i++) {
      writes.add(
          upsert(
              "item-" + i,
              1,
              Map.of(
                  "memo", new Value.Text("x".repeat(300_000)),
                  "when", new Value.Text(i == 30 ? "tomorrow" : "2026-01-01"))));
    }
    List<Outcome> outcomes = index.writer().write(writes, soon());
    for (int i = 0; i < 60; i++) {
      assertThat(outcomes.get(i))
          .isEqualTo(new Outcome.Applied(i == 30 ? List.of("when") : List.of()));
    }
    assertThat(index.found()).hasSize(60);
  }

  @Test
  @DisplayName("Keys are searchable although thousands of attributes come before them")
  void keysComeFirst() {
    EngineIndex index = open();
    Map<String, Value> item = new LinkedHashMap<>();
    for (int i = 0; i < 9_000; i++) {
      item.put("attribute-" + i, new Value.Decimal(Integer.toString(i)));
    }
    item.put("id", new Value.Text("last"));
    Change.Upsert change =
        new Change.Upsert(Changes.key("last"), Changes.version(1), Changes.CHANGED_AT, item);
    assertThat(write(index, DocumentWrite.of(change))).isInstanceOf(Outcome.Applied.class);
    assertThat(index.search(index.reader(), "{\"term\":{\"id\":\"last\"}}")).containsKey("last");
  }

  @Test
  @DisplayName("A strict mapping: what it names is a field, however much it does not name")
  void strictMappingKeepsItsFields() {
    String name = newName();
    String fields =
        IntStream.range(0, 20)
            .mapToObj(i -> "\"mapped-" + i + "\":{\"type\":\"keyword\"}")
            .collect(Collectors.joining(","));
    EngineIndex index =
        open(
            name,
            "{\"dynamic\":\"strict\",\"properties\":{\"id\":{\"type\":\"keyword\"},"
                + fields
                + "}}");
    Map<String, Value> item = new LinkedHashMap<>();
    for (int i = 0; i < 40; i++) {
      item.put("other-" + i, new Value.Text("x"));
      if (i % 2 == 0) {
        item.put("mapped-" + i / 2, new Value.Text("x"));
      }
    }
    for (int version = 1; version <= 2; version++) {
      Outcome outcome = write(index, upsert("a", version, item));
      assertThat(((Outcome.Applied) outcome).overflowed())
          .hasSize(40)
          .allMatch(attribute -> attribute.startsWith("other-"));
    }
    assertThat(index.search(name, "{\"term\":{\"mapped-19\":\"x\"}}")).containsKey("a");
  }

  @Test
  @DisplayName("Old attributes stay fields when the index has all the fields that it can have")
  void fullIndexKeepsItsFields() {
    EngineIndex index = open();
    for (int i = 0; i < 30; i++) {
      Map<String, Value> item = new LinkedHashMap<>();
      for (int j = 0; j < 60; j++) {
        item.put("new-" + i + "-" + j, new Value.Decimal("1"));
      }
      for (int j = 0; j < 20; j++) {
        item.put("old-" + j, new Value.Decimal("1"));
      }
      Outcome outcome = write(index, upsert("item-" + i, 1, item));
      assertThat(((Outcome.Applied) outcome).overflowed())
          .noneMatch(attribute -> attribute.startsWith("old-"));
    }
  }

  @Test
  @DisplayName("Documents with an overflow are found by the names of the attributes in it")
  void overflowIsFound() {
    EngineIndex index = open("when");
    write(index, upsert("a", 1, "when", "tomorrow"));
    write(index, upsert("b", 1, "when", "2026-01-01"));
    assertThat(index.search(index.reader(), "{\"term\":{\"_replication.overflowed\":\"when\"}}"))
        .containsOnlyKeys("a");
  }

  @Test
  @DisplayName("Metadata names go to the overflow, and no aggregation counts a document twice")
  void metadataNamesOverflow() {
    EngineIndex index = open();
    for (String name : List.of("_id", "_doc_count", "_version", "_routing")) {
      assertThat(write(index, upsert("item" + name, 1, Map.of(name, new Value.Decimal("7")))))
          .isEqualTo(new Outcome.Applied(List.of(name)));
    }
  }

  @Test
  @DisplayName("Decimals are found by their digits in keywords, and epoch seconds in dates")
  void decimalsAreFoundByTheirDigits() {
    String name = newName();
    EngineIndex index =
        open(
            name,
            "{\"properties\":{\"k\":{\"type\":\"keyword\"},"
                + "\"d\":{\"type\":\"date\",\"format\":\"epoch_second\"}}}");
    for (String digits : List.of("0.00012", "20000000.5", "0.0005", "12345678.25", "0.05", "7.5")) {
      assertThat(write(index, upsert(digits, 1, Map.of("k", new Value.Decimal(digits)))))
          .isEqualTo(new Outcome.Applied(List.of()));
      assertThat(index.search(name, "{\"term\":{\"k\":\"" + digits + "\"}}")).containsKey(digits);
    }
    assertThat(write(index, upsert("d", 1, Map.of("d", new Value.Decimal("1763949723.5")))))
        .isEqualTo(new Outcome.Applied(List.of()));
  }

  @Test
  @DisplayName("A batch of which half is refused takes few more requests, and later none")
  void refusedDocumentsAreSearchedTogether() {
    CountingCaller requests = new CountingCaller();
    EngineIndex index =
        new EngineIndex(
            engine.endpoint(),
            newName(),
            MAPPING.formatted("\"when\":{\"type\":\"date\"}"),
            requests);
    write(index, upsert("first", 1, "memo", "x"));
    requests.count = 0;
    assertThat(index.writer().write(halfRefused(1), soon()))
        .hasSize(1000)
        .allMatch(Outcome.Applied.class::isInstance);
    // One for all of them and one for the mapping.
    assertThat(requests.count).isLessThanOrEqualTo(2 + 8);
    requests.count = 0;
    index.writer().write(halfRefused(2), soon());
    assertThat(requests.count).isEqualTo(1);
  }

  private static List<DocumentWrite> halfRefused(int version) {
    return IntStream.range(0, 1000)
        .mapToObj(
            i ->
                upsert(
                    "item-" + i,
                    version,
                    Map.of(
                        "when", new Value.Text(i % 2 == 0 ? "2026-01-01" : "tomorrow"),
                        "memo", new Value.Text("kept"),
                        "count", new Value.Decimal("1"))))
        .toList();
  }

  private static final class CountingCaller implements HttpCaller {
    private final HttpCaller caller = new SocketCaller();
    private int count;

    @Override
    public HttpReply send(HttpCall call) throws IOException {
      count++;
      return caller.send(call);
    }
  }

  @Test
  @DisplayName("A write alias without a write index is reported after a few requests")
  void aliasWithoutWriteIndexIsReported() {
    String name = newName();
    write(open(name, "{}"), upsert("a", 1, "memo", "x"));
    CountingCaller requests = new CountingCaller();
    EngineIndex index = new EngineIndex(engine.endpoint(), name, "{}", requests);
    index.send("PUT", "/" + name + "-000002", "{}");
    index.send(
        "POST",
        "/_aliases",
        """
        {"actions":[
         {"remove":{"index":"%1$s-000001","alias":"%1$s-write"}},
         {"add":{"index":"%1$s-000001","alias":"%1$s-write"}},
         {"add":{"index":"%1$s-000002","alias":"%1$s-write"}}]}
        """
            .formatted(name));
    List<DocumentWrite> writes =
        IntStream.range(0, 100).mapToObj(i -> upsert("item-" + i, 1, "memo", "x")).toList();
    assertThat(index.writer().write(writes, soon())).allMatch(Outcome.Rejected.class::isInstance);
    assertThat(requests.count).isLessThanOrEqualTo(20);
  }

  static Outcome write(EngineIndex index, DocumentWrite write) {
    return index.writer().write(List.of(write), soon()).getFirst();
  }

  private static Deadline soon() {
    return Deadline.in(Duration.ofSeconds(30), InstantSource.system());
  }
}
