package dev.utsushi.core.projection;

import static org.assertj.core.api.Assertions.assertThat;

import dev.utsushi.core.change.Change;
import dev.utsushi.core.change.ItemKey;
import dev.utsushi.core.change.Value;
import dev.utsushi.core.change.Version;
import dev.utsushi.core.index.IndexWriter.DocumentWrite;
import dev.utsushi.core.projection.Projection.Hidden;
import dev.utsushi.core.projection.Projection.Projected;
import dev.utsushi.core.projection.Projection.Unknown;
import dev.utsushi.core.record.StreamRecord;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A class of the operator's own: what it may do, what is done about the rest, its contract. */
final class OwnProjectionTest {
  private static final List<String> KEYS = List.of("id");
  private static final String SECRET = "s3cret";

  /** Does what the item's {@code do} says. */
  public static class Told implements ItemProjection {
    private int calls;

    @Override
    @SuppressWarnings("NullAway") // a class that somebody else writes may return nulls
    public Optional<Map<String, Value>> project(Map<String, Value> item) {
      Map<String, Value> shown = new LinkedHashMap<>(item);
      switch (item.get("do") instanceof Value.Text(String what) ? what : "") {
        case "hide" -> {
          return Optional.empty();
        }
        case "throw" -> throw new IllegalStateException(item.toString());
        case "overflow the stack" -> {
          return project(item);
        }
        case "drop" -> shown.remove("id");
        case "change" -> shown.put("id", new Value.Text(SECRET));
        case "null" -> {
          return null;
        }
        case "null value" -> shown.put("memo", null);
        case "null name" -> shown.put(null, new Value.Null());
        case "null inside" ->
            shown.put("memo", new Value.Sequence(Arrays.asList(new Value.TextSet(null))));
        case "change the map" -> item.clear();
        case "read the bytes" -> ((Value.Binary) item.get("bytes")).bytes().get();
        case "count" -> shown.put("calls", new Value.Decimal("" + ++calls));
        default -> shown.put("memo", new Value.Text("shown"));
      }
      return Optional.of(shown);
    }
  }

  /** Cannot be created. */
  public static final class WithoutConstructor extends Told {
    private WithoutConstructor() {}
  }

  /** Fails as it is created. */
  public static final class Failing extends Told {
    public Failing() {
      throw new IllegalStateException("no file");
    }
  }

  @Test
  void theClassGetsWhatIsNotExcludedAndItsResultIsRenamed() {
    Projection projection =
        projection(
            """
            [{"index":"a","class":"%s","where":{"e":{"S":["Deal"]}},
              "attributes":{"exclude":["secret"],"rename":{"memo":"note"}}}]
            """);
    Map<String, Value> deal = item("", "e", "Deal", "secret", SECRET);
    assertThat(((Projected) projection.view(deal)).item().toString())
        .isEqualTo("{id=Text[text=1], do=Text[text=], e=Text[text=Deal], note=Text[text=shown]}");
    assertThat(projection.view(item("hide", "e", "Deal"))).isInstanceOf(Hidden.class);
    assertThat(projection.view(item("throw", "e", "User"))).isInstanceOf(Hidden.class);
    assertThat(projection.chooses()).isTrue();
    assertThat(projection.isWhole()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "throw",
        "overflow the stack",
        "drop",
        "change",
        "null",
        "null value",
        "null name",
        "null inside",
        "change the map",
      })
  void aClassThatFailsIsToldWithoutContent(String what) {
    var unknown = (Unknown) whole().view(item(what, "memo", SECRET));
    assertThat(unknown.reason()).contains(Told.class.getName()).doesNotContain(SECRET);
  }

  @Test
  void theReasonNamesTheLineAndTheKey() {
    assertThat(((Unknown) whole().view(item("throw"))).reason())
        .matches(".*Told threw java.lang.IllegalStateException at line \\d+");
    assertThat(((Unknown) whole().view(item("drop"))).reason())
        .endsWith("Told dropped or changed the key 'id'");
  }

  @Test
  void otherTargetsAreWrittenAndNobodyKnowsWhatOldImagesShowed() {
    Targets targets =
        targets("[{\"index\":\"a\",\"class\":\"%s\"},{\"index\":\"b\"}]".formatted(name()));
    List<DocumentWrite> failed = writes(targets, item("throw"), item("hide"));
    assertThat(failed.getFirst().unknown()).contains("IllegalStateException");
    assertThat(failed.getFirst().change().toString()).doesNotContain("do=");
    assertThat(failed.getLast().unknown()).isNull();

    // The document from before the failure may still stand.
    assertThat(writes(targets, item("hide"), item("throw")))
        .extracting(DocumentWrite::target)
        .containsExactly(0, 1);
    assertThat(writes(targets, item("hide"), item("hide")))
        .extracting(DocumentWrite::target)
        .containsExactly(1);
  }

  @Test
  void aDeadLetterHoldsWhatTheClassGets() {
    Targets targets =
        targets(
            """
            [{"index":"a","class":"%s","attributes":{"exclude":["secret"]}}]
            """
                .formatted(name()));
    assertThat(targets.retained(item("hide", "memo", "m", "secret", SECRET)))
        .containsOnlyKeys("id", "do", "memo");
  }

  @Test
  void theNameIsPartOfTheDigest() {
    assertThat(whole().digest()).hasSize(16);
    assertThat(projection("[{\"index\":\"a\",\"class\":\"%sX\"}]", false).digest())
        .isNotEqualTo(whole().digest());
  }

  @Test
  void aClassThatCannotBeUsedIsRefusedAtItsPlace() {
    assertThat(problem("com.example.Missing"))
        .isEqualTo(
            "/0/class is missing: 'com.example.Missing' is in no jar in java/lib of a layer of this"
                + " function");
    assertThat(problem("java.lang.String"))
        .isEqualTo(
            "/0/class does not implement dev.utsushi.core.projection.ItemProjection:"
                + " 'java.lang.String'");
    assertThat(problem(WithoutConstructor.class.getName()))
        .contains("must be a public class with a public constructor without parameters");
    assertThat(problem(Failing.class.getName()))
        .contains("fails in its constructor", "IllegalStateException: no file");
    assertThat(
            new TargetsReader(KEYS).read("[{\"index\":\"a\",\"class\":\"com.example.Missing\"}]"))
        .isEmpty();
  }

  @Test
  void theContractFindsWhatAnItemDoesNotShow() {
    assertThat(contract("", "hide")).isEmpty();
    assertThat(contract("throw")).singleElement().asString().contains("threw", "id=Text[text=1]");
    assertThat(contract("count")).singleElement().asString().contains("has another result");
    assertThat(contract("read the bytes")).anyMatch(it -> it.contains("changed what it was given"));
    assertThat(contract("change")).singleElement().asString().contains("changed the key 'id'");
    assertThat(contract()).containsExactly("there are no items to check it with");
    assertThat(ProjectionContract.problems(Failing.class, KEYS, List.of(item(""))))
        .singleElement()
        .asString()
        .startsWith("the class fails in its constructor");
  }

  private static List<String> contract(String... whats) {
    List<Map<String, Value>> items = new ArrayList<>();
    for (String what : whats) {
      Map<String, Value> item = item(what);
      item.put("bytes", new Value.Binary(ByteBuffer.allocate(2)));
      items.add(item);
    }
    return ProjectionContract.problems(Told.class, KEYS, items);
  }

  private static List<DocumentWrite> writes(
      Targets targets, Map<String, Value> newer, Map<String, Value> older) {
    var key = new ItemKey(new Value.Text("1"), null);
    var streamRecord = StreamRecord.insertion(Map.of(), newer).with(newer, older);
    return targets.writes(streamRecord, new Change.Upsert(key, Version.BACKFILL, null, newer));
  }

  private static String problem(String name) {
    TargetsReader reader = new TargetsReader(KEYS, true);
    return reader.read("[{\"index\":\"a\",\"class\":\"" + name + "\"}]").stream()
        .map(each -> each.pointer() + ' ' + each.what())
        .findFirst()
        .orElseThrow();
  }

  private static Projection whole() {
    return projection("[{\"index\":\"a\",\"class\":\"%s\"}]");
  }

  private static Projection projection(String json) {
    return projection(json, true);
  }

  private static Projection projection(String json, boolean loads) {
    TargetsReader reader = new TargetsReader(KEYS, loads);
    assertThat(reader.read(json.formatted(name()))).isEmpty();
    return reader.targets().getFirst().projection();
  }

  private static Targets targets(String json) {
    TargetsReader reader = new TargetsReader(KEYS, true);
    assertThat(reader.read(json)).isEmpty();
    return new Targets(reader.targets(), KEYS, false);
  }

  private static String name() {
    return Told.class.getName();
  }

  private static Map<String, Value> item(String what, String... namesAndTexts) {
    Map<String, Value> item = new LinkedHashMap<>();
    item.put("id", new Value.Text("1"));
    item.put("do", new Value.Text(what));
    for (int i = 0; i < namesAndTexts.length; i += 2) {
      item.put(namesAndTexts[i], new Value.Text(namesAndTexts[i + 1]));
    }
    return item;
  }
}
