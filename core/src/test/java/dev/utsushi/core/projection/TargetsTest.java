package dev.utsushi.core.projection;

import static org.assertj.core.api.Assertions.assertThat;

import dev.utsushi.core.change.Value;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What targets show of an item, what a dead letter holds of it, and which settings are refused. */
final class TargetsTest {
  private static final List<String> KEYS = List.of("pk", "sk");
  private static final Value SECRET = new Value.Text("s3cret");

  @Test
  void excludedAttributesAreNowhereAtAnyDepth() {
    Projection projection =
        projection("{\"exclude\":[\"hash\",\"contact.note\",\"people.contact.note\"]}");
    Map<String, Value> contact = map("note", SECRET, "city", new Value.Text("Kyoto"));
    Map<String, Value> item =
        map(
            "pk", new Value.Text("1"),
            "hash", SECRET,
            "contact", new Value.Structure(contact),
            "contact.note", SECRET,
            "people",
                new Value.Sequence(
                    List.of(
                        new Value.Structure(map("contact", new Value.Structure(contact))),
                        new Value.Text("kept"))));

    Map<String, Value> shown = projection.of(item).item();

    assertThat(shown.toString()).doesNotContain("s3cret").contains("Kyoto", "kept");
    assertThat(shown.keySet()).containsExactly("pk", "contact", "people");
  }

  @Test
  void onlyIncludedAttributesAndKeysAreShown() {
    Projection projection = projection("{\"include\":[\"memo\",\"contact.city\"]}");
    Map<String, Value> item =
        map(
            "pk", new Value.Text("1"),
            "sk", new Value.Text("2"),
            "memo", new Value.Text("m"),
            "hash", SECRET,
            "contact", new Value.Structure(map("note", SECRET, "city", new Value.Text("Kyoto"))));

    Map<String, Value> shown = projection.of(item).item();

    assertThat(shown.keySet()).containsExactly("pk", "sk", "memo", "contact");
    assertThat(shown.toString()).doesNotContain("s3cret").contains("Kyoto");
  }

  @Test
  void aNewNameThatIsTakenLeavesTheAttributeItsOwn() {
    Projection projection = projection("{\"rename\":{\"gsi1pk\":\"ownerId\",\"pk\":\"id\"}}");
    Map<String, Value> free = map("gsi1pk", new Value.Text("u1"), "pk", new Value.Text("1"));
    assertThat(projection.of(free).item()).containsOnlyKeys("ownerId", "id");
    assertThat(projection.of(free).collided()).isEmpty();

    Map<String, Value> taken = map("gsi1pk", new Value.Text("u1"), "ownerId", new Value.Text("u2"));
    assertThat(projection.of(taken).item()).isEqualTo(taken);
    assertThat(projection.of(taken).collided()).containsExactly("gsi1pk");
  }

  @Test
  void aDeadLetterHoldsWhatSomeIndexShowsAndWhatPatternsAskFor() {
    Targets targets =
        targets(
            """
            [{"index":"deals","where":{"entity":{"S":["Deal"]}},
              "attributes":{"exclude":["hash","owner"]}},
             {"index":"all","where":{"kind":{"S":["x"]}},"attributes":{"exclude":["hash"]}},
             {"index":"few","attributes":{"include":["city"]}}]
            """);
    Map<String, Value> deal =
        map(
            "pk", new Value.Text("1"),
            "entity", new Value.Text("Deal"),
            "hash", SECRET,
            "owner", new Value.Text("o"),
            "city", new Value.Text("Kyoto"));
    assertThat(targets.retained(deal)).containsOnlyKeys("pk", "entity", "city");

    Map<String, Value> both = new LinkedHashMap<>(deal);
    both.put("kind", new Value.Text("x"));
    assertThat(targets.retained(both)).containsOnlyKeys("pk", "entity", "city", "kind", "owner");

    Map<String, Value> none = map("pk", new Value.Text("1"), "memo", new Value.Text("m"));
    assertThat(targets.retained(none)).containsOnlyKeys("pk");
  }

  @Test
  void wrongSettingsAreRefusedAtTheirPlace() {
    assertThat(problems("{}")).contains("must be a JSON array");
    assertThat(attributes("{\"include\":[\"a\"],\"exclude\":[\"b\"]}"))
        .contains("/0/attributes/exclude must not stand beside include");
    assertThat(attributes("{\"exclude\":[\"sk\"]}"))
        .contains("/0/attributes/exclude/0 is a key of the table");
    assertThat(attributes("{\"rename\":{\"a\":\"_replication\"}}"))
        .contains("/0/attributes/rename/a must not be '_replication'");
    assertThat(attributes("{\"rename\":{\"a\":\"c\",\"b\":\"c\"}}"))
        .contains("/0/attributes/rename/b must not be 'c', the new name of 'a'");
    assertThat(attributes("{\"rename\":{\"a\":\"b\",\"b\":\"c\"}}"))
        .contains("/0/attributes/rename/a must not be 'b', which is renamed itself");
    assertThat(attributes("{\"rename\":{\"a\":\"pk\"}}"))
        .contains("/0/attributes/rename/a must not be 'pk', which is a key");
    assertThat(attributes("{\"exclude\":[\"a\"],\"rename\":{\"a\":\"b\"}}"))
        .contains("/0/attributes/rename/a has no effect");
    assertThat(problems("[{\"index\":\"a\"},{\"index\":\"a\"}]"))
        .contains("/1/index is used already");
    assertThat(problems("[{\"index\":\"A\"}]")).contains("/0/index must be a valid index name");
    assertThat(
            problems(
                """
                [{"index":"a","where":{"e":{"S":["x"]}}},
                 {"index":"b","attributes":{"exclude":["e"]}}]
                """))
        .contains("/1/attributes/exclude/0 is what a where asks for ('e')");
  }

  @Test
  void theOrderOfSettingsIsNoDifference() {
    String digest =
        projection("{\"exclude\":[\"a\"],\"rename\":{\"b\":\"c\",\"d\":\"e\"}}").digest();
    assertThat(projection("{\"rename\":{\"d\":\"e\",\"b\":\"c\"},\"exclude\":[\"a\"]}").digest())
        .isEqualTo(digest);
    assertThat(projection("{\"exclude\":[\"b\"]}").digest()).isNotEqualTo(digest).hasSize(16);
    assertThat(targets("[{\"index\":\"a\"}]").isWhole()).isTrue();
  }

  private static String attributes(String attributes) {
    return problems("[{\"index\":\"a\",\"attributes\":" + attributes + "}]");
  }

  private static String problems(String json) {
    TargetsReader reader = new TargetsReader(KEYS);
    return reader.read(json).stream()
        .map(each -> each.pointer() + ' ' + each.what())
        .toList()
        .toString();
  }

  private static Projection projection(String attributes) {
    return targets("[{\"index\":\"a\",\"attributes\":" + attributes + "}]")
        .list()
        .getFirst()
        .projection();
  }

  private static Targets targets(String json) {
    TargetsReader reader = new TargetsReader(KEYS);
    assertThat(reader.read(json)).isEmpty();
    return new Targets(reader.targets(), KEYS, false);
  }

  private static Map<String, Value> map(Object... namesAndValues) {
    Map<String, Value> map = new LinkedHashMap<>();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      map.put((String) namesAndValues[i], (Value) namesAndValues[i + 1]);
    }
    return map;
  }
}
