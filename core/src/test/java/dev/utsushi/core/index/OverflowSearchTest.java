package dev.utsushi.core.index;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.utsushi.core.change.Change;
import dev.utsushi.core.change.Value;
import dev.utsushi.core.index.BulkRequest.Update;
import dev.utsushi.core.index.IndexWriter.DocumentWrite;
import dev.utsushi.core.index.OverflowSearch.Refused;
import dev.utsushi.core.search.HttpCaller.HttpReply;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

final class OverflowSearchTest {
  private static final String CAUSE = "mapper_parsing_exception, status 400";

  private final Map<String, Update> standing = new HashMap<>();
  private int requests;
  private int updates;
  private int requestsUntilAway = Integer.MAX_VALUE;
  private Predicate<Update> refuses = _ -> false;
  private String mapping = "{}";
  private int mappingStatus = 200;
  private int mappingReads;
  private Instant now = Instant.parse("2026-11-21T01:02:03Z");
  private OverflowSearch search = newSearch();

  @Test
  void findsExactlyTheRefusedAttributes() {
    long seed = Long.getLong("utsushi.seed", System.nanoTime());
    Random random = new Random(seed);
    for (int i = 0; i < 500; i++) {
      DocumentWrite write = item("a", i, 1 + random.nextInt(40));
      Set<String> refused = new TreeSet<>();
      for (String name : attributes(write)) {
        if (random.nextInt(12) == 0) {
          refused.add(name);
        }
      }
      refuse(refused);
      assertThat(overflow(write)).as("seed %d", seed).isEqualTo(refused);
      assertThat(standing().overflow()).as("seed %d", seed).isEqualTo(refused);
      assertThat(standing().unsettled()).as("seed %d", seed).isFalse();
    }
  }

  @Test
  void oneRefusedAttributeOfManyIsFoundInFewRequests() {
    refuse(Set.of("attribute-77"));
    assertThat(overflow(item("a", 1, 100))).containsExactly("attribute-77");
    assertThat(requests).isLessThanOrEqualTo(4);
  }

  @Test
  void attributesRefusedBeforeCostNoFurtherRequest() {
    refuse(Set.of("attribute-7", "attribute-3", "attribute-5", "attribute-4"));
    overflow(item("a", 1, 20));
    requests = 0;
    assertThat(overflow(item("a", 2, 20))).hasSize(4);
    assertThat(requests).isEqualTo(1);
  }

  @Test
  void aBatchOfWhichHalfConflictsIsSearchedTogether() {
    refuse(Set.of("attribute-20"));
    List<DocumentWrite> writes = new ArrayList<>();
    for (int i = 0; i < 1_000; i++) {
      writes.add(item("item-" + i, 1, 20 + i % 2));
    }
    List<Outcome> outcomes = write(writes);
    assertThat(outcomes.stream().filter(new Outcome.Applied(List.of())::equals)).hasSize(500);
    assertThat(outcomes.stream().filter(new Outcome.Applied(List.of("attribute-20"))::equals))
        .hasSize(500);
    assertThat(requests).as("one without conflicts").isLessThanOrEqualTo(1 + 8);
    updates = 0;
    requests = 0;
    write(writes.stream().map(each -> next(each)).toList());
    assertThat(requests).isEqualTo(1);
    assertThat(updates).isEqualTo(1_500);
  }

  @Test
  void fourRefusedAttributesInEachItemAreSearchedTogether() {
    refuse(Set.of("attribute-2", "attribute-7", "attribute-11", "attribute-19"));
    List<DocumentWrite> writes = new ArrayList<>();
    for (int i = 0; i < 1_000; i++) {
      writes.add(item("item-" + i, 1, 20));
    }
    write(writes);
    assertThat(requests).as("one without conflicts").isLessThanOrEqualTo(1 + 8);
    requests = 0;
    write(writes.stream().map(each -> next(each)).toList());
    assertThat(requests).isEqualTo(1);
  }

  @Test
  void valuesThatTheMappingRefusesAreNotTriedAgain() {
    mapping = "{\"i\":{\"mappings\":{\"properties\":{\"attribute-20\":{\"type\":\"long\"}}}}}";
    refuse(Set.of("attribute-20"));
    List<DocumentWrite> writes = new ArrayList<>();
    for (int i = 0; i < 1_000; i++) {
      writes.add(item("item-" + i, 1, 20 + i % 2));
    }
    write(writes);
    updates = 0;
    requests = 0;
    List<DocumentWrite> again = writes.stream().map(each -> next(each)).toList();
    assertThat(write(again).stream().filter(new Outcome.Applied(List.of("attribute-20"))::equals))
        .hasSize(500);
    assertThat(requests).isEqualTo(1);
    assertThat(updates).isEqualTo(1_000);
    assertThat(mappingReads).isEqualTo(1);
    assertThat(write(again)).containsOnly(new Outcome.Superseded());
  }

  @Test
  void besideValuesThatNeedNoTryTheOthersCostNoFurtherRequest() {
    mapping = "{\"i\":{\"mappings\":{\"properties\":{\"attribute-1\":{\"type\":\"long\"}}}}}";
    for (Set<String> refused :
        List.of(
            Set.of("attribute-1"),
            Set.of("attribute-1", "attribute-2"),
            Set.of("attribute-1", "attribute-2", "attribute-3"))) {
      search = newSearch();
      standing.clear();
      refuse(refused);
      overflow(item("a", 1, 10));
      requests = 0;
      assertThat(overflow(item("a", 2, 10))).isEqualTo(refused);
      assertThat(requests).isEqualTo(1);
    }
  }

  @Test
  void aMappingThatTakesMoreIsUsedAfterAMinute() {
    String strict =
        "{\"i\":{\"mappings\":{\"properties\":{\"attribute-1\":{\"type\":\"long\"%s}}}}}";
    mapping = strict.formatted("");
    refuse(Set.of("attribute-1"));
    overflow(item("a", 1, 10));
    mapping = strict.formatted(",\"ignore_malformed\":true");
    refuse(Set.of());
    now = now.plusSeconds(60);
    assertThat(overflow(item("a", 2, 10))).containsExactly("attribute-1");
    now = now.plusSeconds(1);
    assertThat(overflow(item("a", 3, 10))).isEmpty();
    assertThat(overflow(item("a", 4, 10))).isEmpty();
    assertThat(mappingReads).isEqualTo(2);
  }

  @Test
  void anIndexThatTakesMoreThanItsFieldsIsTried() {
    mapping =
        "{\"i\":{\"mappings\":{\"properties\":{\"attribute-1\":{\"type\":\"long\"}}},"
            + "\"settings\":{\"index\":{\"mapping\":{\"ignore_malformed\":\"true\"}}}}}";
    refuse(Set.of("attribute-1"));
    overflow(item("a", 1, 10));
    refuse(Set.of());
    assertThat(overflow(item("a", 2, 10))).isEmpty();
  }

  @Test
  void theMappingIsAskedForOnceAMinuteIfItMustNotBeRead() {
    mappingStatus = 403;
    refuse(Set.of("attribute-1"));
    for (int i = 0; i < 5; i++) {
      assertThat(overflow(item("a", i, 10))).containsExactly("attribute-1");
    }
    assertThat(mappingReads).isEqualTo(1);
  }

  /** Some refused by what the mapping says, some for other reasons, and names that are reserved. */
  @Test
  void bothRoadsLeadToTheSameDocument() {
    long seed = Long.getLong("utsushi.seed", System.nanoTime());
    Random random = new Random(seed);
    mapping =
        "{\"i\":{\"mappings\":{\"properties\":{\"attribute-1\":{\"type\":\"long\"},"
            + "\"attribute-2\":{\"type\":\"long\"},\"attribute-3\":{\"type\":\"keyword\"}}}}}";
    for (int i = 1; i <= 500; i++) {
      Set<String> refused = new TreeSet<>(List.of("attribute-1", "attribute-2"));
      for (int j = 3; j < 8; j++) {
        if (random.nextInt(3) == 0) {
          refused.add("attribute-" + j);
        }
      }
      refuse(refused);
      DocumentWrite write = item("a", i, random.nextInt(10), random.nextBoolean() ? "_id" : "b");
      Set<String> expected = new TreeSet<>(refused);
      expected.add("_id");
      expected.retainAll(attributes(write));
      assertThat(overflow(write)).as("seed %d", seed).isEqualTo(expected);
      assertThat(standing().overflow()).as("seed %d", seed).isEqualTo(expected);
      assertThat(standing().unsettled()).as("seed %d", seed).isFalse();
    }
    assertThat(requests).isLessThan(3 * 500);
  }

  private static DocumentWrite next(DocumentWrite write) {
    return item(write.id(), 2, attributes(write).size() - 1);
  }

  @Test
  void aSuspectThatFitsIsAFieldAgain() {
    refuse(Set.of("attribute-1", "attribute-2"));
    overflow(item("a", 1, 10));
    refuse(Set.of("attribute-2"));
    assertThat(overflow(item("a", 2, 10))).containsExactly("attribute-2");
    assertThat(standing().overflow()).containsExactly("attribute-2");
    refuse(Set.of());
    assertThat(overflow(item("a", 3, 10))).isEmpty();
  }

  @Test
  void manySuspectsAreSearchedAgain() {
    Set<String> refused = new HashSet<>();
    for (int i = 0; i < 20; i++) {
      refused.add("attribute-" + i);
    }
    refuse(refused);
    assertThat(overflow(item("a", 1, 30))).isEqualTo(refused);
    refused.remove("attribute-13");
    assertThat(overflow(item("a", 2, 30))).isEqualTo(refused);
    assertThat(standing().overflow()).isEqualTo(refused);
  }

  @Test
  void keysAndMappedAttributesBecomeFieldsFirst() {
    mapping = "{\"i\":{\"mappings\":{\"properties\":{\"attribute-2999\":{\"type\":\"keyword\"}}}}}";
    refuses = update -> fields(update).size() > 150;
    overflow(item("a", 1, 3000));
    assertThat(fields(standing())).contains("id", "attribute-2999", "attribute-0");
    assertThat(updates).isLessThan(300);
  }

  @Test
  void whatAStrictMappingDoesNotNameIsNotTried() {
    mapping =
        "{\"i\":{\"mappings\":{\"dynamic\":\"strict\",\"properties\":{\"id\":{},\"attribute-1\":{}}}}}";
    refuses = update -> !Set.of("id", "attribute-1").containsAll(fields(update));
    assertThat(overflow(item("a", 1, 60))).hasSize(59);
    assertThat(fields(standing())).containsExactlyInAnyOrder("id", "attribute-1");
    requests = 0;
    assertThat(overflow(item("a", 2, 60))).hasSize(59);
    assertThat(requests).isEqualTo(1);
    assertThat(updates).isLessThan(10);
  }

  @Test
  void suspectsThatAStrictMappingExcludesAreNotTried() {
    mapping = "{\"i\":{\"mappings\":{\"dynamic\":\"strict\",\"properties\":{}}}}";
    MappedFields strict =
        new MappedFields(_ -> new HttpReply(200, mapping.getBytes(UTF_8)), InstantSource.system());
    strict.read(soon());
    assertThat(
            new AttributeSearch(
                    item("b", 1, 3),
                    List.of("attribute-1", "attribute-2"),
                    strict.unmappable(attributes(item("b", 1, 3))),
                    names -> names)
                .updates())
        .singleElement()
        .satisfies(update -> assertThat(update.overflow()).hasSize(4));
  }

  @Test
  void aSearchThatBreaksOffIsFinishedByTheRedelivery() {
    refuse(Set.of("attribute-7"));
    for (int answered = 1; answered <= 4; answered++) {
      DocumentWrite write = item("a", answered, 20);
      search = newSearch();
      requestsUntilAway = answered;
      requests = 0;
      Outcome first = write(List.of(write)).getFirst();
      requestsUntilAway = Integer.MAX_VALUE;
      search = newSearch();
      Outcome second = write(List.of(write)).getFirst();
      assertThat(first.isProcessed() || second instanceof Outcome.Applied).isTrue();
      assertThat(standing().overflow()).containsExactly("attribute-7");
      assertThat(standing().unsettled()).isFalse();
    }
  }

  @Test
  void whatTheEngineRefusesEmptyIsRejected() {
    refuses = _ -> true;
    List<DocumentWrite> writes = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      writes.add(item("item-" + i, 1, 20));
    }
    assertThat(write(writes)).containsOnly(new Outcome.Rejected(CAUSE));
    assertThat(requests).isLessThanOrEqualTo(4);
  }

  @Test
  void aTombstoneThatIsRefusedIsRejected() {
    refuses = _ -> true;
    assertThat(write(List.of(Changes.removal("a", 1))))
        .containsExactly(new Outcome.Rejected(CAUSE));
    assertThat(requests).isEqualTo(1);
  }

  @Test
  void aNewerVersionEndsTheSearch() {
    refuse(Set.of("attribute-1"));
    overflow(item("a", 2, 10));
    search = newSearch();
    assertThat(search.writeRefused(List.of(new Refused(item("a", 1, 10), CAUSE)), soon()))
        .containsExactly(new Outcome.Superseded());
  }

  @Test
  void anEngineThatGoesAwayDefers() {
    requestsUntilAway = 0;
    assertThat(search.writeRefused(List.of(new Refused(item("a", 1, 10), CAUSE)), soon()))
        .containsExactly(new Outcome.Deferred("status 503"));
  }

  private void refuse(Set<String> refused) {
    refuses = update -> fields(update).stream().anyMatch(refused::contains);
  }

  /** What the writer does: the documents as they are, and the search for those refused. */
  private List<Outcome> write(List<DocumentWrite> writes) {
    if (search.expectsRefusal(writes)) {
      return search.write(writes, soon());
    }
    List<Update> asTheyAre = Update.of(writes);
    List<BulkReply> replies = send(asTheyAre);
    List<Refused> refused = new ArrayList<>();
    List<Outcome> outcomes = new ArrayList<>();
    for (int i = 0; i < writes.size(); i++) {
      switch (replies.get(i)) {
        case BulkReply.Written _ ->
            outcomes.add(new Outcome.Applied(List.copyOf(asTheyAre.get(i).overflow())));
        case BulkReply.Superseded _ -> outcomes.add(new Outcome.Superseded());
        case BulkReply.Unfit(String cause) -> refused.add(new Refused(writes.get(i), cause));
        case BulkReply.Failure failure -> outcomes.add(failure.outcome());
      }
    }
    outcomes.addAll(search.writeRefused(refused, soon()));
    return outcomes;
  }

  private Set<String> overflow(DocumentWrite write) {
    Outcome outcome = write(List.of(write)).getFirst();
    assertThat(outcome).isInstanceOf(Outcome.Applied.class);
    return new TreeSet<>(((Outcome.Applied) outcome).overflowed());
  }

  private OverflowSearch newSearch() {
    MappedFields mappedFields =
        new MappedFields(
            _ -> {
              mappingReads++;
              return new HttpReply(mappingStatus, mapping.getBytes(UTF_8));
            },
            () -> now);
    RetryingBulk bulk =
        new RetryingBulk((batch, _) -> send(batch), new Random(1), new SilentListener());
    return new OverflowSearch(bulk, mappedFields);
  }

  private List<BulkReply> send(List<Update> batch) {
    if (requests++ >= requestsUntilAway) {
      return batch.stream().<BulkReply>map(_ -> new BulkReply.Unavailable("status 503")).toList();
    }
    updates += batch.size();
    return batch.stream().map(this::answer).toList();
  }

  /** As the script and the mapping do. */
  private BulkReply answer(Update update) {
    Update current = standing.get(update.write().id());
    if (current != null) {
      int order = current.write().version().compareTo(update.write().version());
      boolean done = !current.unsettled() && !(update.refines() && !current.overflow().isEmpty());
      if (order > 0 || (order == 0 && done)) {
        return new BulkReply.Superseded();
      }
    }
    if (refuses.test(update)) {
      return new BulkReply.Unfit(CAUSE);
    }
    standing.put(update.write().id(), update);
    return new BulkReply.Written();
  }

  private Update standing() {
    return Objects.requireNonNull(standing.get("a"));
  }

  private static Set<String> fields(Update update) {
    Set<String> fields = new HashSet<>(attributes(update.write()));
    fields.removeAll(update.overflow());
    return fields;
  }

  private static Set<String> attributes(DocumentWrite write) {
    return write.change() instanceof Change.Upsert upsert ? upsert.item().keySet() : Set.of();
  }

  private static DocumentWrite item(
      String id, long sequenceNumber, int attributes, String... more) {
    Map<String, Value> item = new LinkedHashMap<>();
    for (String name : more) {
      item.put(name, new Value.Text("x"));
    }
    for (int i = 0; i < attributes; i++) {
      item.put("attribute-" + i, new Value.Text("x"));
    }
    return Changes.upsert(id, sequenceNumber, item);
  }

  /** With time for all tries, and none for a retry. */
  private static Deadline soon() {
    Deadline.Sleeper noTime =
        _ -> {
          throw new InterruptedException();
        };
    return new Deadline(Instant.now().plusSeconds(30), InstantSource.system(), noTime);
  }
}
