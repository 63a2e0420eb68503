package dev.utsushi.faults.checker;

import static dev.utsushi.faults.Observations.CREATED;
import static dev.utsushi.faults.Observations.UPDATED;
import static dev.utsushi.faults.Observations.removal;
import static org.assertj.core.api.Assertions.assertThat;

import dev.utsushi.faults.Observations;
import dev.utsushi.faults.checker.FinalState.BackfillState;
import dev.utsushi.faults.checker.FinalState.IndexState;
import dev.utsushi.faults.checker.FinalState.IndexedState;
import dev.utsushi.faults.history.ItemName;
import dev.utsushi.faults.history.Operation.Source;
import dev.utsushi.faults.history.Operation.StreamChange;
import dev.utsushi.testbed.comparison.ExpectedIndex;
import dev.utsushi.testbed.pipeline.FunctionLog;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** An item that moves from one index to another and back, and what can be wrong with that. */
class TargetsCheckTest {
  private static final String CALLS = Observations.INDEX;
  private static final String DEALS = "deals";
  private static final ItemName ITEM = new ItemName("deal", "a");
  private static final StreamChange CALL = Observations.put(ITEM, 1, Map.of("type", "call"));
  private static final StreamChange DEAL = Observations.put(ITEM, 2, Map.of("type", "deal"));
  private static final StreamChange OTHER = Observations.put(ITEM, 3, Map.of("type", "other"));
  private static final StreamChange POISON =
      Observations.put(ITEM, 3, Map.of("type", "deal", StreamChange.POISON, "x"));

  private final Observations observations = new Observations();
  private final Map<String, Map<String, IndexedState>> documents = new HashMap<>();
  private StreamChange newest = DEAL;

  @BeforeEach
  void theItemMoves() {
    observations.history.append(CALL);
    observations.history.append(DEAL);
    write(CALLS, CALL, false, CREATED);
    observations.acknowledge(Source.MAPPING, CALL);
  }

  private void moveOn() {
    write(CALLS, DEAL, true, UPDATED);
    write(DEALS, DEAL, false, CREATED);
    observations.acknowledge(Source.MAPPING, DEAL);
  }

  @Test
  void eachIndexTakesAVersionOnce() throws IOException {
    moveOn();
    assertThat(violations()).isEmpty();

    write(DEALS, DEAL, false, UPDATED);
    assertThat(violations()).containsExactly("deal|a: deals: applied twice: " + DEAL.version());
  }

  @Test
  void aChangeIsAcknowledgedWhenEveryIndexHasConfirmedIt() throws IOException {
    write(DEALS, DEAL, false, CREATED);
    observations.acknowledge(Source.MAPPING, DEAL);
    write(CALLS, DEAL, true, UPDATED);

    assertThat(violations())
        .containsExactly(
            "deal|a: %s: delivery 2 acknowledged %s before the engine confirmed it"
                .formatted(CALLS, DEAL.version()));
  }

  @Test
  void anIndexThatNeverShowedTheItemNeedsNothing() throws IOException {
    moveOn();
    append(OTHER);
    write(DEALS, OTHER, true, UPDATED);
    observations.acknowledge(Source.MAPPING, OTHER);
    assertThat(violations()).isEmpty();

    // A replay does not know what was before, and leaves a tombstone.
    write(CALLS, OTHER, true, UPDATED);
    assertThat(violations()).isEmpty();
  }

  @Test
  void findsAnItemThatDidNotLeave() throws IOException {
    moveOn();
    put(CALLS, CALL, false);
    assertThat(violations())
        .containsExactly(
            "deal|a: %s: document: %s, expected: removal %s"
                .formatted(CALLS, CALL.version(), DEAL.version()));
  }

  @Test
  void findsADocumentThatAnIndexMustNotShowAlsoIfItIsRemovedLater() throws IOException {
    moveOn();
    append(OTHER);
    write(CALLS, OTHER, false, UPDATED);
    write(DEALS, OTHER, true, UPDATED);
    observations.acknowledge(Source.MAPPING, OTHER);
    put(CALLS, DEAL, true);
    assertThat(violations())
        .containsExactly(
            "deal|a: %s: shown, and must not be: %s".formatted(CALLS, OTHER.version()));
  }

  @Test
  void poisonIsOneOnlyWhereItIsShown() throws IOException {
    moveOn();
    append(POISON);
    observations.refuse(observations.forward(DEALS, POISON, false), 413);
    observations.giveUp(POISON);
    assertThat(violations())
        .containsExactly("deal|a: poison without a dead letter: " + POISON.version());
  }

  @Test
  void aRemovalLeavesATombstoneWhereTheItemWas() throws IOException {
    moveOn();
    StreamChange removal = removal(ITEM, 4);
    append(removal);
    write(DEALS, removal, true, UPDATED);
    observations.acknowledge(Source.MAPPING, removal);
    assertThat(violations()).isEmpty();

    documents(DEALS).clear();
    assertThat(violations())
        .containsExactly("deal|a: deals: document: none, expected: removal " + removal.version());
  }

  private void append(StreamChange change) {
    newest = change;
    observations.history.append(change);
  }

  private void write(String index, StreamChange change, boolean tombstone, String result) {
    observations.reply(observations.forward(index, change, tombstone), result);
    put(index, change, tombstone);
  }

  private void put(String index, StreamChange change, boolean tombstone) {
    documents(index).put(ITEM.documentId(), new IndexedState(change.version(), tombstone, ""));
  }

  private Map<String, IndexedState> documents(String index) {
    return documents.computeIfAbsent(index, _ -> new HashMap<>());
  }

  private List<String> violations() throws IOException {
    var expected =
        ExpectedIndex.read(
            """
            [{"index":"%s","where":{"type":{"S":["call"]}}},
             {"index":"%s","where":{"type":{"S":["deal"]}}}]
            """
                .formatted(CALLS, DEALS),
            List.of());
    var indexes =
        expected.stream()
            .map(each -> new IndexState(each, List.of(), documents(each.name())))
            .toList();
    var log = new FunctionLog(_ -> {});
    var state =
        new FinalState(
            newest.removal() ? List.of() : List.of(newest.image()),
            indexes,
            List.of(),
            0,
            log,
            new BackfillState(0, 1, 10, Map.of()));
    return Checker.check(observations.history, state).stream()
        .map(Violation::what)
        .filter(what -> !what.startsWith("the function's metrics"))
        .toList();
  }
}
