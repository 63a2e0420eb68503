package dev.utsushi.cli.dlq;

import dev.utsushi.core.deadletter.ReplayReply.Stopped;
import dev.utsushi.core.deadletter.ReplayTotals;
import dev.utsushi.core.deadletter.ReplayedMessage;
import dev.utsushi.core.deadletter.ReplayedMessage.Fate;
import dev.utsushi.core.deadletter.ReplayedRecord.Outcome;
import java.util.Arrays;
import java.util.List;

/**
 * What a replay came to.
 *
 * @param others messages in the queue that it did not look at, about; some of them perhaps hidden
 */
record ReplayResult(boolean dryRun, Stopped stopped, List<ReplayedMessage> messages, long others) {
  ReplayResult {
    messages = List.copyOf(messages);
  }

  ReplayTotals totals() {
    return ReplayTotals.of(messages);
  }

  /** Those that stay in the queue; in a dry run, those that would. */
  List<ReplayedMessage> kept() {
    return messages.stream()
        .filter(message -> dryRun ? !isSettled(message) : message.fate() == Fate.KEPT)
        .toList();
  }

  private static boolean isSettled(ReplayedMessage message) {
    long unsettled =
        Arrays.stream(Outcome.values())
            .filter(outcome -> !outcome.isSettled())
            .mapToLong(message::count)
            .sum();
    return unsettled == 0 && Arrays.stream(Outcome.values()).anyMatch(it -> message.count(it) > 0);
  }

  /** Whether the queue is empty afterwards; in a dry run, whether it would be. */
  boolean isAll() {
    return kept().isEmpty() && others == 0;
  }
}
