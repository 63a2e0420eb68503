package dev.utsushi.core.replication;

import static org.assertj.core.api.Assertions.assertThat;

import dev.utsushi.core.change.Change;
import dev.utsushi.core.change.Value;
import dev.utsushi.core.index.Deadline;
import dev.utsushi.core.index.IndexWriter;
import dev.utsushi.core.index.IndexWriter.DocumentWrite;
import dev.utsushi.core.index.Outcome;
import dev.utsushi.core.projection.Targets;
import dev.utsushi.core.projection.TargetsReader;
import dev.utsushi.core.record.KeySchema;
import dev.utsushi.core.record.RecordDecoder;
import dev.utsushi.core.record.RecordDecoder.TtlDeletes;
import dev.utsushi.core.record.RecordJson;
import dev.utsushi.core.record.StreamRecord;
import dev.utsushi.core.telemetry.Log;
import java.io.OutputStream;
import java.io.PrintStream;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Items of three types in three indexes, which change their type, leave, come back and are deleted:
 * however their changes come (shuffled, twice, in any batches, from dead letters, by writes that
 * fail), each index shows its items in the end, and nothing else.
 *
 * <p>A failure names its seed; {@code -Dutsushi.seed=…} brings it back.
 */
final class LeavingTest {
  private static final int HISTORIES = 1_500;
  private static final List<String> TYPES = List.of("Deal", "Action", "User", "Other");
  private static final KeySchema KEYS = new KeySchema("pk", null);
  private static final String TARGETS =
      """
      [{"index":"deals","where":{"entity":{"S":["Deal"]}},"attributes":{"exclude":["secret"]}},
       {"index":"actions","where":{"entity":{"S":["Action"]}},"attributes":{"include":["entity"]}},
       {"index":"users","where":{"entity":{"S":[{"prefix":"Us"}]}},
        "attributes":{"rename":{"secret":"memo","pk":"id"}}}]
      """;

  enum ViewType {
    NEW_IMAGE,
    NEW_AND_OLD_IMAGES
  }

  @ParameterizedTest
  @EnumSource(ViewType.class)
  void eachIndexShowsItsItems(ViewType viewType) {
    assertThat(differing(viewType, false)).isEmpty();
  }

  /** The test of the test: an index that items never leave must be found out. */
  @ParameterizedTest
  @EnumSource(ViewType.class)
  void anItemThatDoesNotLeaveIsFound(ViewType viewType) {
    assertThat(differing(viewType, true)).isNotEmpty();
  }

  @Test
  void whatWasNeverThereLeavesNothing() {
    Map<String, Value> user = item("a", "User", 1);
    Map<String, Value> other = item("a", "User", 2);
    Targets targets = targets();
    assertThat(targets(targets, history("MODIFY", other, user))).containsExactly(2);
    assertThat(targets(targets, history("MODIFY", other, null))).containsExactly(0, 1, 2);
    assertThat(targets(targets, history("INSERT", other, null))).containsExactly(2);
    assertThat(targets(targets, history("REMOVE", null, user))).containsExactly(2);
    assertThat(targets(targets, history("REMOVE", null, null))).containsExactly(0, 1, 2);
  }

  @Test
  void whereDocumentsOutliveTheirItemsAnInsertionIsNoProof() {
    Targets keeping = new Targets(targets().list(), KEYS.names(), true);
    assertThat(targets(keeping, history("INSERT", item("a", "User", 1), null)))
        .containsExactly(0, 1, 2);
  }

  private static List<Integer> targets(Targets targets, StreamRecord streamRecord) {
    var decoded = decoder().decode(streamRecord);
    Change change = ((RecordDecoder.Decoded.Changed) decoded).change();
    return targets.writes(streamRecord, change).stream().map(DocumentWrite::target).toList();
  }

  private static StreamRecord history(
      String event, @Nullable Map<String, Value> newer, @Nullable Map<String, Value> older) {
    Map<String, Value> keys = Map.of("pk", new Value.Text("a"));
    return streamRecord(event, 1, keys).with(newer, older);
  }

  /** Returns the histories after which an index differs from the table. */
  private static List<String> differing(ViewType viewType, boolean withoutLeaving) {
    long seed = Long.getLong("utsushi.seed", System.nanoTime());
    Random random = new Random(seed);
    List<String> differing = new ArrayList<>();
    for (int i = 0; i < HISTORIES; i++) {
      Table table = new Table(random, viewType);
      Indexes indexes = new Indexes(random, withoutLeaving);
      deliver(table.records, indexes, random);
      if (!indexes.shown().equals(expected(table.items))) {
        differing.add("history %d of seed %d: %s".formatted(i, seed, indexes.shown()));
      }
    }
    return differing.stream().limit(3).toList();
  }

  private static void deliver(List<StreamRecord> records, IndexWriter indexes, Random random) {
    List<StreamRecord> deliveries = new ArrayList<>(records);
    records.stream().filter(_ -> random.nextInt(4) == 0).forEach(deliveries::add);
    Collections.shuffle(deliveries, random);
    Deque<StreamRecord> queue = new ArrayDeque<>(deliveries);
    Targets targets = targets();
    Replication replication = replication(targets, indexes);
    while (!queue.isEmpty()) {
      List<StreamRecord> batch = new ArrayList<>();
      int size = 1 + random.nextInt(6);
      while (batch.size() < size && !queue.isEmpty()) {
        batch.add(queue.removeFirst());
      }
      var deadline = Deadline.in(Duration.ofSeconds(1), InstantSource.system());
      List<RecordResult> results = replication.replicate(batch, deadline);
      for (int i = 0; i < results.size(); i++) {
        if (!results.get(i).outcome().isProcessed()) {
          boolean captured = random.nextInt(3) == 0;
          queue.addLast(captured ? captured(batch.get(i), targets) : batch.get(i));
        }
      }
    }
  }

  /** A dead letter: without what no index shows, and without the item before the change. */
  private static StreamRecord captured(StreamRecord streamRecord, Targets targets) {
    var image = streamRecord.newImage();
    var retained = streamRecord.with(image == null ? null : targets.retained(image), null);
    return RecordJson.read(RecordJson.write(retained));
  }

  /** The table and its stream. */
  private static final class Table {
    final Map<String, Map<String, Value>> items = new TreeMap<>();
    final List<StreamRecord> records = new ArrayList<>();

    Table(Random random, ViewType viewType) {
      int changes = 1 + random.nextInt(15);
      for (int i = 1; i <= changes; i++) {
        String id = "item-" + random.nextInt(2);
        Map<String, Value> before = items.get(id);
        Map<String, Value> after =
            before != null && random.nextInt(4) == 0
                ? null
                : item(id, TYPES.get(random.nextInt(TYPES.size())), i);
        Map<String, Value> keys = Map.of("pk", new Value.Text(id));
        String event = after == null ? "REMOVE" : before == null ? "INSERT" : "MODIFY";
        records.add(
            streamRecord(event, i, keys)
                .with(after, viewType == ViewType.NEW_IMAGE ? null : before));
        if (after == null) {
          items.remove(id);
        } else {
          items.put(id, after);
        }
      }
    }
  }

  private static StreamRecord streamRecord(String event, int number, Map<String, Value> keys) {
    return new StreamRecord(
        null,
        event,
        null,
        null,
        "arn:aws:dynamodb:us-east-1:0:table/t/stream/2026-11-01T00:00:00.000",
        null,
        null,
        Integer.toString(number),
        Instant.EPOCH,
        keys,
        null,
        null,
        null,
        null,
        null);
  }

  private static Map<String, Value> item(String id, String type, int number) {
    Map<String, Value> item = new LinkedHashMap<>();
    item.put("pk", new Value.Text(id));
    item.put("entity", new Value.Text(type));
    item.put("secret", new Value.Text("s" + number));
    if (number % 5 == 0) {
      item.put("memo", new Value.Text("m" + number));
    }
    return item;
  }

  /** What each index must show, by code of this test's own. */
  private static Map<String, String> expected(Map<String, Map<String, Value>> items) {
    Map<String, String> expected = new TreeMap<>();
    items.forEach(
        (id, item) -> {
          String type = text(item, "entity");
          String secret = text(item, "secret");
          String memo = text(item, "memo");
          String fields =
              switch (type) {
                case "Deal" ->
                    "pk=" + id + " entity=Deal" + (memo.isEmpty() ? "" : " memo=" + memo);
                case "Action" -> "pk=" + id + " entity=Action";
                case "User" ->
                    "id=%s entity=User".formatted(id)
                        + (memo.isEmpty()
                            ? " memo=" + secret
                            : " secret=%s memo=%s overflow=[secret]".formatted(secret, memo));
                default -> "";
              };
          if (!fields.isEmpty()) {
            expected.put(TYPES.indexOf(type) + "/" + id, fields);
          }
        });
    return expected;
  }

  private static String text(Map<String, Value> item, String name) {
    return item.get(name) instanceof Value.Text(String text) ? text : "";
  }

  /** Three indexes that keep the newest version of each document, and sometimes do not answer. */
  private static final class Indexes implements IndexWriter {
    private final Map<String, DocumentWrite> documents = new HashMap<>();
    private final Random random;
    private final boolean withoutLeaving;

    Indexes(Random random, boolean withoutLeaving) {
      this.random = random;
      this.withoutLeaving = withoutLeaving;
    }

    @Override
    public List<Outcome> write(List<DocumentWrite> writes, Deadline deadline) {
      assertThat(writes.stream().map(Indexes::place)).doesNotHaveDuplicates();
      return writes.stream().map(this::write).toList();
    }

    private Outcome write(DocumentWrite write) {
      if (random.nextInt(8) == 0) {
        return random.nextBoolean() ? new Outcome.Deferred("") : new Outcome.Rejected("");
      }
      DocumentWrite standing = documents.get(place(write));
      if (standing != null && standing.version().compareTo(write.version()) >= 0) {
        return new Outcome.Superseded();
      }
      if (!withoutLeaving || write.change() instanceof Change.Upsert) {
        documents.put(place(write), write);
      }
      return new Outcome.Applied(List.of());
    }

    private static String place(DocumentWrite write) {
      return write.target() + "/" + write.id();
    }

    Map<String, String> shown() {
      Map<String, String> shown = new TreeMap<>();
      documents.forEach(
          (place, write) -> {
            if (write.change() instanceof Change.Upsert upsert) {
              List<String> fields = new ArrayList<>();
              upsert
                  .item()
                  .forEach((name, _) -> fields.add(name + "=" + text(upsert.item(), name)));
              String overflow = write.collided().isEmpty() ? "" : " overflow=" + write.collided();
              shown.put(place, String.join(" ", fields) + overflow);
            }
          });
      return shown;
    }
  }

  private static RecordDecoder decoder() {
    return new RecordDecoder(KEYS, TtlDeletes.DELETE, null, null);
  }

  private static Replication replication(Targets targets, IndexWriter indexes) {
    Log log = new Log(new PrintStream(OutputStream.nullOutputStream()), InstantSource.system());
    var telemetry =
        new ReplicationTelemetry(
            targets.list().stream().map(each -> each.index().reader()).toList(),
            Map.of(),
            new ReplicationTelemetry.Lag.FromStream(),
            log,
            InstantSource.system());
    return new Replication(decoder(), targets, indexes, telemetry);
  }

  private static Targets targets() {
    TargetsReader reader = new TargetsReader(KEYS.names());
    assertThat(reader.read(TARGETS)).isEmpty();
    return new Targets(reader.targets(), KEYS.names(), false);
  }
}
