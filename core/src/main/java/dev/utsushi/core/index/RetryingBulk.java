package dev.utsushi.core.index;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Tries again what the engine could not take just now, for as long as the deadline allows. */
final class RetryingBulk {
  private static final Duration LONGEST_ROUND_TRIP = Duration.ofSeconds(10);

  private final BulkChannel channel;
  private final Backoff backoff;
  private final Sleeper sleeper;
  private final WriteListener listener;

  RetryingBulk(BulkChannel channel, Backoff backoff, Sleeper sleeper, WriteListener listener) {
    this.channel = channel;
    this.backoff = backoff;
    this.sleeper = sleeper;
    this.listener = listener;
  }

  List<Reply> send(List<Attempt> attempts, Deadline deadline) {
    List<Reply> replies = channel.send(attempts, timeout(deadline));
    for (int retry = 0; anyUnavailable(replies); retry++) {
      Duration pause = backoff.pause(retry);
      if (deadline.remaining().compareTo(pause) <= 0 || !pause(pause)) {
        return replies;
      }
      replies = sendUnavailable(attempts, replies, deadline);
    }
    return replies;
  }

  private List<Reply> sendUnavailable(
      List<Attempt> attempts, List<Reply> replies, Deadline deadline) {
    List<Attempt> again = new ArrayList<>();
    for (int i = 0; i < attempts.size(); i++) {
      if (replies.get(i) instanceof Reply.Unavailable(String cause)) {
        if (again.isEmpty()) {
          listener.retrying(unavailable(replies), cause);
        }
        again.add(attempts.get(i));
      }
    }
    var answers = channel.send(again, timeout(deadline)).iterator();
    return replies.stream()
        .map(reply -> reply instanceof Reply.Unavailable ? answers.next() : reply)
        .toList();
  }

  private boolean pause(Duration pause) {
    try {
      sleeper.sleep(pause);
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private static boolean anyUnavailable(List<Reply> replies) {
    return replies.stream().anyMatch(Reply.Unavailable.class::isInstance);
  }

  private static int unavailable(List<Reply> replies) {
    return (int) replies.stream().filter(Reply.Unavailable.class::isInstance).count();
  }

  private static Duration timeout(Deadline deadline) {
    Duration remaining = deadline.remaining();
    return remaining.compareTo(LONGEST_ROUND_TRIP) < 0 ? remaining : LONGEST_ROUND_TRIP;
  }
}
