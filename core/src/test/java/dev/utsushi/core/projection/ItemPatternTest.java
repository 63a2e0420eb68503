package dev.utsushi.core.projection;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.utsushi.core.change.Value;
import dev.utsushi.core.record.RecordJson;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import software.amazon.event.ruler.Ruler;

/** The pattern language, against the library that Lambda's own filters come from. */
final class ItemPatternTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final List<String> NAMES = List.of("a", "b", "c");
  private static final List<String> TEXTS = List.of("", "x", "xy", "yx", "XY", "true", "1");

  @Test
  void patternsMatchAsLambdasDo() throws Exception {
    long seed = Long.getLong("utsushi.seed", System.nanoTime());
    Random random = new Random(seed);
    int matched = 0;
    for (int i = 0; i < 20_000; i++) {
      Map<String, Object> pattern = section(random, 2);
      Map<String, Value> item = item(random, 2);
      List<TargetProblem> problems = new ArrayList<>();
      ItemPattern read = PatternReader.read(PlainJson.read(json(pattern)), "", problems);
      assertThat(problems).as("%s, seed %d", json(pattern), seed).isEmpty();
      boolean matches = read.matches(item);
      matched += matches ? 1 : 0;
      String event = json(RecordJson.typed(item));
      assertThat(matches)
          .as("%s on %s, seed %d", json(pattern), event, seed)
          .isEqualTo(Ruler.matchesRule(event, json(pattern)));
    }
    assertThat(matched).isBetween(1_000, 19_000);
  }

  /** The library takes the second choice for true alone, and for false beside the first. */
  @Test
  void eachChoiceStandsForItself() throws Exception {
    String second = "{\"c\":{\"S\":[\"x\",{\"exists\":true}]}}";
    String both = "{\"$or\":[{\"c\":{\"S\":[\"x\"]}}," + second + "]}";
    Map<String, Value> item = Map.of("c", new Value.Text("y"));
    for (String pattern : List.of(second, both)) {
      ItemPattern read = PatternReader.read(PlainJson.read(pattern), "", new ArrayList<>());
      assertThat(read.matches(item)).as(pattern).isTrue();
    }
  }

  @Test
  void whatCannotMatchIsRefused() throws Exception {
    assertThat(problems("{}")).containsExactly("/where");
    assertThat(problems("{\"entity\":[\"Deal\"]}")).containsExactly("/where/entity");
    assertThat(problems("{\"entity\":{\"s\":[\"Deal\"]}}")).containsExactly("/where/entity/s");
    assertThat(problems("{\"entity\":{\"S\":\"Deal\"}}")).containsExactly("/where/entity/S");
    assertThat(problems("{\"count\":{\"N\":[5]}}")).containsExactly("/where/count/N/0");
    assertThat(problems("{\"count\":{\"N\":[{\"numeric\":[\">\",5]}]}}"))
        .containsExactly("/where/count/N/0");
    assertThat(problems("{\"a\":{\"L\":{\"S\":[{\"exists\":false}]}}}"))
        .containsExactly("/where/a/L/S/0");
    assertThat(problems("{\"$or\":[{\"a\":{\"S\":[\"x\"]}}]}")).containsExactly("/where/$or");
  }

  private static List<String> problems(String pattern) throws Exception {
    List<TargetProblem> problems = new ArrayList<>();
    PatternReader.read(PlainJson.read(pattern), "/where", problems);
    return problems.stream().map(TargetProblem::pointer).toList();
  }

  private static String json(Object value) throws JsonProcessingException {
    return JSON.writeValueAsString(value);
  }

  private static Map<String, Object> section(Random random, int depth) {
    Map<String, Object> section = new LinkedHashMap<>();
    boolean or = depth > 1 && random.nextInt(4) == 0;
    for (int i = 0; i <= random.nextInt(2); i++) {
      section.put(NAMES.get(random.nextInt(or ? 2 : 3)), typed(random, depth, true));
    }
    if (or) {
      // The library forgets a condition on the same attribute outside: there both hold.
      section.put("$or", choices(random));
    }
    return section;
  }

  /** Nor does it keep choices apart if both have the same comparison. */
  private static List<Map<String, Object>> choices(Random random) {
    Map<String, Object> first = typed(random, 1, false);
    Map<String, Object> second;
    do {
      second = typed(random, 1, false);
    } while (!Collections.disjoint(comparisons(first), comparisons(second)));
    return List.of(Map.of("c", first), Map.of("c", second));
  }

  private static List<?> comparisons(Map<String, Object> typed) {
    return (List<?>) typed.values().iterator().next();
  }

  private static Map<String, Object> typed(Random random, int depth, boolean mayBeAbsent) {
    int kind = random.nextInt(depth > 0 && mayBeAbsent ? 10 : 8);
    return switch (kind) {
      case 0, 1, 2, 3 -> Map.of("S", comparisons(random, mayBeAbsent));
      case 4 -> Map.of("N", List.of("1"));
      case 5 -> Map.of("BOOL", List.of(random.nextBoolean()));
      case 6 -> Map.of("SS", comparisons(random, mayBeAbsent));
      case 7 -> Map.of("NULL", List.of(true));
      case 8 -> Map.of("M", section(random, depth - 1));
      default -> Map.of("L", typed(random, depth - 1, false));
    };
  }

  private static List<Object> comparisons(Random random, boolean mayBeAbsent) {
    List<Object> comparisons = new ArrayList<>();
    for (int i = 0; i <= random.nextInt(2); i++) {
      comparisons.add(comparison(random, mayBeAbsent));
    }
    return comparisons;
  }

  private static Object comparison(Random random, boolean mayBeAbsent) {
    String text = TEXTS.get(1 + random.nextInt(TEXTS.size() - 1));
    return switch (random.nextInt(9)) {
      case 0 -> Map.of("prefix", text);
      case 1 -> Map.of("suffix", text);
      case 2 -> Map.of("equals-ignore-case", text);
      case 3 -> Map.of("anything-but", text);
      case 4 -> Map.of("anything-but", List.of(text, "x"));
      case 5 -> Map.of("exists", !mayBeAbsent || random.nextBoolean());
      default -> text;
    };
  }

  private static Map<String, Value> item(Random random, int depth) {
    Map<String, Value> item = new LinkedHashMap<>();
    for (String name : NAMES) {
      Value value = value(random, depth);
      if (value != null) {
        item.put(name, value);
      }
    }
    return item;
  }

  private static @Nullable Value value(Random random, int depth) {
    String text = TEXTS.get(random.nextInt(TEXTS.size()));
    return switch (random.nextInt(depth > 0 ? 11 : 8)) {
      case 0, 1, 2 -> new Value.Text(text);
      case 3 -> new Value.Decimal("1");
      case 4 -> new Value.Bool(random.nextBoolean());
      case 5 -> new Value.TextSet(List.of(text, "x"));
      case 6 -> new Value.Null();
      case 7 -> new Value.Binary(ByteBuffer.wrap(new byte[] {1}));
      case 8 -> new Value.Structure(item(random, depth - 1));
      case 9 -> new Value.Sequence(List.of(new Value.Text(text), new Value.Text("x")));
      default -> null;
    };
  }
}
