package dev.utsushi.faults.history;

import static dev.utsushi.faults.Observations.CREATED;
import static dev.utsushi.faults.Observations.put;
import static org.assertj.core.api.Assertions.assertThat;

import dev.utsushi.faults.Observations;
import dev.utsushi.faults.history.History.Count;
import dev.utsushi.faults.history.Operation.Source;
import dev.utsushi.faults.history.Operation.StreamChange;
import dev.utsushi.local.lambda.InvocationResult;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class HistoryTest {
  private static final StreamChange FIRST = put(new ItemName("deal", "call"), 1);
  private static final StreamChange SECOND = put(new ItemName("deal", "mail"), 2);
  private static final StreamChange THIRD = put(new ItemName("deal", "visit"), 3);

  private final Observations observations = new Observations();
  private final History history = observations.history;

  @Test
  void aChangeIsPendingUntilItIsAcknowledged() {
    history.append(FIRST);
    history.append(SECOND);
    observations.replicate(FIRST);

    assertThat(history.isPending(FIRST)).isFalse();
    assertThat(history.pending()).isEqualTo(1);
  }

  @Test
  void ofABatchOnlyWhatIsBeforeTheReportedFailureIsAcknowledged() {
    observations.reply(observations.forward(FIRST), CREATED);
    observations.fail(SECOND, FIRST, SECOND, THIRD);

    assertThat(history.isPending(FIRST)).isFalse();
    assertThat(history.isPending(SECOND)).isTrue();
    assertThat(history.isPending(THIRD)).isTrue();
  }

  @Test
  void aRecordIsPendingUntilACheckpointCoversIt() {
    StreamChange first = FIRST.in("shard-1");
    StreamChange second = SECOND.in("shard-1");
    history.append(first);
    history.append(second);
    history.append(THIRD.in("shard-2"));
    observations.noteCheckpoint("shard-1", "TRIM_HORIZON");
    observations.checkpoint("shard-1", FIRST);
    assertThat(history.pending()).isEqualTo(2);
    assertThat(history.isPending(first)).isFalse();

    observations.noteCheckpoint("shard-1", "SHARD_END");
    assertThat(history.isPending(second)).isFalse();
    assertThat(history.pending()).isEqualTo(1);
  }

  @Test
  void aCheckpointAcknowledgesWhatWasNotGivenUp() {
    StreamChange first = FIRST.in("shard-1");
    StreamChange second = SECOND.in("shard-1");
    history.append(first);
    history.append(second);
    observations.deadLetter(FIRST, FIRST, 1);
    observations.checkpoint("shard-1", SECOND);

    assertThat(history.isAcknowledgedByAnyone(first)).isFalse();
    assertThat(history.isAcknowledgedByAnyone(second)).isTrue();
  }

  @ParameterizedTest
  @MethodSource("failures")
  void aFailureAcknowledgesNothing(InvocationResult failure) {
    observations.reply(observations.forward(FIRST), CREATED);
    observations.deliver(Source.MAPPING, failure, FIRST);

    assertThat(history.isPending(FIRST)).isTrue();
    assertThat(history.count(Count.FAILED_DELIVERIES)).isEqualTo(1);
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
  void aDuplicateAcknowledgesNothingToTheMapping() {
    observations.reply(observations.forward(FIRST), CREATED);
    observations.acknowledge(Source.DUPLICATE, FIRST);

    assertThat(history.isPending(FIRST)).isTrue();
    assertThat(history.isAcknowledgedByAnyone(FIRST)).isTrue();
  }

  @Test
  void aDeadLetterIsTheBatchThatFailedLastAndNotEverythingBetweenItsEnds() {
    observations.fail(FIRST, FIRST, THIRD);
    observations.deadLetter(FIRST, THIRD, 2);

    assertThat(history.isPending(FIRST)).isFalse();
    assertThat(history.isPending(SECOND)).isTrue();
    assertThat(history.isPending(THIRD)).isFalse();
  }

  @Test
  void countsWhatTheEngineDid() {
    observations.reply(observations.forward(FIRST, SECOND), CREATED, "updated");
    observations.reply(observations.forward(FIRST), "noop");
    observations.refuse(observations.forward(SECOND), 429);

    assertThat(history.count(Count.ENGINE_WRITES)).isEqualTo(2);
    assertThat(history.count(Count.ENGINE_NOOPS)).isEqualTo(1);
    assertThat(history.count(Count.ENGINE_REFUSALS)).isEqualTo(1);
  }
}
