package dev.utsushi.core.index;

import static dev.utsushi.core.index.Changes.CHANGED_AT;
import static dev.utsushi.core.index.Changes.key;
import static dev.utsushi.core.index.Changes.removal;
import static dev.utsushi.core.index.Changes.upsert;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.utsushi.core.change.Change;
import dev.utsushi.core.change.Value;
import dev.utsushi.core.change.Version;
import dev.utsushi.core.index.IndexWriter.DocumentWrite;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Everything that an index writer guarantees. Every implementation must pass all of it. */
interface IndexContract extends TwoStreamsContract, BackfillContract {

  @Test
  @DisplayName("A change is found by readers")
  default void changeIsFound() {
    IndexUnderTest index = open();
    assertThat(write(index, upsert("a", 1, "memo", "hello"))).isEqualTo(applied());
    assertThat(index.document("a").path("memo").asText()).isEqualTo("hello");
  }

  @Test
  @DisplayName("A document holds its version, the time of the change and the time of indexing")
  default void documentTellsItsOrigin() {
    IndexUnderTest index = open();
    Instant before = Instant.now().truncatedTo(ChronoUnit.MILLIS);
    write(index, upsert("a", 4421584500000000017L, "memo", "hello"));
    JsonNode replication = index.document("a").path("_replication");
    assertThat(replication.path("version").asText())
        .isEqualTo("2026-11-01T00:00:00.000/0000000000000000000004421584500000000017");
    assertThat(replication.path("deleted").asBoolean(true)).isFalse();
    assertThat(replication.path("changedAt").asText()).isEqualTo("2026-11-21T01:02:03Z");
    assertThat(Instant.parse(replication.path("indexedAt").asText()))
        .isBetween(before, Instant.now());
    assertThat(replication.has("overflow")).isFalse();
  }

  @Test
  @DisplayName("A newer change replaces the whole document: a removed attribute is gone")
  default void newerReplacesWhole() {
    IndexUnderTest index = open();
    write(index, upsert("a", 1, "lost", "x"));
    write(index, upsert("a", 2, "kept", "y"));
    assertThat(index.document("a").has("lost")).isFalse();
    assertThat(index.document("a").path("kept").asText()).isEqualTo("y");
  }

  @Test
  @DisplayName("An older change that arrives late is superseded")
  default void olderIsSuperseded() {
    IndexUnderTest index = open();
    write(index, upsert("a", 10, "memo", "new"));
    assertThat(write(index, upsert("a", 9, "memo", "old"))).isEqualTo(new Outcome.Superseded());
    assertThat(index.document("a").path("memo").asText()).isEqualTo("new");
  }

  @Test
  @DisplayName("A change that arrives twice is written once")
  default void sameIsSuperseded() {
    IndexUnderTest index = open();
    write(index, upsert("a", 1, "memo", "first"));
    assertThat(write(index, upsert("a", 1, "memo", "second"))).isEqualTo(new Outcome.Superseded());
    assertThat(index.document("a").path("memo").asText()).isEqualTo("first");
  }

  @Test
  @DisplayName("Sequence numbers compare as numbers, whatever their length")
  default void sequenceNumbersCompareAsNumbers() {
    IndexUnderTest index = open();
    write(index, at("820400000000000001192334", "older"));
    assertThat(write(index, at("1683700000000000001135967", "newer"))).isEqualTo(applied());
    assertThat(write(index, at("820400000000000001192335", "late")))
        .isEqualTo(new Outcome.Superseded());
    assertThat(index.document("a").path("memo").asText()).isEqualTo("newer");
  }

  @Test
  @DisplayName(
      "Changes of a re-enabled stream are newer than those of the old one, whatever their numbers")
  default void newStreamComesAfterOld() {
    IndexUnderTest index = open();
    write(index, upsert("a", 999, "memo", "old stream"));
    Version reborn = Version.of("2026-11-02T00:00:00.000", "1");
    Map<String, Value> item = Map.of("memo", new Value.Text("new stream"));
    assertThat(
            write(index, DocumentWrite.of(new Change.Upsert(key("a"), reborn, CHANGED_AT, item))))
        .isEqualTo(applied());
    assertThat(index.document("a").path("memo").asText()).isEqualTo("new stream");
  }

  @Test
  @DisplayName("A late change of the old stream is superseded by the new stream's")
  default void oldStreamIsSuperseded() {
    IndexUnderTest index = open();
    write(index, ofStream("2026-11-02T00:00:00.000", CHANGED_AT));
    DocumentWrite late = ofStream("2026-11-01T00:00:00.000", CHANGED_AT);
    DocumentWrite later = ofStream("2026-11-01T00:00:00.000", CHANGED_AT.minusSeconds(1));
    assertThat(write(index, late)).isEqualTo(new Outcome.Superseded());
    assertThat(write(index, later)).isEqualTo(new Outcome.Superseded());
  }

  @Test
  @DisplayName(
      "A change that is later than the document's but of an older stream is rejected: two streams")
  default void liveOlderStreamIsRejected() {
    IndexUnderTest index = open();
    write(index, ofStream("2026-11-02T00:00:00.000", CHANGED_AT));
    DocumentWrite live = ofStream("2026-11-01T00:00:00.000", CHANGED_AT.plusSeconds(1));
    assertThat(write(index, live)).isInstanceOf(Outcome.Rejected.class);
    assertThat(index.document("a").path("stream").asText()).isEqualTo("2026-11-02T00:00:00.000");
  }

  static DocumentWrite ofStream(String label, Instant changedAt) {
    Map<String, Value> item = Map.of("stream", new Value.Text(label));
    return DocumentWrite.of(new Change.Upsert(key("a"), Version.of(label, "1"), changedAt, item));
  }

  @Test
  @DisplayName("A removal hides the item from readers and leaves a tombstone with no attributes")
  default void removalLeavesTombstone() {
    IndexUnderTest index = open();
    write(index, upsert("a", 1, "memo", "secret"));
    assertThat(write(index, removal("a", 2))).isEqualTo(applied());
    assertThat(index.found()).isEmpty();
    JsonNode tombstone = index.all().getOrDefault("a", MissingNode.getInstance());
    assertThat(List.copyOf(fieldNames(tombstone))).containsExactly("_replication");
    assertThat(tombstone.at("/_replication/deleted").asBoolean()).isTrue();
  }

  @Test
  @DisplayName("A late older change does not resurrect a removed item")
  default void removedIsNotResurrected() {
    IndexUnderTest index = open();
    write(index, upsert("a", 1, "memo", "x"));
    write(index, removal("a", 3));
    assertThat(write(index, upsert("a", 2, "memo", "ghost"))).isEqualTo(new Outcome.Superseded());
    assertThat(index.found()).isEmpty();
  }

  @Test
  @DisplayName("A removal that arrives before the change that it removes wins")
  default void removalBeforeInsertHolds() {
    IndexUnderTest index = open();
    assertThat(write(index, removal("a", 2))).isEqualTo(applied());
    assertThat(write(index, upsert("a", 1, "memo", "ghost"))).isEqualTo(new Outcome.Superseded());
    assertThat(index.found()).isEmpty();
  }

  @Test
  @DisplayName("An item that is created again after its removal is found again")
  default void putAgainIsFound() {
    IndexUnderTest index = open();
    write(index, removal("a", 1));
    assertThat(write(index, upsert("a", 2, "memo", "again"))).isEqualTo(applied());
    assertThat(index.document("a").path("memo").asText()).isEqualTo("again");
  }

  @Test
  @DisplayName("A batch has one outcome for each write, in the same order")
  default void outcomesAreInOrder() {
    IndexUnderTest index = open();
    write(index, upsert("b", 5, "memo", "newer"));
    List<Outcome> outcomes =
        index
            .writer()
            .write(
                List.of(
                    upsert("a", 1, "memo", "x"),
                    upsert("b", 2, "memo", "x"),
                    removal("c", 3),
                    upsert("d", 4, "memo", "x")),
                soon());
    assertThat(outcomes).containsExactly(applied(), new Outcome.Superseded(), applied(), applied());
  }

  @Test
  @DisplayName("Numbers keep every digit, sign and magnitude")
  default void numbersKeepEveryDigit() {
    IndexUnderTest index = open();
    List<String> numbers =
        List.of(
            "0",
            "-1",
            "9007199254740993",
            "12345678901234567890123456789012345678",
            "-99999999999999999999999999999999999999",
            "0.12345678901234567890123456789012345678",
            "-1.2345678901234567890123456789012345678",
            "9.9999999999999999999999999999999999999E+125",
            "1E+125",
            "1E-130",
            "-1.5E-130",
            "0.1",
            "1.10",
            "1234567890123456.7",
            "123456789012345.6",
            "8.47E+21");
    Map<String, Value> nested = new LinkedHashMap<>();
    nested.put(
        "list", new Value.Sequence(numbers.stream().<Value>map(Value.Decimal::new).toList()));
    nested.put("set", new Value.DecimalSet(numbers));
    write(index, upsert("a", 1, Map.of("numbers", new Value.Structure(nested))));
    JsonNode found = index.document("a").path("numbers");
    for (int i = 0; i < numbers.size(); i++) {
      BigDecimal written = new BigDecimal(numbers.get(i));
      assertThat(found.path("list").get(i).decimalValue()).isEqualByComparingTo(written);
      assertThat(found.path("set").get(i).decimalValue()).isEqualByComparingTo(written);
    }
  }

  @Test
  @DisplayName("Every data type keeps its value, and empty values remain distinct")
  default void everyTypeKeepsItsValue() throws JsonProcessingException {
    IndexUnderTest index = open();
    Map<String, Value> item = new LinkedHashMap<>();
    item.put("s", new Value.Text("日本語 \"\\ \n \uD83D\uDE00"));
    item.put("empty", new Value.Text(""));
    item.put("yes", new Value.Bool(true));
    item.put("no", new Value.Bool(false));
    item.put("nothing", new Value.Null());
    item.put("b", new Value.Binary(ByteBuffer.wrap(new byte[] {0, -1, 127})));
    item.put("l", new Value.Sequence(List.of()));
    item.put("m", new Value.Structure(Map.of()));
    item.put("ss", new Value.TextSet(List.of("x", "y")));
    item.put("bs", new Value.BinarySet(List.of(ByteBuffer.wrap(new byte[] {1}))));
    write(index, upsert("a", 1, item));
    assertThat(attributes(index.document("a")))
        .isEqualTo(
            EngineIndex.EXACT.readTree(
                """
                {"id":"a","s":"日本語 \\"\\\\ \\n \uD83D\uDE00","empty":"","yes":true,"no":false,
                 "nothing":null,"b":"AP9/","l":[],"m":{},"ss":["x","y"],"bs":["AQ=="]}
                """));
  }

  @Test
  @DisplayName(
      "An attribute that the mapping refuses goes to the overflow, exact; the rest are fields")
  default void refusedAttributeOverflows() {
    IndexUnderTest index = open("when");
    Map<String, Value> item = new LinkedHashMap<>();
    item.put("memo", new Value.Text("kept"));
    item.put("when", new Value.Text("tomorrow"));
    item.put("count", new Value.Decimal("1"));
    assertThat(write(index, upsert("a", 1, item))).isEqualTo(new Outcome.Applied(List.of("when")));
    JsonNode document = index.document("a");
    assertThat(document.has("when")).isFalse();
    assertThat(document.path("memo").asText()).isEqualTo("kept");
    assertThat(document.path("count").asInt()).isEqualTo(1);
    assertThat(document.at("/_replication/overflow").asText()).isEqualTo("{\"when\":\"tomorrow\"}");
  }

  @Test
  @DisplayName("Numbers in the overflow keep every digit")
  default void overflowKeepsEveryDigit() {
    IndexUnderTest index = open("when");
    write(index, upsert("a", 1, Map.of("when", new Value.Decimal("0.12345678901234567890123"))));
    assertThat(index.document("a").at("/_replication/overflow").asText())
        .isEqualTo("{\"when\":0.12345678901234567890123}");
  }

  @Test
  @DisplayName("The overflow is empty when a newer version of the item fits")
  default void overflowGoesWhenItemFits() {
    IndexUnderTest index = open("when");
    write(index, upsert("a", 1, "when", "tomorrow"));
    write(index, upsert("a", 2, "when", "2026-11-21"));
    JsonNode document = index.document("a");
    assertThat(document.path("when").asText()).isEqualTo("2026-11-21");
    assertThat(document.at("/_replication/overflow").isMissingNode()).isTrue();
  }

  @Test
  @DisplayName("A refused attribute is never replaced by an older version")
  default void overflowKeepsOrder() {
    IndexUnderTest index = open("when");
    write(index, upsert("a", 2, "when", "2026-11-21"));
    assertThat(write(index, upsert("a", 1, "when", "tomorrow")))
        .isEqualTo(new Outcome.Superseded());
    assertThat(write(index, upsert("a", 2, "when", "tomorrow")))
        .isEqualTo(new Outcome.Superseded());
  }

  @Test
  @DisplayName("Attribute names that are reserved go to the overflow")
  default void reservedNamesOverflow() throws JsonProcessingException {
    IndexUnderTest index = open();
    for (String name : List.of("_replication", "_replication.deleted")) {
      assertThat(write(index, upsert(name, 1, named(name))))
          .isEqualTo(new Outcome.Applied(List.of(name)));
      assertThat(wholeItem(index.document(name)).path(name).asBoolean()).isTrue();
    }
  }

  @Test
  @DisplayName(
      "An item is indexed completely whatever its attributes' names, and the others stay fields")
  default void anyNameIsHeld() throws JsonProcessingException {
    IndexUnderTest index = open();
    for (String name :
        List.of("_id", "_source", ".", "..", "a.", ".a", "a..b", " ", "a.b", "名前", "\"")) {
      assertThat(write(index, upsert(name, 1, named(name)))).isInstanceOf(Outcome.Applied.class);
      JsonNode document = index.document(name);
      assertThat(document.path("memo").asText()).as(name).isEqualTo("kept");
      assertThat(wholeItem(document).path(name).asBoolean()).as(name).isTrue();
    }
  }

  @Test
  @DisplayName("Every attribute in the overflow is reported, reserved or refused")
  default void overflowIsTold() {
    IndexUnderTest index = open("when");
    Map<String, Value> item = new LinkedHashMap<>(named("_replication"));
    item.put("when", new Value.Text("tomorrow"));
    Outcome outcome = write(index, upsert("a", 1, item));
    assertThat(((Outcome.Applied) outcome).overflowed())
        .containsExactlyInAnyOrder("_replication", "when");
  }

  private static Map<String, Value> named(String name) {
    return Map.of(name, new Value.Bool(true), "memo", new Value.Text("kept"));
  }

  @Test
  @DisplayName("An item of 400 KB is indexed completely")
  default void largestItemIsHeld() {
    IndexUnderTest index = open();
    String text = "あ".repeat(133_000);
    assertThat(write(index, upsert("a", 1, "memo", text))).isEqualTo(applied());
    assertThat(index.document("a").path("memo").asText()).isEqualTo(text);
  }

  @Test
  @DisplayName("Values nested 32 deep are indexed completely, as fields or in the overflow")
  default void deepestNestingIsHeld() throws JsonProcessingException {
    IndexUnderTest index = open();
    Value deep = new Value.Text("bottom");
    for (int i = 0; i < 31; i++) {
      deep = new Value.Structure(Map.of("level", deep));
    }
    write(index, upsert("a", 1, Map.of("deep", deep, "memo", new Value.Text("kept"))));
    JsonNode document = index.document("a");
    assertThat(document.path("memo").asText()).isEqualTo("kept");
    assertThat(wholeItem(document).at("/deep" + "/level".repeat(31)).asText()).isEqualTo("bottom");
  }

  @Test
  @DisplayName("A list of decimals under a name of 60,000 bytes is held whole")
  default void longNamesOfManyDecimalsAreHeld() throws JsonProcessingException {
    IndexUnderTest index = open();
    String name = "n".repeat(60_000);
    List<Value> decimals =
        IntStream.range(0, 16_000)
            .<Value>mapToObj(i -> new Value.Decimal("0.12345678901234" + (100 + i % 899)))
            .toList();
    Map<String, Value> item = Map.of(name, new Value.Sequence(decimals));
    assertThat(write(index, upsert("a", 1, item))).isInstanceOf(Outcome.Applied.class);
    JsonNode whole = wholeItem(index.document("a")).path(name);
    assertThat(whole).hasSize(16_000);
    assertThat(whole.path(998).asText()).isEqualTo("0.12345678901234199");
  }

  @Test
  @DisplayName("Decimals of 17 digits keep them, deep inside lists and maps")
  default void nestedDecimalsKeepTheirDigits() throws JsonProcessingException {
    IndexUnderTest index = open();
    Value decimal = new Value.Decimal("12345678901.234567");
    Value inner = new Value.Structure(Map.of("n", decimal, "0", decimal));
    Value list = new Value.Sequence(List.of(decimal, inner, new Value.Sequence(List.of(decimal))));
    write(index, upsert("a", 1, Map.of("list", list)));
    assertThat(wholeItem(index.document("a")).path("list"))
        .isEqualTo(
            EngineIndex.EXACT.readTree(
                "[12345678901.234567,{\"n\":12345678901.234567,\"0\":12345678901.234567},"
                    + "[12345678901.234567]]"));
  }

  @Test
  @DisplayName(
      "Thousands of distinct attributes are indexed completely, as fields or in the overflow")
  default void thousandsOfAttributesAreHeld() throws JsonProcessingException {
    IndexUnderTest index = open();
    Map<String, Value> item = new LinkedHashMap<>();
    for (int i = 0; i < 3_000; i++) {
      item.put("attribute-" + i, new Value.Decimal(Integer.toString(i)));
    }
    assertThat(write(index, upsert("a", 1, item))).isInstanceOf(Outcome.Applied.class);
    JsonNode whole = wholeItem(index.document("a"));
    for (int i = 0; i < 3_000; i++) {
      assertThat(whole.path("attribute-" + i).asInt(-1)).isEqualTo(i);
    }
  }

  @Test
  @DisplayName("An attribute that changes its type from item to item is indexed in each")
  default void changingTypesAreHeld() throws JsonProcessingException {
    IndexUnderTest index = open();
    List<Value> values =
        List.of(
            new Value.Decimal("1"),
            new Value.Structure(Map.of("x", new Value.Text("y"))),
            new Value.Text("text"),
            new Value.Bool(true),
            new Value.Sequence(List.of(new Value.Decimal("1"), new Value.Structure(Map.of()))),
            new Value.Null());
    for (int i = 0; i < values.size(); i++) {
      Outcome outcome = write(index, upsert("item-" + i, 1, Map.of("any", values.get(i))));
      assertThat(outcome).isInstanceOf(Outcome.Applied.class);
      assertThat(wholeItem(index.document("item-" + i)).has("any")).isTrue();
    }
  }

  @Test
  @DisplayName("The newest change wins when many writers write one document at once")
  default void newestOfManyWritersWins() throws Exception {
    IndexUnderTest index = open();
    List<DocumentWrite> writes = new ArrayList<>();
    for (int i = 1; i <= 40; i++) {
      writes.add(i % 7 == 0 ? removal("a", i) : upsert("a", i, "memo", "version " + i));
    }
    Collections.shuffle(writes, new Random(7));
    try (ExecutorService writers = Executors.newFixedThreadPool(8)) {
      List<Callable<Outcome>> tasks =
          writes.stream().<Callable<Outcome>>map(write -> () -> write(index, write)).toList();
      for (var outcome : writers.invokeAll(tasks)) {
        assertThat(outcome.get()).isInstanceOf(Outcome.Processed.class);
      }
    }
    assertThat(index.document("a").path("memo").asText()).isEqualTo("version 40");
  }

  private static Outcome applied() {
    return new Outcome.Applied(List.of());
  }

  private static DocumentWrite at(String sequenceNumber, String memo) {
    return DocumentWrite.of(
        new Change.Upsert(
            key("a"),
            Version.of(Changes.LABEL, sequenceNumber),
            CHANGED_AT,
            Map.of("memo", new Value.Text(memo))));
  }

  private static Outcome write(IndexUnderTest index, DocumentWrite write) {
    return index.writer().write(List.of(write), soon()).getFirst();
  }

  private static Deadline soon() {
    return Deadline.in(Duration.ofSeconds(30), InstantSource.system());
  }

  private static List<String> fieldNames(JsonNode document) {
    List<String> names = new ArrayList<>();
    document.fieldNames().forEachRemaining(names::add);
    return names;
  }

  private static JsonNode attributes(JsonNode document) {
    var copy = document.<com.fasterxml.jackson.databind.node.ObjectNode>deepCopy();
    copy.remove("_replication");
    return copy;
  }

  /** Returns the item of a document: its fields and its overflow. */
  static JsonNode wholeItem(JsonNode document) throws JsonProcessingException {
    var whole = (com.fasterxml.jackson.databind.node.ObjectNode) attributes(document);
    JsonNode overflow = document.at("/_replication/overflow");
    if (!overflow.isMissingNode()) {
      whole.setAll(
          (com.fasterxml.jackson.databind.node.ObjectNode)
              Objects.requireNonNull(EngineIndex.EXACT.readTree(overflow.asText())));
    }
    return whole;
  }
}
