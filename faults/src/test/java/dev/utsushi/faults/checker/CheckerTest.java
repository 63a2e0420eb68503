package dev.utsushi.faults.checker;

import static dev.utsushi.core.run.Segment.Count.REJECTED;
import static dev.utsushi.faults.Observations.UPDATED;
import static dev.utsushi.faults.Observations.before;
import static dev.utsushi.faults.Observations.poison;
import static dev.utsushi.faults.Observations.put;
import static dev.utsushi.faults.Observations.removal;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.utsushi.core.run.Segment;
import dev.utsushi.faults.Observations;
import dev.utsushi.faults.checker.FinalState.BackfillState;
import dev.utsushi.faults.checker.FinalState.IndexedState;
import dev.utsushi.faults.checker.FinalState.KeptMessage;
import dev.utsushi.faults.history.ChaosException;
import dev.utsushi.faults.history.ItemName;
import dev.utsushi.faults.history.Operation.ExtraWorker;
import dev.utsushi.faults.history.Operation.ItemBefore;
import dev.utsushi.faults.history.Operation.PageRead;
import dev.utsushi.faults.history.Operation.Source;
import dev.utsushi.faults.history.Operation.StreamChange;
import dev.utsushi.local.lambda.InvocationResult;
import dev.utsushi.local.lambda.LogLine;
import dev.utsushi.testbed.comparison.Difference;
import dev.utsushi.testbed.comparison.ExpectedIndex;
import dev.utsushi.testbed.pipeline.FunctionLog;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** A faithful run, and each thing that can be wrong with its end. */
class CheckerTest {
  private static final StreamChange CALL = put(new ItemName("deal", "call"), 2);
  private static final StreamChange CALL_BEFORE = put(CALL.item(), 1);
  private static final StreamChange MAIL_REMOVED = removal(new ItemName("deal", "mail"), 4);
  private static final StreamChange MAIL_BEFORE = put(MAIL_REMOVED.item(), 3);
  private static final StreamChange POISON = poison(new ItemName("deal", "poison"), 5);
  private static final StreamChange UNKNOWN = put(new ItemName("deal", "unknown"), 9);

  private static final StreamChange OLD = before(new ItemName("deal", "old"));

  private final Observations observations = new Observations();
  private final List<Map<String, AttributeValue>> items =
      new ArrayList<>(List.of(CALL.image(), POISON.image()));
  private final List<Difference> differences = new ArrayList<>();
  private final Map<String, IndexedState> documents = new HashMap<>();
  private final List<KeptMessage> kept = new ArrayList<>();
  private int depth = 1;
  private FunctionLog log = log(5, 4);
  private BackfillState backfill = new BackfillState(0, 1, 10, Map.of());

  @BeforeEach
  void everythingIsFaithful() {
    for (StreamChange change : List.of(CALL_BEFORE, CALL, MAIL_BEFORE, MAIL_REMOVED)) {
      observations.history.append(change);
      observations.replicate(change);
      index(change);
    }
    observations.history.append(POISON);
    observations.refuse(observations.forward(POISON), 413);
    observations.giveUp(POISON);
    keep(POISON);
  }

  @Test
  void aFaithfulRunHasNoViolation() {
    assertThat(violations()).isEmpty();
  }

  @Test
  void findsWhatIsWrongDuringTheRunFirst() {
    observations.reply(observations.forward(CALL), UPDATED);
    depth = 0;

    assertThat(violations())
        .containsExactly(
            "deal|call: applied twice: " + CALL.version(),
            "the dead-letter queue holds 0 messages, but the replay kept 1");
  }

  @Test
  void findsEveryDifferenceOfTableAndIndex() {
    differences.add(new Difference.Missing("deal|call"));
    differences.add(new Difference.Different("deal|call", List.of("memo")));
    differences.add(new Difference.Extra("deal|mail"));
    differences.add(new Difference.Doubled("deal|call", List.of("a", "b")));
    differences.add(new Difference.Malformed("deal|call", "no version"));

    assertThat(violations())
        .containsExactly(
            differences.stream()
                .map(
                    each ->
                        (each instanceof Difference.Extra ? "deal|mail: " : "deal|call: ")
                            + each.line())
                .toArray(String[]::new));
  }

  @Test
  void poisonExplainsAnOldDocumentAndNothingElse() {
    differences.add(new Difference.Missing("deal|poison"));
    differences.add(new Difference.Different("deal|poison", List.of("poison")));
    assertThat(violations()).isEmpty();

    var doubled = new Difference.Doubled("deal|poison", List.of("a", "b"));
    differences.add(doubled);
    assertThat(violations()).containsExactly("deal|poison: " + doubled.line());
  }

  @Test
  void findsADocumentAtAnOlderVersion() {
    index(CALL_BEFORE);

    assertThat(violations())
        .containsExactly(
            "deal|call: document: %s, expected: item %s"
                .formatted(CALL_BEFORE.version(), CALL.version()));
  }

  @Test
  void findsARemovalWithoutATombstone() {
    documents.remove(MAIL_REMOVED.item().documentId());

    assertThat(violations())
        .containsExactly("deal|mail: document: none, expected: removal " + MAIL_REMOVED.version());
  }

  @Test
  void findsATombstoneThatIsNone() {
    documents.put("deal|mail", new IndexedState(MAIL_REMOVED.version(), false, ""));

    assertThat(violations())
        .containsExactly(
            "deal|mail: document: %1$s, expected: removal %1$s".formatted(MAIL_REMOVED.version()));
  }

  @Test
  void anItemThatIsOnlyPoisonHasNoDocument() {
    index(POISON);

    assertThat(violations())
        .containsExactly("deal|poison: document: " + POISON.version() + ", expected: none");
  }

  @Test
  void findsADocumentThatNoChangeMade() {
    index(UNKNOWN);

    assertThat(violations())
        .containsExactly("document|deal|unknown: no change made this document: deal|unknown");
  }

  @Test
  void findsAChangeThatNobodyAcknowledgedOrGaveUp() {
    StreamChange more = put(CALL.item(), 6);
    observations.history.append(more);
    index(more);
    items.set(0, more.image());
    observations.reply(observations.forward(more), UPDATED);
    observations.acknowledge(Source.DUPLICATE, more);
    log = log(6, 5);

    assertThat(violations())
        .containsExactly("deal|call: neither acknowledged nor given up: " + more.version());
  }

  @Test
  void findsWhatWasDeliveredAndIsInNoStream() {
    observations.replicate(UNKNOWN);
    log = log(6, 5);

    assertThat(violations())
        .containsExactly("deal|unknown: delivered, but in no stream: " + UNKNOWN.version());
  }

  @Test
  void findsPoisonWithoutADeadLetter() {
    kept.clear();
    depth = 0;

    assertThat(violations())
        .containsExactly("deal|poison: poison without a dead letter: " + POISON.version());
  }

  @Test
  void findsADeadLetterThatTheReplayShouldHaveDeleted() {
    keep(CALL);
    depth = 2;

    assertThat(violations())
        .containsExactly("deal|call: still a dead letter after the replay: " + CALL.version());
  }

  @Test
  void findsADeadLetterOfAnUnknownChange() {
    keep(UNKNOWN);
    depth = 2;

    assertThat(violations())
        .containsExactly("a dead letter of an unknown change: " + UNKNOWN.version());
  }

  @Test
  void findsAQueueThatHoldsAnotherNumberOfMessages() {
    depth = 0;

    assertThat(violations())
        .containsExactly("the dead-letter queue holds 0 messages, but the replay kept 1");
  }

  @Test
  void findsMetricsThatCountLessOrMoreThanWasDone() {
    observations.deliver(Source.MAPPING, new InvocationResult.Crashed("r", 137), CALL);
    log = log(4, 4);
    assertThat(violations())
        .containsExactly("the function's metrics count 4 records; 5 were answered and 6 delivered");
    log = log(7, 4);
    assertThat(violations())
        .containsExactly("the function's metrics count 7 records; 5 were answered and 6 delivered");
    log = log(5, 5);
    assertThat(violations())
        .containsExactly(
            "the function's metrics count 5 changes as applied; the engine wrote 4 times");
  }

  @Test
  void whatWasThereBeforeTheStreamIsBackfilled() {
    observations.history.append(new ItemBefore(OLD));
    items.add(OLD.image());
    assertThat(violations())
        .containsExactly("deal|old: document: none, expected: item " + OLD.version());
    documents.put(OLD.item().documentId(), new IndexedState(OLD.version(), true, ""));
    assertThat(violations())
        .containsExactly(
            "deal|old: document: removal %1$s, expected: item %1$s".formatted(OLD.version()));
    index(OLD);
    assertThat(violations()).isEmpty();
  }

  @Test
  void poisonMayComeBeforeTheBackfillOrAfterIt() {
    observations.history.append(new ItemBefore(before(POISON.item())));
    assertThat(violations()).isEmpty();
    index(before(POISON.item()));
    assertThat(violations()).isEmpty();
  }

  @Test
  void thereIsNoVerdictWhereAnOldItemIsAnother() {
    observations.history.append(new ItemBefore(OLD));
    assertThatThrownBy(this::violations)
        .isInstanceOf(ChaosException.class)
        .hasMessage("no verdict: the last change of deal|old is not in the streams");
  }

  @Test
  void findsABackfillThatDoesNotEndOrCountsWrongly() {
    backfill =
        new BackfillState(
            -1, 1, 10, Map.of(Segment.Count.ITEMS, 3L, Segment.Count.WRITTEN, 1L, REJECTED, 1L));
    assertThat(violations())
        .containsExactly(
            "the backfill has -1 open segments",
            "the backfill counts 3 items, 1 of them written, and 1 superseded or rejected",
            "the backfill counts 1 documents as written; the engine wrote 0");
  }

  @Test
  void findsABackfillThatReadsTooMuch() {
    for (int second = 0; second <= 4; second++) {
      observations.now = Instant.EPOCH.plusSeconds(second);
      observations.history.append(new PageRead(10));
    }
    assertThat(violations()).isEmpty();
    observations.history.append(new ExtraWorker("the one before died"));
    for (int page = 0; page < 4; page++) {
      observations.history.append(new PageRead(10));
    }
    assertThat(violations()).isEmpty();
    observations.history.append(new PageRead(10));
    assertThat(violations())
        .containsExactly(
            "the backfill read 100.0 units in 4.0 s, but may read 90.0: 10.0 at 0 ms,"
                + " 10.0 at 1000 ms, 10.0 at 2000 ms, 10.0 at 3000 ms, 10.0 at 4000 ms,"
                + " another worker at 4000 ms, 10.0 at 4000 ms, 10.0 at 4000 ms,"
                + " 10.0 at 4000 ms, 10.0 at 4000 ms, 10.0 at 4000 ms");
  }

  @Test
  void thereIsNoVerdictWhereTheStreamsContradictTheTable() {
    items.add(UNKNOWN.image());
    assertThatThrownBy(this::violations)
        .isInstanceOf(ChaosException.class)
        .hasMessage("no verdict: the last change of deal|unknown is not in the streams");

    items.removeLast();
    items.removeFirst();
    assertThatThrownBy(this::violations)
        .isInstanceOf(ChaosException.class)
        .hasMessage("no verdict: the last change of deal|call is not in the streams");
  }

  @Test
  void reportsTheViolationsOfARunWithoutAVerdict() {
    observations.reply(observations.forward(CALL), UPDATED);
    items.clear();

    assertThatThrownBy(this::violations)
        .isInstanceOf(ChaosException.class)
        .hasMessageStartingWith("no verdict: ")
        .hasMessageEndingWith("; violation: deal|call: applied twice: " + CALL.version());
  }

  private List<String> violations() {
    var index =
        new FinalState.IndexState(ExpectedIndex.whole(Observations.INDEX), differences, documents);
    var state = new FinalState(items, List.of(index), kept, depth, log, backfill);
    return Checker.check(observations.history, state).stream().map(Violation::what).toList();
  }

  private void index(StreamChange change) {
    documents.put(
        change.item().documentId(),
        new IndexedState(change.version(), change.removal(), "2026-11-21T00:00:01Z"));
  }

  private void keep(StreamChange change) {
    kept.add(new KeptMessage(1, List.of(change.version())));
  }

  private static FunctionLog log(int records, int applied) {
    var log = new FunctionLog(_ -> {});
    log.accept(
        new LogLine(
            "function",
            1,
            "{\"_aws\":{},\"Applied\":%d,\"Rejected\":%d}".formatted(applied, records - applied)));
    return log;
  }
}
