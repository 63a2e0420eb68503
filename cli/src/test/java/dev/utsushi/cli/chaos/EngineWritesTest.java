package dev.utsushi.cli.chaos;

import static dev.utsushi.cli.chaos.Witnesses.CREATED;
import static dev.utsushi.cli.chaos.Witnesses.NOOP;
import static dev.utsushi.cli.chaos.Witnesses.UPDATED;
import static dev.utsushi.cli.chaos.Witnesses.put;
import static dev.utsushi.cli.chaos.Witnesses.removal;
import static org.assertj.core.api.Assertions.assertThat;

import dev.utsushi.local.proxy.FaultProxy;
import org.junit.jupiter.api.Test;

class EngineWritesTest {
  private static final ItemName ITEM = new ItemName("deal", "call");
  private static final Change FIRST = put(ITEM, 1);
  private static final Change SECOND = removal(ITEM, 2);
  private static final Change THIRD = put(ITEM, 3);

  private final Witnesses witnesses = new Witnesses();

  @Test
  void eachVersionOnceAndInItsOrderIsAsItShouldBe() {
    witnesses.answer(witnesses.forward(FIRST, SECOND), CREATED, UPDATED);
    witnesses.answer(witnesses.forward(FIRST), NOOP);
    witnesses.answer(witnesses.forward(SECOND), NOOP);

    assertThat(witnesses.found()).isEmpty();
    assertThat(witnesses.engine.written()).isEqualTo(2);
    assertThat(witnesses.engine.unchanged()).isEqualTo(2);
  }

  @Test
  void aVersionThatIsAppliedTwiceIsFoundAlsoIfItsAnswerWasLost() {
    witnesses.loseAnswer(witnesses.forward(FIRST), CREATED);
    witnesses.answer(witnesses.forward(FIRST), UPDATED);

    assertThat(witnesses.found()).containsExactly("deal|call: applied twice: " + FIRST.version());
  }

  @Test
  void theSearchForWhatFitsTheMappingMayReplaceItsOwnVersion() {
    witnesses.answer(witnesses.forward(FIRST), CREATED);
    witnesses.answer(witnesses.refine(FIRST), UPDATED);
    witnesses.answer(witnesses.refine(FIRST), UPDATED);

    assertThat(witnesses.found()).isEmpty();
  }

  @Test
  void anOlderVersionOverANewerOneIsFoundAlsoIfItRefines() {
    witnesses.answer(witnesses.forward(SECOND), CREATED);
    witnesses.answer(witnesses.refine(FIRST), UPDATED);

    assertThat(witnesses.found())
        .containsExactly(
            "deal|call: went back from " + SECOND.version() + " to " + FIRST.version());
  }

  @Test
  void aDocumentThatIsDeletedIsFoundWhateverComesLater() {
    witnesses.answer(witnesses.forward(FIRST), CREATED);
    witnesses.answer(witnesses.forward(SECOND), "deleted");
    witnesses.answer(witnesses.forward(THIRD), CREATED);

    assertThat(witnesses.found())
        .containsExactly("deal|call: deleted without a tombstone: " + SECOND.version());
  }

  @Test
  void twoRequestsAtOnceMayBeAnsweredInEitherOrder() {
    FaultProxy.Request older = witnesses.forward(FIRST);
    FaultProxy.Request newer = witnesses.forward(SECOND);
    witnesses.answer(newer, UPDATED);
    witnesses.answer(older, CREATED);

    assertThat(witnesses.found()).isEmpty();
  }

  @Test
  void aWriteIsConfirmedByAnAnswerThatArrivesAndByNothingElse() {
    witnesses.refuse(witnesses.forward(FIRST), 429);
    assertThat(confirmed(FIRST)).isFalse();
    witnesses.engine.unanswered(witnesses.forward(FIRST));
    assertThat(confirmed(FIRST)).isFalse();
    witnesses.loseAnswer(witnesses.forward(FIRST), CREATED);
    assertThat(confirmed(FIRST)).isFalse();
    witnesses.answer(witnesses.forward(FIRST), NOOP);
    assertThat(confirmed(FIRST)).isTrue();
    assertThat(confirmed(SECOND)).isFalse();
  }

  @Test
  void aNewerVersionConfirmsTheOlderOnes() {
    witnesses.answer(witnesses.forward(SECOND), CREATED);

    assertThat(confirmed(FIRST)).isTrue();
  }

  @Test
  void aRequestThatCannotBeReadIsFound() {
    witnesses.engine.forwarding(new FaultProxy.Request(1, "POST", "/_bulk", "{\"update\":\n{}"));

    assertThat(witnesses.found()).containsExactly("a bulk request that is not JSON");
  }

  private boolean confirmed(Change change) {
    return witnesses.engine.confirmed(change.item(), change.version());
  }
}
