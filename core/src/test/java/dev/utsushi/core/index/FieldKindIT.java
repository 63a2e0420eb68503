package dev.utsushi.core.index;

import static dev.utsushi.core.index.Changes.upsert;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.utsushi.core.change.Value;
import dev.utsushi.core.document.DocumentWriter;
import dev.utsushi.core.index.IndexWriter.DocumentWrite;
import dev.utsushi.core.search.Authorization;
import dev.utsushi.core.search.SearchClient;
import dev.utsushi.core.search.SocketCaller;
import dev.utsushi.local.search.SearchEngine;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What is said of fields without the engine, against the engine. The seed of the values is printed;
 * {@code -Dutsushi.seed=SEED} repeats it.
 */
final class FieldKindIT {
  private static final int VALUES = 400;

  private static final Map<String, String> FIELDS = new LinkedHashMap<>();

  static {
    for (String type :
        "long integer short byte double float half_float boolean date keyword text object nested ip"
            .split(" ", -1)) {
      FIELDS.put(type, "\"type\":\"" + type + '"');
    }
    FIELDS.put("scaled", "\"type\":\"scaled_float\",\"scaling_factor\":100");
    FIELDS.put("inner", "\"properties\":{\"x\":{\"type\":\"long\"}}");
    FIELDS.put("alias", "\"type\":\"alias\",\"path\":\"long\"");
    FIELDS.put("fields", "\"type\":\"long\",\"fields\":{\"text\":{\"type\":\"text\"}}");
    FIELDS.put("copied", "\"type\":\"long\",\"copy_to\":\"text\"");
    FIELDS.put("uncoerced", "\"type\":\"long\",\"coerce\":false");
    FIELDS.put("unsearched", "\"type\":\"long\",\"index\":false,\"doc_values\":false");
    FIELDS.put("lenient", "\"type\":\"long\",\"ignore_malformed\":true");
    FIELDS.put("lenient_date", "\"type\":\"date\",\"ignore_malformed\":true");
    FIELDS.put("month", "\"type\":\"date\",\"format\":\"MMMM\",\"locale\":\"en\"");
    FIELDS.put("disabled", "\"type\":\"object\",\"enabled\":false");
  }

  private final long seed = Long.getLong("utsushi.seed", System.nanoTime());
  private final Random random = new Random(seed);

  enum Engine {
    OPEN_SEARCH,
    ELASTICSEARCH_7;

    SearchEngine start() {
      return this == OPEN_SEARCH ? Engines.openSearch() : Engines.elasticsearch7();
    }

    EngineIndex open(String name, String settings) {
      String properties =
          FIELDS.entrySet().stream()
              .map(field -> "\"%s\":{%s}".formatted(field.getKey(), field.getValue()))
              .collect(Collectors.joining(","));
      String mapping =
          "{\"settings\":{%s},\"mappings\":{\"properties\":{%s}}}".formatted(settings, properties);
      return new EngineIndex(start().endpoint(), nameOf(name), mapping);
    }

    private String nameOf(String name) {
      return "kind-" + name + '-' + name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    MappedFields mappedFields(String name) {
      var client = new SearchClient(start().endpoint(), new SocketCaller(), Authorization.NONE);
      MappedFields fields = MappedFields.of(client, new IndexNames(nameOf(name)));
      fields.read(soon());
      return fields;
    }
  }

  @ParameterizedTest
  @EnumSource
  @DisplayName("The engine refuses whatever is left out without a try")
  void whatIsLeftOutIsRefused(Engine engine) {
    System.out.println("FieldKindIT: -Dutsushi.seed=" + seed);
    EngineIndex index = engine.open("left-out", "");
    index.writer().write(List.of(upsert("first", 1, Map.of())), soon());
    MappedFields mappedFields = engine.mappedFields("left-out");
    Map<String, Integer> leftOut = new TreeMap<>();
    for (String field : FIELDS.keySet()) {
      List<Value> values = new ArrayList<>();
      for (int i = 0; i < VALUES; i++) {
        Value value = value();
        if (mappedFields.refuses(field, value)) {
          values.add(value);
        }
      }
      leftOut.put(field, values.size());
      assertThat(taken(index, field, values)).as("%s, seed %d", field, seed).isEmpty();
    }
    Set<String> undecided = Set.of("ip", "alias", "lenient", "lenient_date", "month", "disabled");
    leftOut.forEach(
        (field, count) -> {
          if (undecided.contains(field)) {
            assertThat(count).as(field).isZero();
          } else {
            assertThat(count).as(field).isGreaterThan(VALUES / 20);
          }
        });
  }

  @ParameterizedTest
  @EnumSource
  @DisplayName("In an index that ignores what its fields refuse, everything is tried")
  void lenientIndexIsAskedAlways(Engine engine) {
    EngineIndex index = engine.open("lenient", "\"index.mapping.ignore_malformed\":true");
    DocumentWrite write = upsert("first", 1, "long", "word");
    assertThat(index.writer().write(List.of(write), soon()))
        .containsExactly(new Outcome.Applied(List.of()));
    MappedFields mappedFields = engine.mappedFields("lenient");
    assertThat(mappedFields.contains("long")).isTrue();
    assertThat(mappedFields.refuses("long", new Value.Text("word"))).isFalse();
  }

  @ParameterizedTest
  @EnumSource
  @DisplayName("A writer that knows what was refused writes what one writes that knows nothing")
  void bothRoadsLeadToTheSameDocument(Engine engine) {
    System.out.println("FieldKindIT: -Dutsushi.seed=" + seed);
    List<DocumentWrite> writes = new ArrayList<>();
    for (int i = 0; i < 150; i++) {
      Map<String, Value> item = new LinkedHashMap<>();
      List<String> fields = new ArrayList<>(FIELDS.keySet());
      Collections.shuffle(fields, random);
      for (String field : fields.subList(0, 1 + random.nextInt(6))) {
        item.put(field, value());
      }
      writes.add(upsert("item-" + i, 1, item));
    }
    EngineIndex knows = engine.open("knows", "");
    for (int i = 0; i < writes.size(); i += 10) {
      assertThat(knows.writer().write(writes.subList(i, i + 10), soon()))
          .allMatch(Outcome.Applied.class::isInstance);
    }
    for (DocumentWrite write : writes) {
      EngineIndex knowsNothing = engine.open("knows-nothing", "");
      assertThat(knowsNothing.writer().write(List.of(write), soon()))
          .allMatch(Outcome.Applied.class::isInstance);
    }
    assertThat(documents(knows))
        .as("seed %d", seed)
        .hasSize(150)
        .isEqualTo(documents(engine.open("knows-nothing", "")));
  }

  private static Map<String, JsonNode> documents(EngineIndex index) {
    Map<String, JsonNode> documents = index.found();
    documents.values().forEach(it -> ((ObjectNode) it.path("_replication")).remove("indexedAt"));
    return documents;
  }

  @ParameterizedTest
  @EnumSource
  @DisplayName("In another index under the write alias, the value is tried at once")
  void anotherIndexIsAskedAtOnce(Engine engine) {
    EngineIndex index = engine.open("moved", "");
    for (int version = 1; version <= 2; version++) {
      assertThat(index.writer().write(List.of(upsert("a", version, "long", "word")), soon()))
          .containsExactly(new Outcome.Applied(List.of("long")));
    }
    String name = index.reader();
    index.send(
        "PUT",
        "/" + name + "-000002",
        "{\"mappings\":{\"properties\":{\"long\":{\"type\":\"keyword\"}}}}");
    index.send("DELETE", "/" + name + "-000001/_alias/" + name + "-write", "");
    assertThat(index.writer().write(List.of(upsert("a", 3, "long", "word")), soon()))
        .allMatch(Outcome.Rejected.class::isInstance);
    index.send("PUT", "/" + name + "-000002/_alias/" + name + "-write", "");
    assertThat(index.writer().write(List.of(upsert("a", 3, "long", "word")), soon()))
        .containsExactly(new Outcome.Applied(List.of()));
  }

  /** Returns those of the values that the engine takes, as a plain request. */
  private static List<Value> taken(EngineIndex index, String field, List<Value> values) {
    if (values.isEmpty()) {
      return List.of();
    }
    String bulk =
        values.stream()
            .map(value -> "{\"index\":{}}\n" + json(Map.of(field, value)) + "\n")
            .collect(Collectors.joining());
    JsonNode items = index.send("POST", "/" + index.reader() + "-000001/_bulk", bulk).path("items");
    List<Value> taken = new ArrayList<>();
    for (int i = 0; i < values.size(); i++) {
      if (items.path(i).at("/index/status").asInt() != 400) {
        taken.add(values.get(i));
      }
    }
    return taken;
  }

  private static String json(Map<String, Value> item) {
    StringWriter text = new StringWriter();
    try (JsonGenerator json = EngineIndex.EXACT.createGenerator(text)) {
      DocumentWriter.write(json, upsert("a", 1, item).change(), Instant.EPOCH, Set.of(), false);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return text.toString();
  }

  private Value value() {
    return switch (random.nextInt(12)) {
      case 0, 1, 2, 3 -> new Value.Text(FieldKindTest.text(random));
      case 4 -> new Value.Text(word());
      case 5 -> new Value.Decimal(Integer.toString(random.nextInt(200)));
      case 6 -> new Value.Decimal(random.nextInt(200) + "." + random.nextInt(100));
      case 7 -> new Value.Bool(random.nextBoolean());
      case 8 -> random.nextBoolean() ? map() : new Value.Structure(Map.of());
      case 9 -> new Value.Null();
      case 10 -> new Value.Sequence(random.nextBoolean() ? List.of() : List.of(value()));
      default ->
          random.nextBoolean()
              ? new Value.Binary(ByteBuffer.wrap(new byte[] {(byte) random.nextInt(), 77, 52}))
              : new Value.TextSet(List.of(word()));
    };
  }

  private Value map() {
    return new Value.Structure(Map.of("x", new Value.Decimal(Integer.toString(random.nextInt(9)))));
  }

  private String word() {
    List<String> words =
        List.of(
            "",
            "true",
            "false",
            "True",
            "on",
            "no",
            "tomorrow",
            "now",
            "2026-11-01",
            "March",
            "2026-11-01T01:02:03Z",
            "1700000000000",
            "午後",
            "45 minutes",
            "n/a",
            "-",
            "null",
            "2026");
    return words.get(random.nextInt(words.size()));
  }

  private static Deadline soon() {
    return Deadline.in(Duration.ofSeconds(60), InstantSource.system());
  }
}
