package dev.utsushi.core.index;

import static org.assertj.core.api.Assertions.assertThat;

import dev.utsushi.core.change.Change;
import dev.utsushi.core.change.Value;
import dev.utsushi.core.index.BulkRequest.Update;
import dev.utsushi.core.index.IndexWriter.DocumentWrite;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

final class OverflowSearchTest {
  private static final String CAUSE = "mapper_parsing_exception, status 400";

  private int tries;
  private Set<String> lastFields = Set.of();

  @Test
  void findsExactlyTheRefusedAttributes() {
    long seed = Long.getLong("utsushi.seed", System.nanoTime());
    Random random = new Random(seed);
    for (int i = 0; i < 500; i++) {
      DocumentWrite write = item(1 + random.nextInt(40));
      Set<String> refused = new TreeSet<>();
      for (String name : attributes(write)) {
        if (random.nextInt(12) == 0) {
          refused.add(name);
        }
      }
      if (refused.isEmpty()) {
        refused.add("id");
      }
      Outcome outcome = search(refusing(refused)).write(write, CAUSE, soon());
      assertThat(outcome).isInstanceOf(Outcome.Applied.class);
      assertThat(((Outcome.Applied) outcome).overflowed())
          .as("seed %d", seed)
          .containsExactlyInAnyOrderElementsOf(refused);
      assertThat(lastFields).as("seed %d", seed).doesNotContainAnyElementsOf(refused);
      assertThat(lastFields).hasSize(attributes(write).size() - refused.size());
    }
  }

  @Test
  void oneRefusedAttributeOfManyIsFoundInFewTries() {
    search(refusing(Set.of("attribute-77"))).write(item(100), CAUSE, soon());
    assertThat(tries).isLessThanOrEqualTo(10);
  }

  @Test
  void anAttributeRefusedBeforeIsFoundInOneTry() {
    OverflowSearch search = search(refusing(Set.of("attribute-77")));
    search.write(item(100), CAUSE, soon());
    tries = 0;
    search.write(item(100), CAUSE, soon());
    assertThat(tries).isEqualTo(1);
  }

  @Test
  void aSuspectThatFitsBecomesAFieldAgain() {
    Set<String> refused = new HashSet<>(Set.of("attribute-1", "attribute-2"));
    OverflowSearch search = search(refusing(refused));
    search.write(item(10), CAUSE, soon());
    refused.remove("attribute-1");
    assertThat(search.write(item(10), CAUSE, soon()))
        .isEqualTo(new Outcome.Applied(List.of("attribute-2")));
    assertThat(lastFields).contains("attribute-1");
  }

  @Test
  void triesAreBoundedAndTheRestStaysInOverflow() {
    Outcome outcome =
        search(
                (update) ->
                    update.overflow().size() <= 3000
                        ? new BulkReply.Unfit(CAUSE)
                        : new BulkReply.Written())
            .write(item(3000), CAUSE, soon());
    assertThat(tries).isLessThan(80);
    assertThat(((Outcome.Applied) outcome).overflowed()).hasSize(3001);
  }

  @Test
  void whatTheEngineRefusesEmptyIsRejected() {
    assertThat(search(_ -> new BulkReply.Unfit(CAUSE)).write(item(3), CAUSE, soon()))
        .isEqualTo(new Outcome.Rejected(CAUSE));
  }

  @Test
  void aTombstoneThatIsRefusedIsRejected() {
    assertThat(search(_ -> new BulkReply.Written()).write(Changes.removal("a", 1), CAUSE, soon()))
        .isEqualTo(new Outcome.Rejected(CAUSE));
    assertThat(tries).isZero();
  }

  @Test
  void aNewerVersionEndsTheSearch() {
    assertThat(search(_ -> new BulkReply.Superseded()).write(item(10), CAUSE, soon()))
        .isEqualTo(new Outcome.Superseded());
    assertThat(tries).isEqualTo(1);
  }

  @Test
  void anEngineThatBecomesUnavailableDefers() {
    assertThat(search(_ -> new BulkReply.Unavailable("status 503")).write(item(10), CAUSE, soon()))
        .isEqualTo(new Outcome.Deferred("status 503"));
  }

  private interface Engine {
    BulkReply answer(Update update);
  }

  private static Engine refusing(Set<String> refused) {
    return update ->
        update
                .overflow()
                .containsAll(refused.stream().filter(attributes(update.write())::contains).toList())
            ? new BulkReply.Written()
            : new BulkReply.Unfit(CAUSE);
  }

  private OverflowSearch search(Engine engine) {
    RetryingBulk.Channel channel =
        (updates, _) -> {
          tries++;
          Update update = updates.getFirst();
          BulkReply reply = engine.answer(update);
          if (reply instanceof BulkReply.Written) {
            lastFields = new HashSet<>(attributes(update.write()));
            lastFields.removeAll(update.overflow());
          }
          return List.of(reply);
        };
    return new OverflowSearch(new RetryingBulk(channel, new Random(1), new SilentListener()));
  }

  private static Set<String> attributes(DocumentWrite write) {
    return ((Change.Upsert) write.change()).item().keySet();
  }

  private static DocumentWrite item(int attributes) {
    Map<String, Value> item = new LinkedHashMap<>();
    for (int i = 0; i < attributes; i++) {
      item.put("attribute-" + i, new Value.Text("x"));
    }
    return Changes.upsert("a", 1, item);
  }

  /** Returns a deadline with time for all tries and none for a retry. */
  private static Deadline soon() {
    Deadline.Sleeper noTime =
        _ -> {
          throw new InterruptedException();
        };
    return new Deadline(Instant.now().plusSeconds(30), InstantSource.system(), noTime);
  }
}
