package dev.utsushi.cli.dlq;

import static org.assertj.core.api.Assertions.assertThat;

import dev.utsushi.core.deadletter.DeadLetter.Form;
import dev.utsushi.core.deadletter.ReplayReply;
import dev.utsushi.core.deadletter.ReplayReply.Stopped;
import dev.utsushi.core.deadletter.ReplayRequest;
import dev.utsushi.core.deadletter.ReplayedMessage;
import dev.utsushi.core.deadletter.ReplayedMessage.Fate;
import dev.utsushi.core.deadletter.ReplayedRecord;
import dev.utsushi.core.deadletter.ReplayedRecord.Outcome;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ReplayTest {
  private final Deque<ReplayReply> replies = new ArrayDeque<>();
  private final List<ReplayRequest> requests = new ArrayList<>();

  @Test
  void itIsInvokedUntilTheQueueIsEmptyAndWhatWasSaidLastCounts() throws Exception {
    replies.add(reply(Stopped.DEADLINE, deleted("a"), kept("b")));
    replies.add(reply(Stopped.REPLY_FULL, kept("b"), deleted("c")));
    replies.add(reply(Stopped.EMPTY, deleted("b")));
    Replay replay = replay(0);
    assertThat(replay.run()).isEqualTo(Stopped.EMPTY);
    assertThat(replay.messages()).containsExactly(deleted("a"), deleted("b"), deleted("c"));
    assertThat(requests).hasSize(3);
  }

  @Test
  void threeRepliesWithoutANewMessageAreTheEnd() throws Exception {
    replies.add(reply(Stopped.DEADLINE, kept("a")));
    replies.add(reply(Stopped.DEADLINE, kept("a")));
    replies.add(reply(Stopped.DEADLINE, kept("a"), kept("b")));
    for (int i = 0; i < 3; i++) {
      replies.add(reply(Stopped.DEADLINE, kept("a")));
    }
    assertThat(replay(0).run()).isEqualTo(Stopped.DEADLINE);
    assertThat(replies).isEmpty();
  }

  @Test
  void theBoundIsOverAllInvocations() throws Exception {
    replies.add(reply(Stopped.DEADLINE, deleted("a"), deleted("b")));
    replies.add(reply(Stopped.MAX, deleted("c")));
    assertThat(replay(3).run()).isEqualTo(Stopped.MAX);
    assertThat(requests.stream().map(ReplayRequest::max)).containsExactly(3, 1);
  }

  @Test
  void allIsDoneWhenNothingIsKeptAndNothingWasPassedBy() {
    assertThat(result(false, 0, deleted("a")).isAll()).isTrue();
    assertThat(result(false, 0, deleted("a"), kept("b")).isAll()).isFalse();
    assertThat(result(false, 2, deleted("a")).isAll()).isFalse();
  }

  @Test
  void aDryRunKeepsEverythingAndGoesByWhatWouldBe() {
    assertThat(result(true, 0, message("a", Fate.KEPT, Outcome.SUPERSEDED)).isAll()).isTrue();
    assertThat(result(true, 0, message("a", Fate.KEPT, Outcome.EXPIRED)).isAll()).isFalse();
    assertThat(result(true, 0, message("a", Fate.KEPT)).isAll()).isFalse();
  }

  private Replay replay(int max) {
    return new Replay(
        request -> {
          requests.add(request);
          return replies.remove();
        },
        new ReplayRequest(false, max, Duration.ZERO, 0));
  }

  private static ReplayReply reply(Stopped stopped, ReplayedMessage... messages) {
    return new ReplayReply(false, stopped, List.of(messages));
  }

  private static ReplayResult result(boolean dryRun, long others, ReplayedMessage... messages) {
    return new ReplayResult(dryRun, Stopped.EMPTY, List.of(messages), others);
  }

  private static ReplayedMessage deleted(String id) {
    return message(id, Fate.DELETED, Outcome.APPLIED);
  }

  private static ReplayedMessage kept(String id) {
    return message(id, Fate.KEPT, Outcome.REJECTED);
  }

  private static ReplayedMessage message(String id, Fate fate, Outcome... outcomes) {
    List<ReplayedRecord> records = new ArrayList<>();
    for (Outcome outcome : outcomes) {
      records.add(new ReplayedRecord(id, "1", null, "MODIFY", null, outcome, null, null));
    }
    return new ReplayedMessage(id, Form.CAPTURED, fate, null, null, 1, 1, records, Map.of());
  }
}
