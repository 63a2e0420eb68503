package dev.utsushi.core.index;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.utsushi.core.change.Value;
import dev.utsushi.core.document.DocumentWriter;
import dev.utsushi.core.index.IndexWriter.DocumentWrite;
import dev.utsushi.local.search.SearchEngine;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Gatherers;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The differential: whatever a plain index request finds of an item, ours finds, over all field
 * types. A value that a plain request refuses is in the overflow. The seed of the generated values
 * is printed; {@code -Dutsushi.seed=SEED} repeats it.
 */
final class PlainIndexingIT {
  private static final String DYNAMIC = "dynamic";
  private static final Map<String, String> FIELDS = new LinkedHashMap<>();

  static {
    for (String type :
        """
        keyword text integer long short byte double float half_float boolean ip geo_point \
        integer_range long_range float_range double_range date_range ip_range binary date \
        date_nanos token_count search_as_you_type completion rank_feature \
        rank_features nested object\
        """
            .split(" ", -1)) {
      FIELDS.put(
          type, type.equals("token_count") ? type("token_count,analyzer:standard") : type(type));
    }
    FIELDS.put("short_keyword", type("keyword,ignore_above:6"));
    FIELDS.put("first_text", "{\"type\":\"text\",\"fields\":{\"keyword\":{\"type\":\"keyword\"}}}");
    FIELDS.put(
        "first_float", "{\"type\":\"float\",\"fields\":{\"keyword\":{\"type\":\"keyword\"}}}");
    FIELDS.put("scaled", "{\"type\":\"scaled_float\",\"scaling_factor\":100}");
    FIELDS.put("lenient_long", type("long,ignore_malformed:true"));
    FIELDS.put("lenient_date", type("date,ignore_malformed:true"));
    FIELDS.put("uncoerced_long", type("long,coerce:false"));
    FIELDS.put("uncoerced_range", type("integer_range,coerce:false"));
    for (String format :
        List.of(
            "epoch_second",
            "epoch_millis",
            "strict_date",
            "strict_date_time_no_millis",
            "date_optional_time",
            "yyyy/MM/dd",
            "strict_date_optional_time||epoch_second",
            "yyyy",
            "yyyyMMdd||epoch_millis")) {
      FIELDS.put("date_" + FIELDS.size(), "{\"type\":\"date\",\"format\":\"" + format + "\"}");
    }
    FIELDS.put("nulls", "{\"type\":\"keyword\",\"null_value\":\"none\"}");
    FIELDS.put(
        "inner", "{\"properties\":{\"x\":{\"type\":\"keyword\"},\"gte\":{\"type\":\"text\"}}}");
    FIELDS.put(
        "inner_nested", "{\"type\":\"nested\",\"properties\":{\"x\":{\"type\":\"keyword\"}}}");
    FIELDS.put(
        "inner_date", "{\"properties\":{\"x\":{\"type\":\"date\",\"format\":\"epoch_second\"}}}");
    FIELDS.put("disabled", "{\"type\":\"object\",\"enabled\":false}");
    FIELDS.put("copied", type("keyword,copy_to:copy"));
    FIELDS.put("copy", type("keyword"));
  }

  private static String type(String typeAndParameters) {
    StringBuilder json = new StringBuilder("{\"type\":\"");
    String[] parts = typeAndParameters.split(",", -1);
    json.append(parts[0]).append('"');
    for (int i = 1; i < parts.length; i++) {
      String[] parameter = parts[i].split(":", -1);
      json.append(",\"%s\":\"%s\"".formatted(parameter[0], parameter[1]));
    }
    return json.append('}').toString();
  }

  /** The engines, with the types that only they have. */
  enum Engine {
    OPEN_SEARCH,
    ELASTICSEARCH_7;

    private List<String> own() {
      return this == OPEN_SEARCH
          ? List.of("geo_shape", "flat_object", "unsigned_long", "wildcard", "match_only_text")
          : List.of();
    }

    SearchEngine start() {
      return this == OPEN_SEARCH ? Engines.openSearch() : Engines.elasticsearch7();
    }

    String mapping() {
      Map<String, String> properties = new LinkedHashMap<>(FIELDS);
      own().forEach(name -> properties.put(name, type(name)));
      StringBuilder json = new StringBuilder();
      properties.forEach(
          (name, field) ->
              json.append(json.isEmpty() ? "" : ",").append("\"%s\":%s".formatted(name, field)));
      return "{\"mappings\":{\"properties\":{"
          + json
          + "}},\"settings\":{"
          + "\"index.mapping.total_fields.limit\":5000,\"number_of_shards\":1}}";
    }

    List<String> fields() {
      List<String> fields = new ArrayList<>(FIELDS.keySet());
      fields.addAll(own());
      return fields;
    }
  }

  private static final int MOST_VALUES = 35;

  private final long seed = Long.getLong("utsushi.seed", System.nanoTime());
  private final Random random = new Random(seed);
  private final Set<String> probes = new LinkedHashSet<>();

  /** A document with one field. */
  private record Case(String field, DocumentWrite write) {
    static Case of(String field, int number, Value value) {
      return new Case(field, Changes.upsert(field + '=' + number, 1, Map.of(field, value)));
    }

    String json() {
      StringWriter text = new StringWriter();
      try (JsonGenerator json = EngineIndex.EXACT.createGenerator(text)) {
        DocumentWriter.write(json, write.change(), Instant.EPOCH, Set.of(), false);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      return text.toString();
    }
  }

  private static List<Case> cases(Engine kind, List<Value> values) {
    List<Case> cases = new ArrayList<>();
    for (int i = 0; i < values.size(); i++) {
      for (String field : kind.fields()) {
        cases.add(Case.of(field, i, values.get(i)));
      }
      cases.add(Case.of(DYNAMIC + i, i, values.get(i)));
    }
    return cases;
  }

  @ParameterizedTest
  @EnumSource
  void whatAPlainRequestFindsOursFinds(Engine kind) {
    System.out.println("PlainIndexingIT: -Dutsushi.seed=" + seed);
    String reader = "plain-" + kind.name().toLowerCase(Locale.ROOT).replace('_', '-');
    String ours = reader + "-000001";
    String plain = reader + "-plainly";
    EngineIndex engine = new EngineIndex(kind.start().endpoint(), reader, kind.mapping());
    List<Case> cases = cases(kind, someValues());
    probes.removeIf(probe -> cases.stream().noneMatch(each -> each.json().contains(probe)));
    write(engine, List.of(Changes.removal("seed", 1)));
    engine.send("PUT", "/" + plain, likeOurs(engine, ours));
    Set<String> refused = writePlainly(engine, plain, cases);
    write(engine, cases.stream().map(Case::write).toList());
    Map<String, String> differences = new TreeMap<>();
    var documents = engine.search(ours, "{\"match_all\":{}}");
    for (Case each : cases) {
      String id = each.write().id();
      boolean fits = !Objects.requireNonNull(documents.get(id)).at("/_replication").has("overflow");
      if (fits == refused.contains(id)) {
        differences.put(id, fits ? "fits only into ours; " : "fits only plainly; ");
      }
    }
    compare(engine, plain, ours, cases, differences);
    for (Case each : cases) {
      differences.computeIfPresent(each.write().id(), (_, what) -> what + each.json());
    }
    assertThat(differences).as("-Dutsushi.seed=" + seed).isEmpty();
  }

  private static void write(EngineIndex engine, List<DocumentWrite> writes) {
    for (var some : writes.stream().gather(Gatherers.windowFixed(500)).toList()) {
      assertThat(engine.writer().write(some, soon())).allMatch(Outcome.Applied.class::isInstance);
    }
  }

  private static String likeOurs(EngineIndex engine, String index) {
    JsonNode made = engine.send("GET", "/" + index, "").path(index);
    ObjectNode create = EngineIndex.EXACT.createObjectNode();
    create.set("mappings", made.path("mappings"));
    create
        .putObject("settings")
        .put("index.mapping.total_fields.limit", 5000)
        .put("number_of_shards", 1);
    return create.toString();
  }

  private static Set<String> writePlainly(EngineIndex engine, String index, List<Case> cases) {
    Set<String> refused = new HashSet<>();
    for (var some : cases.stream().gather(Gatherers.windowFixed(500)).toList()) {
      StringBuilder bulk = new StringBuilder();
      for (Case each : some) {
        bulk.append("{\"index\":{\"_id\":\"%s\"}}\n%s\n".formatted(each.write().id(), each.json()));
      }
      engine
          .send("POST", "/" + index + "/_bulk", bulk.toString())
          .path("items")
          .forEach(
              each -> {
                if (each.at("/index/status").asInt() >= 300) {
                  refused.add(each.at("/index/_id").asText());
                }
              });
    }
    return refused;
  }

  private void compare(
      EngineIndex engine, String plain, String ours, List<Case> cases, Map<String, String> out) {
    Map<String, String> texts = new LinkedHashMap<>();
    cases.forEach(each -> texts.merge(each.field(), each.json(), String::concat));
    Map<String, String> queries = new LinkedHashMap<>();
    texts.forEach(
        (field, text) -> {
          for (String path : paths(field)) {
            String at = field + path;
            queries.put(
                at + " exists", query(field, "{\"exists\":{\"field\":\"%s\"}}".formatted(at)));
            probes.stream()
                .filter(probe -> !field.startsWith(DYNAMIC) || text.contains(probe))
                .forEach(probe -> queries.put(at + " is " + probe, query(field, match(at, probe))));
          }
        });
    var names = queries.keySet().iterator();
    var expected = search(engine, plain, queries.values()).iterator();
    int hits = 0;
    for (Set<String> found : search(engine, ours, queries.values())) {
      String name = names.next();
      Set<String> wanted = expected.next();
      hits += wanted.size();
      minus(wanted, found)
          .forEach(id -> out.merge(id, "only plainly " + name + "; ", String::concat));
      minus(found, wanted)
          .forEach(id -> out.merge(id, "only in ours " + name + "; ", String::concat));
    }
    assertThat(hits).isGreaterThan(1_000);
  }

  private static Set<String> minus(Set<String> left, Set<String> right) {
    return left.stream().filter(id -> !right.contains(id)).collect(Collectors.toSet());
  }

  private static List<String> paths(String field) {
    if (field.startsWith(DYNAMIC)) {
      return List.of("", ".text", ".x", ".x.y", ".gte", ".z");
    }
    if (field.startsWith("first")) {
      return List.of("", ".keyword");
    }
    return Stream.of("object", "nested", "inner").anyMatch(field::contains)
        ? List.of("", ".x", ".x.y", ".gte", ".z")
        : List.of("");
  }

  private static String match(String field, String probe) {
    return "{\"match\":{\"%s\":{\"query\":%s,\"lenient\":true,\"operator\":\"and\"}}}"
        .formatted(field, EngineIndex.EXACT.valueToTree(probe));
  }

  private static String query(String field, String query) {
    return field.contains("nested")
        ? "{\"nested\":{\"path\":\"%s\",\"query\":%s}}".formatted(field, query)
        : query;
  }

  /** Returns the ids that each query finds. */
  private static List<Set<String>> search(
      EngineIndex engine, String index, Collection<String> queries) {
    engine.send("POST", "/" + index + "/_refresh", "");
    List<Set<String>> found = new ArrayList<>();
    for (var some : queries.stream().gather(Gatherers.windowFixed(2_000)).toList()) {
      String body =
          some.stream()
              .map("{}\n{\"size\":1000,\"_source\":false,\"query\":%s}\n"::formatted)
              .collect(Collectors.joining());
      for (JsonNode reply :
          engine.send("POST", "/" + index + "/_msearch", body).path("responses")) {
        Set<String> ids = new HashSet<>();
        reply.at("/hits/hits").forEach(hit -> ids.add(hit.path("_id").asText()));
        found.add(ids);
      }
    }
    return found;
  }

  /** Each run takes others: all of them take a minute. */
  private List<Value> someValues() {
    List<Value> values = values();
    Collections.shuffle(values, random);
    return values.subList(0, MOST_VALUES);
  }

  private List<Value> values() {
    List<Value> values = new ArrayList<>();
    for (String number :
        """
        0 5 -7 0.5 -0.5 1.5 0.00012 20000000.5 0.0005 0.01 0.012 0.1 1.50 300 40000 65504.5 \
        2147483648 9223372036854775807 9223372036854775808 18446744073709551615 \
        12345678901234567890123456789012345678 1700000000 1700000000.5 1700000000123 \
        1700000000.123456789 1700000000123.5 1234567.5 12345678.5 99999999999999.9 \
        123456789012345.6 0.1234567890123456789012345678901234567 1E+125 1E-130 1E-7 \
        3.4E+38 1E+39 20261121 2026 16777217 0.30000000000000004\
        """
            .split(" ", -1)) {
      values.add(number(number));
    }
    for (int i = 0; i < 12; i++) {
      values.add(number(generated()));
    }
    for (String text :
        """
        5 5.5 abc true false 2026-11-21 2026-11-21T01:02:03Z 2026/11/21 1700000000 1700000000.5 \
        192.168.0.1 ::1 41.12,-71.34 0.00012 1e3 2026 POINT(-71.34,41.12) YWJj\
        """
            .split(" ", -1)) {
      values.add(text(text));
    }
    values.add(new Value.Text(""));
    values.add(text("two words"));
    values.add(new Value.Bool(true));
    values.add(new Value.Bool(false));
    values.add(new Value.Null());
    values.add(new Value.Binary(ByteBuffer.wrap(new byte[] {1, 2, 3})));
    values.add(new Value.TextSet(List.of("abc", "5")));
    values.add(new Value.DecimalSet(List.of("0.00012", "20000000.5", "7")));
    values.add(list());
    values.add(list(number("1"), number("2.5"), number("0.0001234")));
    values.add(list(number("1"), text("2")));
    values.add(list(new Value.Null(), number("12345678.25")));
    values.add(list(list(number("0.00077")), list(number("2"))));
    values.add(list(number("-71.34"), number("41.12")));
    values.add(list(text("a"), text("b")));
    values.add(map("gte", number("1"), "lte", number("5")));
    values.add(map("gte", number("0.00012"), "lte", number("20000000.5")));
    values.add(map("gte", text("2026-11-21"), "lte", text("2026-11-22")));
    values.add(map("gte", number("1700000000123"), "lte", number("1700000000124")));
    values.add(map("gte", text("192.168.0.0"), "lte", text("192.168.0.9")));
    values.add(map("lat", number("41.12"), "lon", number("-71.34")));
    values.add(map("lat", number("0.00041"), "lon", text("-71.34")));
    values.add(
        map("type", text("Point"), "coordinates", list(number("-71.34"), number("0.00041"))));
    values.add(map("input", text("abc"), "weight", number("5")));
    values.add(map("x", number("0.00012"), "z", number("3")));
    values.add(map("x", number("1700000000.5"), "z", number("20000000.5")));
    values.add(map("x", map("y", number("0.00012"), "z", text("b")), "z", text("abc")));
    values.add(map("x", list(number("0.0005"), number("20000000.5")), "z", new Value.Null()));
    values.add(
        list(
            map("x", number("0.00033"), "z", number("1")),
            map("x", text("abc"), "z", number("2"))));
    values.add(map("x", new Value.Bool(true), "z", new Value.Null()));
    return values;
  }

  private String generated() {
    BigInteger digits = new BigInteger(1 + random.nextInt(120), random);
    int scale = random.nextInt(-5, 30);
    BigDecimal number = new BigDecimal(digits, scale).stripTrailingZeros();
    return (random.nextBoolean() ? number : number.negate()).toString();
  }

  private Value number(String digits) {
    probes.add(digits);
    probes.add(new BigDecimal(digits).toPlainString());
    return new Value.Decimal(digits);
  }

  private Value text(String text) {
    probes.add(text);
    return new Value.Text(text);
  }

  private static Value list(Value... values) {
    return new Value.Sequence(List.of(values));
  }

  private static Value map(String name, Value value, String other, Value otherValue) {
    Map<String, Value> members = new LinkedHashMap<>();
    members.put(name, value);
    members.put(other, otherValue);
    return new Value.Structure(members);
  }

  private static Deadline soon() {
    return Deadline.in(Duration.ofSeconds(60), InstantSource.system());
  }
}
