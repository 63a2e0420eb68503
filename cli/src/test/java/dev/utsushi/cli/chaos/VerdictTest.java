package dev.utsushi.cli.chaos;

import static dev.utsushi.cli.chaos.Witnesses.poison;
import static dev.utsushi.cli.chaos.Witnesses.put;
import static dev.utsushi.cli.chaos.Witnesses.removal;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.utsushi.cli.chaos.Delivery.Source;
import dev.utsushi.cli.chaos.Evidence.LeftOver;
import dev.utsushi.cli.chaos.Evidence.Totals;
import dev.utsushi.core.deadletter.DeadLetter.Form;
import dev.utsushi.core.deadletter.ReplayedMessage;
import dev.utsushi.core.deadletter.ReplayedMessage.Fate;
import dev.utsushi.core.deadletter.ReplayedRecord;
import dev.utsushi.core.deadletter.ReplayedRecord.Outcome;
import dev.utsushi.testbed.comparison.Difference;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** A faithful run, and each thing that can be wrong with it. */
class VerdictTest {
  private static final Change CALL = put(new ItemName("deal", "call"), 2);
  private static final Change CALL_BEFORE = put(CALL.item(), 1);
  private static final Change MAIL_REMOVED = removal(new ItemName("deal", "mail"), 4);
  private static final Change MAIL_BEFORE = put(MAIL_REMOVED.item(), 3);
  private static final Change POISON = poison(new ItemName("deal", "poison"), 5);
  private static final Change NEVER = put(new ItemName("deal", "never"), 9);

  private final Witnesses witnesses = new Witnesses();
  private final List<Change> changes =
      new ArrayList<>(List.of(CALL_BEFORE, CALL, MAIL_BEFORE, MAIL_REMOVED, POISON));
  private final List<Map<String, AttributeValue>> items =
      new ArrayList<>(List.of(CALL.image(), POISON.image()));
  private final List<Difference> differences = new ArrayList<>();
  private final Map<String, StandingDocument> documents = new HashMap<>();
  private final List<ReplayedMessage> replayed = new ArrayList<>();
  private int depth = 1;
  private Totals totals = new Totals(5, 5, 5, 4, 4);

  @BeforeEach
  void everythingIsFaithful() {
    for (Change change : List.of(CALL_BEFORE, CALL, MAIL_BEFORE, MAIL_REMOVED)) {
      witnesses.replicate(change);
      stands(change);
    }
    witnesses.names.add(POISON.item());
    witnesses.park(POISON);
    replayed.add(kept(POISON, Outcome.REJECTED));
  }

  @Test
  void nothingIsFoundInAFaithfulRun() {
    assertThat(found()).isEmpty();
    assertThat(witnesses.found()).isEmpty();
  }

  @Test
  void everyDifferenceOfTableAndIndexIsFound() {
    differences.add(new Difference.Missing("deal|call"));
    differences.add(new Difference.Different("deal|call", List.of("memo")));
    differences.add(new Difference.Extra("deal|mail"));
    differences.add(new Difference.Doubled("deal|call", List.of("a", "b")));
    differences.add(new Difference.Malformed("deal|call", "no version"));

    assertThat(found())
        .containsExactly(
            "deal|call: missing in the index: deal|call",
            "deal|call: different: deal|call in memo",
            "deal|mail: extra in the index: deal|mail",
            "deal|call: doubled: deal|call as a and b",
            "deal|call: malformed: deal|call: no version");
  }

  @Test
  void poisonIsAnExcuseForAStaleDocumentAndForNothingElse() {
    differences.add(new Difference.Missing("deal|poison"));
    differences.add(new Difference.Different("deal|poison", List.of("poison")));
    assertThat(found()).isEmpty();

    differences.add(new Difference.Doubled("deal|poison", List.of("a", "b")));
    assertThat(found()).containsExactly("deal|poison: doubled: deal|poison as a and b");
  }

  @Test
  void aDocumentAtAnOlderVersionIsFound() {
    stands(CALL_BEFORE);

    assertThat(found())
        .containsExactly(
            "deal|call: stands at %s and should at item %s"
                .formatted(CALL_BEFORE.version(), CALL.version()));
  }

  @Test
  void aRemovalWithoutATombstoneIsFound() {
    documents.remove(MAIL_REMOVED.item().documentId());

    assertThat(found())
        .containsExactly(
            "deal|mail: no document, and there should be removal " + MAIL_REMOVED.version());
  }

  @Test
  void aTombstoneThatIsNoneIsFound() {
    documents.put("deal|mail", new StandingDocument(MAIL_REMOVED.version(), false, ""));

    assertThat(found())
        .containsExactly(
            "deal|mail: stands at %1$s and should at removal %1$s"
                .formatted(MAIL_REMOVED.version()));
  }

  @Test
  void anItemThatIsOnlyPoisonHasNoDocument() {
    stands(POISON);

    assertThat(found())
        .containsExactly("deal|poison: stands at " + POISON.version() + " and should at nothing");
  }

  @Test
  void aDocumentThatNoChangeMadeIsFound() {
    stands(NEVER);

    assertThat(found())
        .containsExactly("document|deal|never: a document that no change made: deal|never");
  }

  @Test
  void aChangeThatNobodyAcknowledgedOrParkedIsFound() {
    Change more = put(CALL.item(), 6);
    changes.add(more);
    stands(more);
    items.set(0, more.image());
    witnesses.answer(witnesses.forward(more), Witnesses.UPDATED);
    witnesses.acknowledge(witnesses.bring(Source.DUPLICATE, more));

    assertThat(found())
        .containsExactly("deal|call: neither acknowledged nor parked: " + more.version());
  }

  @Test
  void whatWasDeliveredAndIsInNoStreamIsFound() {
    witnesses.replicate(NEVER);

    assertThat(found())
        .containsExactly("deal|never: delivered, and in no stream: " + NEVER.version());
  }

  @Test
  void poisonWithoutADeadLetterIsFound() {
    replayed.clear();
    depth = 0;

    assertThat(found())
        .containsExactly("deal|poison: poison, and no dead letter: " + POISON.version());
  }

  @Test
  void aDeadLetterThatTheReplayShouldHaveSettledIsFound() {
    replayed.add(kept(CALL, Outcome.DEFERRED));
    depth = 2;

    assertThat(found())
        .containsExactly("deal|call: still a dead letter after the replay: " + CALL.version());
  }

  @Test
  void aDeadLetterOfAChangeThatNeverWasIsFound() {
    replayed.add(kept(NEVER, Outcome.REJECTED));
    depth = 2;

    assertThat(found())
        .containsExactly("a dead letter of a change that never was: " + NEVER.version());
  }

  @Test
  void aQueueThatHoldsAnotherNumberOfMessagesIsFound() {
    depth = 0;

    assertThat(found())
        .containsExactly("the dead-letter queue holds 0 messages, and the replay kept 1");
  }

  @Test
  void metricsThatCountLessOrMoreThanWasDoneAreFound() {
    totals = new Totals(4, 5, 6, 4, 4);
    assertThat(found())
        .containsExactly("the function's metrics count 4 records; 5 were answered and 6 delivered");
    totals = new Totals(7, 5, 6, 4, 4);
    assertThat(found())
        .containsExactly("the function's metrics count 7 records; 5 were answered and 6 delivered");
    totals = new Totals(5, 5, 5, 5, 4);
    assertThat(found())
        .containsExactly(
            "the function's metrics count 5 changes as applied; the engine wrote 4 times");
  }

  @Test
  void thereIsNoVerdictWhereTheStreamDoesNotTellOfTheTable() {
    items.add(NEVER.image());
    assertThatThrownBy(this::found)
        .isInstanceOf(ChaosException.class)
        .hasMessage("the stream does not tell of deal|never: no verdict");

    items.removeLast();
    items.removeFirst();
    assertThatThrownBy(this::found)
        .isInstanceOf(ChaosException.class)
        .hasMessageContaining("that items are gone, one of them deal|call");
  }

  private List<String> found() {
    var evidence =
        new Evidence(changes, items, differences, documents, new LeftOver(replayed, depth), totals);
    return Verdict.on(evidence, witnesses.accounts, witnesses.names).stream()
        .map(Finding::what)
        .toList();
  }

  private void stands(Change change) {
    documents.put(
        change.item().documentId(),
        new StandingDocument(change.version(), change.removal(), "2026-11-21T00:00:01Z"));
  }

  private static ReplayedMessage kept(Change change, Outcome outcome) {
    var record =
        new ReplayedRecord(
            change.item().documentId(),
            change.sequenceNumber(),
            change.version(),
            "MODIFY",
            null,
            outcome,
            null,
            null);
    return new ReplayedMessage(
        "message", Form.CAPTURED, Fate.KEPT, null, null, 1, 1, List.of(record), Map.of());
  }
}
