package dev.utsushi.cli.dlq;

import dev.utsushi.core.deadletter.ReplayReply;
import dev.utsushi.core.deadletter.ReplayReply.Stopped;
import dev.utsushi.core.deadletter.ReplayRequest;
import dev.utsushi.core.deadletter.ReplayedMessage;
import dev.utsushi.operations.stack.OperationException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Invokes the replay function again and again until there is nothing more to do. One invocation
 * ends before its deadline, and keeps what it could not settle in the queue, where the next one
 * meets it once more: so what counts of a message is what was said of it last.
 */
final class Replay {
  /** So many replies in a row that tell of no new message, and the rest is what stays. */
  private static final int BARREN_REPLIES = 3;

  private final ReplayInvoker invoker;
  private final ReplayRequest request;
  private final Map<String, ReplayedMessage> messages = new LinkedHashMap<>();
  private int barren;

  Replay(ReplayInvoker invoker, ReplayRequest request) {
    this.invoker = invoker;
    this.request = request;
  }

  /**
   * Replays.
   *
   * @return why it stopped
   * @throws OperationException if an invocation fails; {@link #messages} tells how far it came
   */
  Stopped run() throws InterruptedException {
    while (true) {
      ReplayReply reply = invoker.invoke(next());
      barren = take(reply) ? 0 : barren + 1;
      if (isLast(reply.stopped())) {
        return reply.stopped();
      }
    }
  }

  private ReplayRequest next() {
    return new ReplayRequest(
        request.dryRun(),
        request.max() == 0 ? 0 : Math.max(1, request.max() - messages.size()),
        request.olderThan(),
        request.ratePerSecond());
  }

  /** Whether there was a message among them that had not been met. */
  private boolean take(ReplayReply reply) {
    int known = messages.size();
    reply.messages().forEach(message -> messages.put(message.messageId(), message));
    return messages.size() > known;
  }

  private boolean isLast(Stopped stopped) {
    return switch (stopped) {
      case EMPTY, MAX -> true;
      case DEADLINE, REPLY_FULL ->
          barren == BARREN_REPLIES || (request.max() > 0 && messages.size() >= request.max());
    };
  }

  /** What was said of each message last. */
  List<ReplayedMessage> messages() {
    return List.copyOf(messages.values());
  }
}
