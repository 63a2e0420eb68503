package dev.utsushi.operations.deadletters;

import static org.assertj.core.api.Assertions.assertThat;

import dev.utsushi.core.deadletter.DeadLetter.Form;
import dev.utsushi.core.deadletter.ReplayReply;
import dev.utsushi.core.deadletter.ReplayReply.Fate;
import dev.utsushi.core.deadletter.ReplayReply.Message;
import dev.utsushi.core.deadletter.ReplayReply.Replayed;
import dev.utsushi.core.deadletter.ReplayReply.Stopped;
import dev.utsushi.core.deadletter.ReplayRequest;
import dev.utsushi.core.index.Outcome.Kind;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ReplayLoopTest {
  private final Deque<ReplayReply> replies = new ArrayDeque<>();
  private final Map<String, Message> messages = new LinkedHashMap<>();
  private final List<ReplayRequest> requests = new ArrayList<>();

  @Test
  void itInvokesUntilTheQueueIsEmptyAndTheLastReportCounts() throws Exception {
    replies.add(reply(Stopped.DEADLINE, deleted("a"), kept("b")));
    replies.add(reply(Stopped.REPLY_FULL, kept("b"), deleted("c")));
    replies.add(reply(Stopped.EMPTY, deleted("b")));
    assertThat(run(0)).isEqualTo(Stopped.EMPTY);
    assertThat(messages.values()).containsExactly(deleted("a"), deleted("b"), deleted("c"));
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
    assertThat(run(0)).isEqualTo(Stopped.DEADLINE);
    assertThat(replies).isEmpty();
  }

  @Test
  void theLimitHoldsOverAllInvocations() throws Exception {
    replies.add(reply(Stopped.DEADLINE, deleted("a"), deleted("b")));
    replies.add(reply(Stopped.MAX, deleted("c")));
    assertThat(run(3)).isEqualTo(Stopped.MAX);
    assertThat(requests.stream().map(ReplayRequest::max)).containsExactly(3, 1);
  }

  @Test
  void nothingIsLeftIfNoMessageIsKeptOrSkipped() {
    assertThat(result(false, 0, deleted("a")).left()).isZero();
    assertThat(result(false, 0, deleted("a"), kept("b")).left()).isPositive();
    assertThat(result(false, 2, deleted("a")).left()).isPositive();
  }

  @Test
  void aDryRunCountsWhatAReplayWouldLeave() {
    assertThat(result(true, 0, message("a", Fate.KEPT, Kind.SUPERSEDED)).left()).isZero();
    assertThat(result(true, 0, message("a", Fate.KEPT, Kind.EXPIRED)).left()).isPositive();
    assertThat(result(true, 0, message("a", Fate.KEPT)).left()).isPositive();
  }

  private Stopped run(int max) throws InterruptedException {
    return ReplayLoop.run(
        ReplayRequest.ALL.withMax(max),
        messages,
        request -> {
          requests.add(request);
          return replies.remove();
        });
  }

  private static ReplayReply reply(Stopped stopped, Message... messages) {
    return new ReplayReply(false, stopped, List.of(messages));
  }

  private static ReplayLoop.Result result(boolean dryRun, long others, Message... messages) {
    return ReplayLoop.Result.of(
        DeadLetters.STREAM,
        DeadLetters.NOW,
        new ReplayReply(dryRun, Stopped.EMPTY, List.of(messages)),
        others);
  }

  private static Message deleted(String id) {
    return message(id, Fate.DELETED, Kind.APPLIED);
  }

  private static Message kept(String id) {
    return message(id, Fate.KEPT, Kind.REJECTED);
  }

  private static Message message(String id, Fate fate, Kind... outcomes) {
    List<Replayed> records = new ArrayList<>();
    for (Kind outcome : outcomes) {
      records.add(
          new Replayed(id, "1", null, "MODIFY", null, outcome, null, null, false, List.of()));
    }
    return new Message(id, Form.CAPTURED, fate, null, null, 1, 1, records, Map.of());
  }
}
