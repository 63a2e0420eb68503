package dev.utsushi.core.replication;

import static org.assertj.core.api.Assertions.assertThat;

import dev.utsushi.core.change.Change;
import dev.utsushi.core.change.ItemKey;
import dev.utsushi.core.change.Value;
import dev.utsushi.core.change.Version;
import dev.utsushi.core.index.IndexWriter.DocumentWrite;
import dev.utsushi.core.index.Outcome;
import dev.utsushi.core.projection.ItemProjection;
import dev.utsushi.core.projection.Targets;
import dev.utsushi.core.projection.TargetsReader;
import dev.utsushi.core.record.RecordDecoder.Decoded;
import dev.utsushi.core.record.StreamRecord;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

final class BatchTest {
  private static final Outcome APPLIED = new Outcome.Applied(List.of());
  private static final Outcome REJECTED = new Outcome.Rejected("413");
  private static final Outcome DEFERRED = new Outcome.Deferred("503");

  private final List<List<Integer>> rounds = new ArrayList<>();

  @Test
  void onlyTheNewestChangeOfAnItemIsWritten() {
    Batch batch = batch(change("a", 1), change("b", 2), change("a", 3));

    run(batch, Set.of(), REJECTED);

    assertThat(rounds).containsExactly(List.of(3, 2));
    assertThat(processed(batch)).containsExactly(true, true, true);
  }

  @Test
  void aRejectedChangeKeepsNeitherEarlierNorLaterChangesOutOfTheIndex() {
    Batch batch = batch(change("a", 1), change("a", 2), change("a", 3), change("b", 4));

    run(batch, Set.of(3), REJECTED);

    assertThat(rounds).containsExactly(List.of(3, 4), List.of(2));
    assertThat(processed(batch)).containsExactly(true, true, false, true);
    assertThat(batch.results().get(0).outcome()).isEqualTo(new Outcome.Superseded());
    assertThat(batch.results().get(1).outcome()).isEqualTo(APPLIED);
  }

  @Test
  void aDeferredChangeWaitsTogetherWithThoseBeforeIt() {
    Batch batch = batch(change("a", 1), change("a", 2));

    run(batch, Set.of(2), DEFERRED);

    assertThat(rounds).containsExactly(List.of(2));
    assertThat(processed(batch)).containsExactly(false, false);
  }

  @Test
  void recordsOutOfOrderAndTwiceAreTheSameBatch() {
    Batch batch = batch(change("a", 3), change("a", 1), change("a", 3), change("a", 2));

    run(batch, Set.of(3), REJECTED);

    assertThat(rounds).containsExactly(List.of(3), List.of(2));
    assertThat(processed(batch)).containsExactly(false, true, false, true);
  }

  @Test
  void anEngineThatRejectsEverythingIsNotAskedForever() {
    Batch batch =
        batch(
            IntStream.rangeClosed(1, 1_000)
                .mapToObj(number -> change("a", number))
                .toArray(Decoded[]::new));

    run(batch, Set.copyOf(IntStream.rangeClosed(1, 1_000).boxed().toList()), REJECTED);

    assertThat(rounds).hasSize(16);
    assertThat(processed(batch)).containsOnly(false);
  }

  @Test
  void aDuplicateOfAWriteIsCountedOnce() {
    Batch batch = batch(change("a", 1), change("a", 1));

    run(batch, Set.of(), REJECTED);

    assertThat(batch.results())
        .extracting(RecordResult::outcome)
        .containsExactly(APPLIED, new Outcome.Superseded());
  }

  @Test
  void aChangeWhoseDocumentNobodyKnowsGoesNowhereAndHidesNoEarlierOne() {
    var reader = new TargetsReader(List.of("id"), true);
    reader.read("[{\"index\":\"a\",\"class\":\"%s\"}]".formatted(Failing.class.getName()));
    Targets targets = new Targets(reader.targets(), List.of("id"), false);
    Batch batch = new Batch();
    for (int number = 1; number <= 20; number++) {
      Decoded change = upsert("a", number, number == 1 ? "shown" : "x");
      batch.add(StreamRecord.unreadable(null, null, null, ""), change, targets);
    }
    batch.add(StreamRecord.unreadable(null, null, null, ""), upsert("b", 21, "shown"), targets);

    run(batch, Set.of(), REJECTED);

    assertThat(rounds).containsExactly(List.of(1, 21));
    assertThat(processed(batch).getFirst()).isTrue();
    assertThat(processed(batch).getLast()).isTrue();
    assertThat(processed(batch).subList(1, 20)).containsOnly(false);
    assertThat(batch.results().get(1).outcome().toString())
        .contains(Failing.class.getName() + " threw java.lang.IllegalStateException");
  }

  /** Fails for some items. */
  public static final class Failing implements ItemProjection {
    @Override
    public Optional<Map<String, Value>> project(Map<String, Value> item) {
      if (item.containsValue(new Value.Text("x"))) {
        throw new IllegalStateException();
      }
      return Optional.of(item);
    }
  }

  private void run(Batch batch, Set<Integer> failing, Outcome failure) {
    List<DocumentWrite> writes = batch.nextWrites();
    while (!writes.isEmpty()) {
      rounds.add(writes.stream().map(BatchTest::number).toList());
      batch.written(
          writes.stream()
              .map(write -> failing.contains(number(write)) ? failure : APPLIED)
              .toList());
      writes = batch.nextWrites();
    }
  }

  private static int number(DocumentWrite write) {
    return Integer.parseInt(write.version().text().substring("label/".length()));
  }

  private static List<Boolean> processed(Batch batch) {
    return batch.results().stream().map(result -> result.outcome().isProcessed()).toList();
  }

  private static Batch batch(Decoded... records) {
    Batch batch = new Batch();
    Stream.of(records)
        .forEach(each -> batch.add(StreamRecord.unreadable(null, null, null, ""), each));
    return batch;
  }

  private static Decoded change(String item, int number) {
    return new Decoded.Changed(
        new Change.Removal(
            new ItemKey(new Value.Text(item), null),
            Version.of("label", Integer.toString(number)),
            Instant.EPOCH));
  }

  private static Decoded upsert(String item, int number, String memo) {
    Value id = new Value.Text(item);
    return new Decoded.Changed(
        new Change.Upsert(
            new ItemKey(id, null),
            Version.of("label", Integer.toString(number)),
            Instant.EPOCH,
            Map.of("id", id, "memo", new Value.Text(memo))));
  }
}
