package dev.utsushi.core.index;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.utsushi.core.change.Change;
import dev.utsushi.core.change.Value;
import dev.utsushi.core.change.Version;
import dev.utsushi.core.index.IndexWriter.DocumentWrite;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/**
 * Two streams of one table over one index, in any order, with retries and replays. The seed is
 * printed; {@code -Dutsushi.seed=SEED} repeats it.
 */
interface TwoStreamsContract {
  String OLD = "2026-11-01T00:00:00.000";
  String NEW = "2026-11-02T00:00:00.000";
  int SWITCHED_AFTER_SECONDS = 10;

  /** Creates an index in which these attributes are mapped as dates. */
  IndexUnderTest open(String... dateAttributes);

  /** A delivery of a change, and what became of it. */
  record Delivered(DocumentWrite write, Outcome outcome) {
    boolean isOfOld() {
      return write.version().streamLabel().equals(OLD);
    }

    /** Returns whether the other one is a reason to acknowledge this one without a write. */
    boolean isSupersededBy(Delivered other) {
      boolean newer = other.write.version().compareTo(write.version()) > 0;
      return other.write.id().equals(write.id())
          && other.outcome instanceof Outcome.Applied
          && (other.write.version().equals(write.version())
              || (newer && other.isOfOld() == isOfOld())
              || (newer && seconds(other.write) >= seconds(write)));
    }
  }

  @Test
  @DisplayName("No change of a live older stream is acknowledged without being in the index")
  default void liveOlderStreamIsNeverSilentlySuperseded() {
    Random random = random("liveOlderStreamIsNeverSilentlySuperseded");
    List<DocumentWrite> writes = writes(random, 0);
    IndexUnderTest index = open("when");
    List<Delivered> all = deliver(index, writes, random);
    for (Delivered each : all) {
      if (each.outcome() instanceof Outcome.Superseded) {
        assertThat(all).as("%s", each).anyMatch(each::isSupersededBy);
      } else if (each.outcome() instanceof Outcome.Failed) {
        assertThat(each.isOfOld()).as("%s", each).isTrue();
      }
    }
    for (DocumentWrite newest : newest(writes)) {
      assertStands(index, newest);
      for (DocumentWrite each : writes) {
        boolean tooLate = each.id().equals(newest.id()) && seconds(each) > seconds(newest);
        if (tooLate && each.version().compareTo(newest.version()) < 0) {
          assertThat(write(index, each).outcome()).isInstanceOf(Outcome.Rejected.class);
        }
      }
    }
  }

  @Test
  @DisplayName(
      "While a table moves to Kinesis, its own stream's changes are superseded, not rejected")
  default void besideKinesisALaterChangeOfTheOlderStreamIsSuperseded() {
    IndexUnderTest index = open("when");
    Random random = random("besideKinesisALaterChangeOfTheOlderStreamIsSuperseded");
    List<DocumentWrite> writes = writes(random, 0);
    IndexWriter moving = IndexWriter.besideNewerStream(index.writer());
    List<DocumentWrite> shuffled = new ArrayList<>(writes);
    Collections.shuffle(shuffled, random);
    for (DocumentWrite each : shuffled) {
      Deadline soon = Deadline.in(Duration.ofSeconds(30), InstantSource.system());
      Outcome outcome = moving.write(List.of(each), soon).getFirst();
      assertThat(outcome).as("%s", each).isNotInstanceOf(Outcome.Failed.class);
    }
    newest(writes).forEach(newest -> assertStands(index, newest));
  }

  @Test
  @DisplayName("While a table moves to Kinesis, no document goes back to an earlier second")
  default void noDocumentGoesBackWhileKinesisIsBehind() {
    IndexUnderTest index = open("when");
    Random random = random("noDocumentGoesBackWhileKinesisIsBehind");
    IndexWriter moving = IndexWriter.besideNewerStream(index.writer());
    Deque<DocumentWrite> own = new ArrayDeque<>();
    Deque<DocumentWrite> kinesis = new ArrayDeque<>();
    Instant at = Changes.CHANGED_AT.truncatedTo(ChronoUnit.SECONDS);
    for (int number = 1; number <= 30; number++) {
      at = at.plusMillis(1 + random.nextInt(1_500)).plusNanos(1_000);
      own.add(memo(Version.of(OLD, "" + number), at.truncatedTo(ChronoUnit.SECONDS), number));
      long micros = ChronoUnit.MICROS.between(Instant.EPOCH, at);
      kinesis.add(memo(Version.of(NEW, "" + micros), at, number));
    }
    DocumentWrite last = kinesis.getLast();
    long second = 0;
    while (!own.isEmpty() || !kinesis.isEmpty()) {
      boolean ofOwn = kinesis.isEmpty() || (!own.isEmpty() && random.nextInt(3) > 0);
      DocumentWrite next = ofOwn ? own.remove() : kinesis.remove();
      Deadline soon = Deadline.in(Duration.ofSeconds(30), InstantSource.system());
      assertThat(moving.write(List.of(next), soon).getFirst())
          .isInstanceOf(Outcome.Processed.class);
      JsonNode document = Objects.requireNonNull(index.all().get(next.id()));
      Instant shown = Instant.parse(document.at("/_replication/changedAt").asText());
      assertThat(shown.getEpochSecond()).isGreaterThanOrEqualTo(second);
      second = shown.getEpochSecond();
    }
    JsonNode document = Objects.requireNonNull(index.all().get(last.id()));
    assertThat(document.path("number").asInt()).isEqualTo(30);
  }

  private static DocumentWrite memo(Version version, Instant at, int number) {
    Map<String, Value> item = Map.of("number", new Value.Decimal("" + number));
    return DocumentWrite.of(new Change.Upsert(Changes.key("item"), version, at, item));
  }

  @Test
  @DisplayName("No late change of a stream that was switched off is rejected")
  default void deadOlderStreamIsNeverRejected() {
    Random random = random("deadOlderStreamIsNeverRejected");
    List<DocumentWrite> writes = writes(random, SWITCHED_AFTER_SECONDS);
    IndexUnderTest index = open("when");
    assertThat(deliver(index, writes, random))
        .allMatch(each -> each.outcome() instanceof Outcome.Processed);
    newest(writes).forEach(each -> assertStands(index, each));
  }

  private static Random random(String test) {
    long seed = Long.getLong("utsushi.seed", System.nanoTime());
    System.out.println("TwoStreamsContract." + test + ": -Dutsushi.seed=" + seed);
    return new Random(seed);
  }

  /**
   * Returns the changes of some items by both streams, whose times rise with their numbers.
   *
   * @param switched seconds after which the newer stream begins; the older ends then. If 0, both
   *     live at once
   */
  private static List<DocumentWrite> writes(Random random, int switched) {
    List<DocumentWrite> writes = new ArrayList<>();
    for (int item = 0; item < 6; item++) {
      for (String label : List.of(OLD, NEW)) {
        boolean later = label.equals(NEW) && switched > 0;
        int second = later ? switched : 0;
        int changes = random.nextInt(7);
        for (int number = 1; number <= changes; number++) {
          second += random.nextInt(3);
          boolean dies = !later && switched > 0;
          int at = dies ? Math.min(second, switched) : second;
          writes.add(write(random, "item-" + item, Version.of(label, "" + number), at));
        }
      }
    }
    return writes;
  }

  private static DocumentWrite write(Random random, String id, Version version, int second) {
    var at = Changes.CHANGED_AT.plusSeconds(second);
    var when = new Value.Text(random.nextBoolean() ? "tomorrow" : "2026-11-21");
    return DocumentWrite.of(
        random.nextInt(5) == 0
            ? new Change.Removal(Changes.key(id), version, at)
            : new Change.Upsert(Changes.key(id), version, at, Map.of("when", when)));
  }

  private static long seconds(DocumentWrite write) {
    return Objects.requireNonNull(write.change().changedAt()).getEpochSecond();
  }

  /** Delivers every change once, some twice, in any order, and what failed again. */
  private static List<Delivered> deliver(
      IndexUnderTest index, List<DocumentWrite> writes, Random random) {
    List<DocumentWrite> deliveries = new ArrayList<>(writes);
    writes.stream().filter(_ -> random.nextInt(3) == 0).forEach(deliveries::add);
    Collections.shuffle(deliveries, random);
    List<Delivered> all = new ArrayList<>();
    deliveries.forEach(each -> all.add(write(index, each)));
    List<DocumentWrite> failed =
        all.stream()
            .filter(each -> !each.outcome().isProcessed())
            .map(Delivered::write)
            .collect(Collectors.toCollection(ArrayList::new));
    Collections.shuffle(failed, random);
    failed.forEach(each -> all.add(write(index, each)));
    return all;
  }

  private static Delivered write(IndexUnderTest index, DocumentWrite write) {
    Deadline soon = Deadline.in(Duration.ofSeconds(30), InstantSource.system());
    return new Delivered(write, index.writer().write(List.of(write), soon).getFirst());
  }

  private static List<DocumentWrite> newest(List<DocumentWrite> writes) {
    return writes.stream().map(DocumentWrite::id).distinct().map(id -> newest(writes, id)).toList();
  }

  private static DocumentWrite newest(List<DocumentWrite> writes, String id) {
    return writes.stream()
        .filter(each -> each.id().equals(id))
        .max(Comparator.comparing(DocumentWrite::version))
        .orElseThrow();
  }

  private static void assertStands(IndexUnderTest index, DocumentWrite write) {
    JsonNode document = Objects.requireNonNull(index.all().get(write.id()));
    assertThat(document.at("/_replication/version").asText()).isEqualTo(write.version().text());
  }
}
