package dev.utsushi.faults.checker;

import static dev.utsushi.faults.Observations.CREATED;
import static dev.utsushi.faults.Observations.NOOP;
import static dev.utsushi.faults.Observations.UPDATED;
import static dev.utsushi.faults.Observations.put;
import static dev.utsushi.faults.Observations.range;
import static dev.utsushi.faults.Observations.removal;
import static org.assertj.core.api.Assertions.assertThat;

import dev.utsushi.faults.Observations;
import dev.utsushi.faults.history.ItemName;
import dev.utsushi.faults.history.Operation.Source;
import dev.utsushi.faults.history.Operation.StreamChange;
import dev.utsushi.local.proxy.FaultProxy.Request;
import dev.utsushi.testbed.comparison.ExpectedIndex;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class OperationChecksTest {
  private static final ItemName ITEM = new ItemName("deal", "call");
  private static final StreamChange FIRST = put(ITEM, 1);
  private static final StreamChange SECOND = removal(ITEM, 2);
  private static final StreamChange THIRD = put(ITEM, 3);
  private static final StreamChange OTHER = put(new ItemName("deal", "mail"), 4);

  private final Observations observations = new Observations();

  @Test
  void eachVersionOnceAndInItsOrderIsNoViolation() {
    observations.reply(observations.forward(FIRST, SECOND), CREATED, UPDATED);
    observations.reply(observations.forward(FIRST), NOOP);
    observations.reply(observations.forward(SECOND), NOOP);

    assertThat(violations()).isEmpty();
  }

  @Test
  void findsAVersionThatIsAppliedTwiceAlsoIfItsReplyWasLost() {
    observations.loseReply(observations.forward(FIRST), CREATED);
    observations.reply(observations.forward(FIRST), UPDATED);

    assertThat(violations()).containsExactly("deal|call: applied twice: " + FIRST.version());
  }

  @Test
  void theSearchForWhatTheMappingAcceptsMayReplaceItsOwnVersion() {
    observations.reply(observations.forward(FIRST), CREATED);
    observations.reply(observations.refine(FIRST), UPDATED);
    observations.reply(observations.refine(FIRST), UPDATED);

    assertThat(violations()).isEmpty();
  }

  @Test
  void aSearchThatBrokeOffMayStartAgain() {
    observations.reply(observations.startSearch(FIRST), CREATED);
    observations.loseReply(observations.refine(FIRST), UPDATED);
    observations.reply(observations.startSearch(FIRST), UPDATED);

    assertThat(violations()).isEmpty();
  }

  @Test
  void findsASearchOfAVersionThatWasAppliedBefore() {
    observations.reply(observations.forward(FIRST), CREATED);
    observations.reply(observations.startSearch(FIRST), UPDATED);

    assertThat(violations()).containsExactly("deal|call: applied twice: " + FIRST.version());
  }

  @Test
  void findsAnOlderVersionOverANewerOneAlsoIfItRefines() {
    observations.reply(observations.forward(SECOND), CREATED);
    observations.reply(observations.refine(FIRST), UPDATED);

    assertThat(violations())
        .containsExactly(
            "deal|call: went back from " + SECOND.version() + " to " + FIRST.version());
  }

  @Test
  void findsADocumentThatIsDeletedWhateverComesLater() {
    observations.reply(observations.forward(FIRST), CREATED);
    observations.reply(observations.forward(SECOND), "deleted");
    observations.reply(observations.forward(THIRD), CREATED);

    assertThat(violations())
        .containsExactly("deal|call: deleted without a tombstone: " + SECOND.version());
  }

  @Test
  void theEngineMayReplyToTwoRequestsInEitherOrder() {
    Request older = observations.forward(FIRST);
    Request newer = observations.forward(SECOND);
    observations.reply(newer, UPDATED);
    observations.reply(older, CREATED);

    assertThat(violations()).isEmpty();
  }

  @Test
  void findsABulkRequestThatCannotBeRead() {
    observations.engine.forwarding(new Request(1, "POST", "/_bulk", "{\"update\":\n{}"));

    assertThat(violations()).containsExactly("a bulk request that is not JSON");
  }

  @Test
  void whatTheEngineHasConfirmedMayBeAcknowledged() {
    observations.reply(observations.forward(FIRST), NOOP);
    observations.acknowledge(Source.MAPPING, FIRST);

    assertThat(violations()).isEmpty();
  }

  @ParameterizedTest
  @EnumSource(Source.class)
  void findsAnAcknowledgementBeforeTheEnginesWhoeverDeliveredTheChange(Source source) {
    observations.refuse(observations.forward(FIRST), 503);
    observations.acknowledge(source, FIRST);

    assertThat(violations()).containsExactly(unconfirmed(1, FIRST));
  }

  @Test
  void onlyAReplyThatArrivesConfirmsAWrite() {
    observations.refuse(observations.forward(FIRST), 429);
    observations.acknowledge(Source.MAPPING, FIRST);
    observations.engine.unanswered(observations.forward(FIRST));
    observations.acknowledge(Source.MAPPING, FIRST);
    observations.loseReply(observations.forward(FIRST), CREATED);
    observations.acknowledge(Source.MAPPING, FIRST);
    observations.reply(observations.forward(FIRST), NOOP);
    observations.acknowledge(Source.MAPPING, FIRST);
    observations.acknowledge(Source.MAPPING, SECOND);

    assertThat(violations())
        .containsExactly(
            unconfirmed(1, FIRST),
            unconfirmed(2, FIRST),
            unconfirmed(3, FIRST),
            unconfirmed(5, SECOND));
  }

  @Test
  void aNewerVersionConfirmsTheOlderOnes() {
    observations.reply(observations.forward(SECOND), CREATED);
    observations.acknowledge(Source.MAPPING, FIRST);

    assertThat(violations()).isEmpty();
  }

  @Test
  void aBatchThatFailedMayBeGivenUp() {
    observations.fail(FIRST, FIRST, THIRD);
    observations.deadLetter(FIRST, THIRD, 2);

    assertThat(violations()).isEmpty();
  }

  @Test
  void findsWhatIsGivenUpWithoutHavingFailed() {
    observations.deadLetter(FIRST, FIRST, 1);

    assertThat(violations())
        .containsExactly("given up without having failed: " + range(FIRST, FIRST));
  }

  @Test
  void findsADeadLetterOfAnotherSizeThanItsBatch() {
    observations.fail(FIRST, FIRST, THIRD);
    observations.deadLetter(FIRST, THIRD, 3);

    assertThat(violations()).hasSize(1);
  }

  @Test
  void aCheckpointCoversWhatTheEngineConfirmedOrWhatWasGivenUp() {
    observations.history.append(FIRST.in("shard-1"));
    observations.history.append(OTHER.in("shard-1"));
    observations.history.append(THIRD.in("shard-2"));
    observations.reply(observations.forward(FIRST), CREATED);
    observations.deadLetter(OTHER, OTHER, 1);
    observations.checkpoint("shard-1", OTHER);

    assertThat(violations()).isEmpty();
  }

  @Test
  void findsACheckpointThatCoversAnOpenRecord() {
    observations.history.append(FIRST.in("shard-1"));
    observations.history.append(OTHER.in("shard-1"));
    observations.loseReply(observations.forward(FIRST), CREATED);
    observations.reply(observations.forward(OTHER), CREATED);
    observations.checkpoint("shard-1", OTHER);
    observations.noteCheckpoint("shard-1", "SHARD_END");

    assertThat(violations())
        .containsExactly(
            "deal|call: a checkpoint of shard-1 covers %s before it was settled"
                .formatted(FIRST.position()));
  }

  @Test
  void aViolationHasTheTimeOfItsOperation() {
    observations.deadLetter(FIRST, FIRST, 1);

    assertThat(check().getFirst().at()).contains(Instant.EPOCH);
  }

  private List<String> violations() {
    return check().stream().map(Violation::what).toList();
  }

  private List<Violation> check() {
    var effects =
        new Effects(
            List.of(ExpectedIndex.whole(Observations.INDEX)), observations.history.changes());
    return new OperationChecks(_ -> ITEM, effects, observations.history.records())
        .violations(observations.history.entries());
  }

  private static String unconfirmed(int delivery, StreamChange change) {
    return "deal|call: delivery %d acknowledged %s before the engine confirmed it"
        .formatted(delivery, change.version());
  }
}
