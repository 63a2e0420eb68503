package dev.utsushi.core.index;

import static dev.utsushi.core.index.Changes.removal;
import static dev.utsushi.core.index.Changes.upsert;
import static org.assertj.core.api.Assertions.assertThat;

import dev.utsushi.core.change.Value;
import dev.utsushi.core.index.IndexWriter.DocumentWrite;
import dev.utsushi.local.search.SearchEngine;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

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
    assertThat(((Outcome.Rejected) outcome).reason()).contains("write alias is missing");
    assertThat(index.send("GET", "/_cat/indices?format=json", "").toString())
        .doesNotContain("\"" + name);
  }

  @Test
  @DisplayName("A name that an index already has is reported")
  void takenNameIsTold() {
    String name = newName();
    EngineIndex index = open(name, "{}");
    index.send("PUT", "/" + name, "{}");
    Outcome outcome = write(index, upsert("b", 1, "memo", "x"));
    assertThat(outcome).isInstanceOf(Outcome.Rejected.class);
    assertThat(((Outcome.Rejected) outcome).reason()).contains("cannot add the aliases");
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

  private static Outcome write(EngineIndex index, DocumentWrite write) {
    return index.writer().write(List.of(write), soon()).getFirst();
  }

  private static Deadline soon() {
    return Deadline.in(Duration.ofSeconds(30), InstantSource.system());
  }
}
