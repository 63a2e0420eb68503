package dev.utsushi.core.index;

import static dev.utsushi.core.index.Changes.key;
import static dev.utsushi.core.index.Changes.removal;
import static dev.utsushi.core.index.Changes.upsert;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.utsushi.core.change.Change;
import dev.utsushi.core.change.Value;
import dev.utsushi.core.change.Version;
import dev.utsushi.core.index.IndexWriter.DocumentWrite;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Documents of a backfill: as exact as those of a change, and older than each of them. */
interface BackfillContract {

  /** Creates an index in which these attributes are mapped as dates. */
  IndexUnderTest open(String... dateAttributes);

  @Test
  @DisplayName("A backfilled document is that of a change, but for its version and times")
  default void backfilledDocumentIsThatOfAChange() {
    Map<String, Value> attributes =
        Map.of(
            "when", new Value.Text("tomorrow"),
            "_id", new Value.Text("of the item"),
            "exact", new Value.Decimal("0.00012"),
            "long", new Value.Decimal("12345678901234567890.123456789012345678"),
            "bytes", new Value.Binary(ByteBuffer.wrap(new byte[] {0, -1})),
            "numbers", new Value.DecimalSet(List.of("1.50", "20000000.5")),
            "nested", new Value.Structure(Map.of("n", new Value.Decimal("1E-7"))));
    IndexUnderTest index = open("when");
    List<Outcome> outcomes = write(index, upsert("a", 1, attributes), backfilled("b", attributes));
    assertThat(outcomes.get(0)).isInstanceOf(Outcome.Applied.class);
    assertThat(((Outcome.Applied) outcomes.get(1)).overflowed())
        .containsExactlyInAnyOrder("_id", "when");
    assertThat(withoutTimes(index.document("b"))).isEqualTo(withoutTimes(index.document("a")));
  }

  @Test
  @DisplayName("A backfill changes no document, and every change comes after it")
  default void everyChangeComesAfterABackfill() {
    IndexUnderTest index = open();
    write(index, upsert("changed", 1, "memo", "of the stream"), removal("removed", 2));
    for (int time = 0; time < 2; time++) {
      List<Outcome> outcomes =
          write(
              index,
              backfilled("changed", Map.of("memo", new Value.Text("of the scan"))),
              backfilled("new", Map.of("memo", new Value.Text("scan " + time))),
              backfilled("removed", Map.of("memo", new Value.Text("of the scan"))));
      assertThat(outcomes)
          .containsExactly(
              new Outcome.Superseded(),
              time == 0 ? new Outcome.Applied(List.of()) : new Outcome.Superseded(),
              new Outcome.Superseded());
    }
    assertThat(index.document("changed").path("memo").asText()).isEqualTo("of the stream");
    assertThat(index.document("new").path("memo").asText()).isEqualTo("scan 0");
    assertThat(index.found()).doesNotContainKey("removed");
    assertThat(write(index, upsert("new", 1, "memo", "later")))
        .containsExactly(new Outcome.Applied(List.of()));
    assertThat(index.document("new").path("memo").asText()).isEqualTo("later");
  }

  private static DocumentWrite backfilled(String id, Map<String, Value> attributes) {
    Map<String, Value> item = new LinkedHashMap<>(attributes);
    item.put("id", new Value.Text(id));
    return DocumentWrite.of(new Change.Upsert(key(id), Version.BACKFILL, null, item));
  }

  private static List<Outcome> write(IndexUnderTest index, DocumentWrite... writes) {
    Deadline deadline = Deadline.in(Duration.ofSeconds(30), InstantSource.system());
    return index.writer().write(List.of(writes), deadline);
  }

  private static JsonNode withoutTimes(JsonNode document) {
    ObjectNode copy = document.deepCopy();
    copy.remove("id");
    ((ObjectNode) copy.path("_replication")).remove(List.of("version", "changedAt", "indexedAt"));
    return copy;
  }
}
