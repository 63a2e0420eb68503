package dev.utsushi.cli.dlq;

import dev.utsushi.cli.dlq.DeadLetterQueue.Standing;
import dev.utsushi.core.deadletter.ReplayReply.Stopped;
import dev.utsushi.core.deadletter.ReplayRequest;
import dev.utsushi.core.deadletter.ReplayedMessage;
import dev.utsushi.core.deadletter.ReplayedMessage.Fate;
import dev.utsushi.operations.stack.DeployedStream;
import dev.utsushi.operations.stack.OperationException;
import software.amazon.awssdk.services.lambda.LambdaClient;

/** {@code utsushi dlq replay}. */
public final class Replayer {
  private final Asked asked;
  private final ReplayScreen screen;

  public Replayer(Asked asked) {
    this.asked = asked;
    screen = new ReplayScreen(asked.terminal(), asked.selector().options());
  }

  /**
   * Replays, and tells on the terminal how far it came if it can't go on.
   *
   * @return whether nothing is left in the queue; in a dry run, whether nothing would be
   * @throws OperationException if an invocation fails
   */
  public boolean run(ReplayRequest request) throws InterruptedException {
    try (Connection connection = asked.connect()) {
      ReplayResult result = replay(connection, request);
      if (!asked.answered(ReplayJson.of(connection.stream(), connection.now(), result))) {
        screen.show(connection.stream(), result);
      }
      return result.isAll();
    }
  }

  private ReplayResult replay(Connection connection, ReplayRequest request)
      throws InterruptedException {
    Standing before = connection.queue().standing();
    DeployedStream stream = connection.stream();
    var progress = new Progress(asked.terminal(), connection.queue(), request.dryRun(), before);
    try (LambdaClient lambda = connection.clients().invoker(stream.functionTimeout())) {
      var invoker = new FunctionInvoker(lambda, stream, progress::show);
      var replay = new Replay(invoker, request);
      progress.show();
      boolean done = false;
      try {
        Stopped stopped = replay.run();
        long others = others(connection.queue(), replay, request, stopped, before);
        done = true;
        return new ReplayResult(request.dryRun(), stopped, replay.messages(), others);
      } finally {
        if (!done) {
          showPartial(connection.queue(), replay);
        }
      }
    }
  }

  private void showPartial(DeadLetterQueue queue, Replay replay) {
    try {
      Standing now = queue.standing();
      screen.showPartial(replay.messages(), now.visible() + now.hidden());
    } catch (OperationException _) {
      // What is thrown already says more than that the queue is gone, too.
    }
  }

  /**
   * An empty reply is the queue's own word that there is no more, and better than its counts, which
   * lag by a minute. Counts are asked where a bound stopped it, or somebody hid messages from it.
   */
  private static long others(
      DeadLetterQueue queue,
      Replay replay,
      ReplayRequest request,
      Stopped stopped,
      Standing before) {
    boolean unbounded = stopped == Stopped.EMPTY && request.olderThan().isZero();
    if (unbounded && before.hidden() == 0) {
      return 0;
    }
    Standing now = queue.standing();
    long seen =
        replay.messages().stream()
            .filter(message -> request.dryRun() || message.fate() == Fate.KEPT)
            .mapToLong(ReplayedMessage::copies)
            .sum();
    return Math.max(0, unbounded ? now.hidden() : now.visible() + now.hidden() - seen);
  }
}
