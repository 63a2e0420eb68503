package dev.utsushi.cli.chaos;

import static dev.utsushi.cli.chaos.Witnesses.CREATED;
import static dev.utsushi.cli.chaos.Witnesses.put;
import static dev.utsushi.cli.chaos.Witnesses.range;
import static org.assertj.core.api.Assertions.assertThat;

import dev.utsushi.cli.chaos.Delivery.Source;
import dev.utsushi.local.lambda.InvocationResult;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class AccountsTest {
  private static final Change FIRST = put(new ItemName("deal", "call"), 1);
  private static final Change SECOND = put(new ItemName("deal", "mail"), 2);
  private static final Change THIRD = put(new ItemName("deal", "visit"), 3);

  private final Witnesses witnesses = new Witnesses();
  private final Accounts accounts = witnesses.accounts;

  @Test
  void whatTheEngineHasConfirmedMayBeAcknowledged() {
    witnesses.replicate(FIRST);

    assertThat(witnesses.found()).isEmpty();
    assertThat(accounts.settled(FIRST)).isTrue();
    assertThat(accounts.countUnsettled(List.of(FIRST, SECOND))).isEqualTo(1);
  }

  @ParameterizedTest
  @EnumSource(Source.class)
  void anAcknowledgementWithoutTheEnginesWordIsFoundWhoeverBroughtTheChange(Source source) {
    witnesses.refuse(witnesses.forward(FIRST), 503);
    witnesses.acknowledge(witnesses.bring(source, FIRST));

    assertThat(witnesses.found()).containsExactly(withoutTheEnginesWord(FIRST));
  }

  @Test
  void anAnswerThatWasLostIsNoWordOfTheEngine() {
    witnesses.loseAnswer(witnesses.forward(FIRST), CREATED);
    witnesses.acknowledge(witnesses.bring(Source.MAPPING, FIRST));

    assertThat(witnesses.found()).containsExactly(withoutTheEnginesWord(FIRST));
  }

  @Test
  void ofABatchOnlyWhatIsBeforeTheReportedFailureIsAcknowledged() {
    witnesses.answer(witnesses.forward(FIRST), CREATED);
    witnesses.report(witnesses.bring(Source.MAPPING, FIRST, SECOND, THIRD), SECOND);

    assertThat(witnesses.found()).isEmpty();
    assertThat(accounts.settled(FIRST)).isTrue();
    assertThat(accounts.settled(SECOND)).isFalse();
    assertThat(accounts.settled(THIRD)).isFalse();
  }

  @ParameterizedTest
  @MethodSource("failures")
  void aFailureAcknowledgesNothing(InvocationResult failure) {
    witnesses.answer(witnesses.forward(FIRST), CREATED);
    accounts.ended(witnesses.bring(Source.MAPPING, FIRST), failure);

    assertThat(accounts.settled(FIRST)).isFalse();
    assertThat(accounts.failedDeliveries()).isEqualTo(1);
  }

  static List<InvocationResult> failures() {
    return List.of(
        new InvocationResult.FunctionError("r", "java.lang.Error", "{}"),
        new InvocationResult.TimedOut("r", Duration.ofSeconds(5)),
        new InvocationResult.Crashed("r", 137),
        new InvocationResult.InitFailed("r", "java.lang.Error", "{}"),
        new InvocationResult.Throttled("r"),
        new InvocationResult.Succeeded("r", "no JSON"));
  }

  @Test
  void aDuplicateSettlesNothingForTheMapping() {
    witnesses.answer(witnesses.forward(FIRST), CREATED);
    witnesses.acknowledge(witnesses.bring(Source.DUPLICATE, FIRST));

    assertThat(accounts.settled(FIRST)).isFalse();
    assertThat(accounts.acknowledgedByAnyone(FIRST)).isTrue();
  }

  @Test
  void aParkedBatchIsWhatFailedLastAndNotAllBetweenItsEnds() {
    witnesses.report(witnesses.bring(Source.MAPPING, FIRST, THIRD), FIRST);
    accounts.parked(range(FIRST, THIRD, 2));

    assertThat(witnesses.found()).isEmpty();
    assertThat(accounts.isParked(FIRST)).isTrue();
    assertThat(accounts.isParked(SECOND)).isFalse();
    assertThat(accounts.isParked(THIRD)).isTrue();
  }

  @Test
  void whatIsParkedWithoutHavingFailedIsFound() {
    accounts.parked(range(FIRST, FIRST, 1));

    assertThat(witnesses.found())
        .containsExactly("parked without having failed: " + range(FIRST, FIRST, 1).identity());
  }

  @Test
  void aDeadLetterOfAnotherSizeThanItsBatchIsFound() {
    witnesses.report(witnesses.bring(Source.MAPPING, FIRST, THIRD), FIRST);
    accounts.parked(range(FIRST, THIRD, 3));

    assertThat(witnesses.found()).hasSize(1);
  }

  private static String withoutTheEnginesWord(Change change) {
    return "%s: acknowledged in delivery 1 without the engine's word: %s"
        .formatted(change.item().text(), change.version());
  }
}
