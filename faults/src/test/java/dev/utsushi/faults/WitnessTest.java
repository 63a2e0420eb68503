package dev.utsushi.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static software.amazon.awssdk.services.dynamodb.model.AttributeValue.fromN;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.databind.JsonNode;
import dev.utsushi.core.change.Change;
import dev.utsushi.core.document.DocumentWriter;
import dev.utsushi.core.index.IndexWriter.DocumentWrite;
import dev.utsushi.core.projection.Targets;
import dev.utsushi.core.projection.TargetsReader;
import dev.utsushi.core.record.KeySchema;
import dev.utsushi.core.record.RecordDecoder;
import dev.utsushi.core.record.RecordDecoder.Decoded;
import dev.utsushi.core.record.RecordDecoder.TtlDeletes;
import dev.utsushi.core.record.SdkRecords;
import dev.utsushi.core.record.StreamRecord;
import dev.utsushi.faults.history.ItemName;
import dev.utsushi.testbed.activity.ActivityTable;
import dev.utsushi.testbed.comparison.Comparison;
import dev.utsushi.testbed.comparison.Difference;
import dev.utsushi.testbed.comparison.ExpectedIndex;
import dev.utsushi.testbed.comparison.IndexedDocument;
import dev.utsushi.testbed.comparison.TableKeys;
import dev.utsushi.testbed.search.SearchApi;
import java.io.IOException;
import java.io.StringWriter;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.OperationType;
import software.amazon.awssdk.services.dynamodb.model.Record;

/**
 * The witness and the function's projections agree on random histories of the workload's items,
 * however their changes come; and the witness finds an item that does not leave.
 *
 * <p>A failure names its seed; {@code -Dutsushi.seed=…} brings it back.
 */
final class WitnessTest {
  private static final int HISTORIES = 300;
  private static final String STREAM =
      "arn:aws:dynamodb:us-east-1:0:table/t/stream/2026-11-01T00:00:00.000";
  private static final KeySchema KEYS =
      new KeySchema(ActivityTable.PARTITION_KEY, ActivityTable.SORT_KEY);

  private final long seed = Long.getLong("utsushi.seed", System.nanoTime());
  private final Random random = new Random(seed);
  private final ChaosTargets chaos = new ChaosTargets("i", ChaosTargets.MOST, seed, "marker");
  private final Map<ItemName, Map<String, AttributeValue>> table = new HashMap<>();

  /** The newest write to each document of each index. */
  private final List<Map<String, DocumentWrite>> indexes = new ArrayList<>();

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void agreesWithTheFunction(boolean oldImages) throws IOException {
    for (int i = 0; i < HISTORIES; i++) {
      assertThat(differences(oldImages, true)).as("seed %d", seed).isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void findsAnItemThatDoesNotLeave(boolean oldImages) throws IOException {
    Set<Class<?>> kinds = new HashSet<>();
    for (int i = 0; i < HISTORIES; i++) {
      differences(oldImages, false).forEach(each -> kinds.add(each.getClass()));
    }
    assertThat(kinds).as("seed %d", seed).containsExactly(Difference.Extra.class);
  }

  /** The marker is in items, so that a search for it means something. */
  @Test
  void plantsInEveryItem() {
    for (int i = 0; i < HISTORIES; i++) {
      assertThat(chaos.entity(new ItemName("deal", "a").key()).toString())
          .as("seed %d", seed)
          .containsAnyOf("marker", "bytes=0x");
    }
  }

  private List<Difference> differences(boolean oldImages, boolean leaves) throws IOException {
    table.clear();
    indexes.clear();
    chaos.expected().forEach(_ -> indexes.add(new HashMap<>()));
    List<StreamRecord> records = records(oldImages);
    records.addAll(records.subList(0, random.nextInt(records.size())));
    Collections.shuffle(records, random);
    Targets targets = targets();
    records.forEach(each -> deliver(each, targets, leaves));
    return compare();
  }

  private List<StreamRecord> records(boolean oldImages) {
    List<StreamRecord> records = new ArrayList<>();
    for (int i = 1; i <= 1 + random.nextInt(12); i++) {
      var item = new ItemName("deal", "a" + random.nextInt(2));
      var before = table.get(item);
      boolean removal = before != null && random.nextInt(4) == 0;
      var after = removal ? null : written(item, i);
      if (after == null) {
        table.remove(item);
      } else {
        table.put(item, after);
      }
      records.add(record(i, item, before, after, oldImages));
    }
    return records;
  }

  private Map<String, AttributeValue> written(ItemName item, int number) {
    var written = item.key();
    written.put("write", fromN(Integer.toString(number)));
    return chaos.entity(written);
  }

  private static StreamRecord record(
      int number,
      ItemName item,
      @Nullable Map<String, AttributeValue> before,
      @Nullable Map<String, AttributeValue> after,
      boolean oldImages) {
    OperationType event =
        after == null
            ? OperationType.REMOVE
            : before == null ? OperationType.INSERT : OperationType.MODIFY;
    var read =
        Record.builder()
            .eventName(event)
            .dynamodb(
                change ->
                    change
                        .keys(item.key())
                        .newImage(after)
                        .sequenceNumber(Integer.toString(number))
                        .approximateCreationDateTime(Instant.EPOCH))
            .build();
    StreamRecord converted = SdkRecords.of(read, STREAM);
    return before == null || !oldImages
        ? converted
        : converted.with(converted.newImage(), SdkRecords.values(before));
  }

  private Targets targets() {
    var reader = new TargetsReader(KEYS.names());
    String json = Objects.requireNonNull(chaos.environment(Map.of()).get("UTSUSHI_TARGETS"));
    assertThat(reader.read(json)).isEmpty();
    return new Targets(reader.targets(), KEYS.names(), false);
  }

  private void deliver(StreamRecord streamRecord, Targets targets, boolean leaves) {
    var decoder = new RecordDecoder(KEYS, TtlDeletes.DELETE, null, null);
    Change change = ((Decoded.Changed) decoder.decode(streamRecord)).change();
    for (DocumentWrite write : targets.writes(streamRecord, change)) {
      if (leaves || write.change() instanceof Change.Upsert) {
        indexes
            .get(write.target())
            .merge(
                write.id(),
                write,
                (old, now) -> old.version().compareTo(now.version()) > 0 ? old : now);
      }
    }
  }

  private List<Difference> compare() throws IOException {
    List<Difference> differences = new ArrayList<>();
    for (ExpectedIndex expected : chaos.expected()) {
      var comparison = new Comparison(new TableKeys(ActivityTable.KEYS), expected);
      table.values().forEach(comparison::item);
      for (DocumentWrite write : indexes.get(chaos.expected().indexOf(expected)).values()) {
        if (write.change() instanceof Change.Upsert upsert) {
          comparison.visible(new IndexedDocument(write.id(), document(upsert, write.collided())));
        }
      }
      differences.addAll(comparison.report().differences());
    }
    return differences;
  }

  private static JsonNode document(Change.Upsert upsert, Set<String> collided) throws IOException {
    var text = new StringWriter();
    try (var json = new JsonFactory().createGenerator(text)) {
      DocumentWriter.write(json, upsert, Instant.EPOCH, collided, false);
    }
    return SearchApi.parse(text.toString());
  }
}
