package dev.utsushi.operations.deadletters;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.utsushi.core.deadletter.DeadLetterQueue.Figures;
import dev.utsushi.core.deadletter.ReplayReply;
import dev.utsushi.core.deadletter.ReplayReply.Fate;
import dev.utsushi.core.deadletter.ReplayReply.Message;
import dev.utsushi.core.deadletter.ReplayReply.Stopped;
import dev.utsushi.core.deadletter.ReplayRequest;
import dev.utsushi.core.index.Outcome;
import dev.utsushi.operations.stack.DeployedStream;
import dev.utsushi.operations.stack.OperationException;
import dev.utsushi.operations.stack.ReplayFunction;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import software.amazon.awssdk.services.lambda.LambdaClient;

/**
 * Invokes the replay function until there is nothing more to do. An invocation ends before its
 * deadline and leaves the messages that it could not process in the queue, where the next one
 * receives them again: so the last report about a message counts.
 */
public final class ReplayLoop {
  /** After this many replies without a new message, the messages that are left will stay. */
  private static final int MOST_REPLIES_WITHOUT_NEWS = 3;

  private static final int BAR_COLUMNS = 24;

  private static final String UNFINISHED =
      ". Messages that it did not finish become visible again by themselves";

  private final OperatedQueue queue;
  private final Map<String, Message> messages = new LinkedHashMap<>();

  public ReplayLoop(OperatedQueue queue) {
    this.queue = queue;
  }

  /** One invocation of the replay function. */
  @FunctionalInterface
  interface Invoker {
    /**
     * Waits for the reply.
     *
     * @throws OperationException if there is none
     * @throws InterruptedException when interrupted; the invocation itself goes on
     */
    ReplayReply invoke(ReplayRequest request) throws InterruptedException;
  }

  /**
   * The JSON of {@code dlq replay}.
   *
   * @param reply all replies as one
   * @param others about how many messages in the queue were not replayed
   * @param left about how many messages stay in the queue; in a dry run, how many would
   */
  public record Result(
      @JsonUnwrapped DeployedStream stream,
      Instant at,
      @JsonUnwrapped ReplayReply reply,
      long others,
      long left) {
    static Result of(DeployedStream stream, Instant at, ReplayReply reply, long others) {
      return new Result(stream, at, reply, others, kept(reply).size() + others);
    }

    /** Returns the messages that stay in the queue; in a dry run, those that would. */
    public List<Message> kept() {
      return kept(reply);
    }

    private static List<Message> kept(ReplayReply reply) {
      return reply.messages().stream()
          .filter(each -> reply.dryRun() ? !isProcessed(each) : each.fate() == Fate.KEPT)
          .toList();
    }

    private static boolean isProcessed(Message message) {
      return count(message, true) > 0 && count(message, false) == 0;
    }

    private static int count(Message message, boolean processed) {
      return Arrays.stream(Outcome.Kind.values())
          .filter(kind -> kind.isProcessed() == processed)
          .mapToInt(message::count)
          .sum();
    }
  }

  /**
   * Replays.
   *
   * @throws OperationException if an invocation fails; {@link #messages} says how far it came
   */
  public Result run(ReplayRequest request) throws InterruptedException {
    Figures before = queue.figures();
    long start = System.nanoTime();
    Runnable report = () -> report(request.dryRun(), before, start);
    report.run();
    DeployedStream stream = queue.stream();
    try (LambdaClient lambda = queue.clients().invoker(stream.functionTimeout())) {
      var function = new ReplayFunction(lambda, stream, report, queue.progress()::status);
      Stopped stopped =
          run(
              request,
              messages,
              next -> function.invoke(next.toJson(), ReplayReply::parse, UNFINISHED));
      var reply = new ReplayReply(request.dryRun(), stopped, messages());
      long others = others(request, stopped, before);
      return Result.of(stream, Instant.now(), reply, others);
    }
  }

  /** Invokes until the function has stopped for good. */
  static Stopped run(ReplayRequest request, Map<String, Message> messages, Invoker invoker)
      throws InterruptedException {
    int withoutNews = 0;
    while (true) {
      int known = messages.size();
      int most = request.max() == 0 ? 0 : Math.max(1, request.max() - known);
      ReplayReply reply = invoker.invoke(request.withMax(most));
      reply.messages().forEach(message -> messages.put(message.messageId(), message));
      withoutNews = messages.size() > known ? 0 : withoutNews + 1;
      boolean last =
          switch (reply.stopped()) {
            case EMPTY, MAX -> true;
            case DEADLINE, REPLY_FULL ->
                withoutNews == MOST_REPLIES_WITHOUT_NEWS
                    || (request.max() > 0 && messages.size() >= request.max());
          };
      if (last) {
        return reply.stopped();
      }
    }
  }

  /** Returns the last report about each message so far. */
  public List<Message> messages() {
    return List.copyOf(messages.values());
  }

  /** Returns about how many messages are in the queue now; empty if SQS does not answer. */
  public OptionalLong left() {
    try {
      Figures now = queue.figures();
      return OptionalLong.of(now.visible() + now.inFlight());
    } catch (OperationException _) {
      return OptionalLong.empty();
    }
  }

  /**
   * Counts the messages that were not replayed. A reply that says "empty" is more exact than the
   * queue's figures, which lag by a minute. The figures are read if a limit stopped the replay, or
   * if messages were in flight before.
   */
  private long others(ReplayRequest request, Stopped stopped, Figures before) {
    boolean unlimited = stopped == Stopped.EMPTY && request.olderThanSeconds() == 0;
    if (unlimited && before.inFlight() == 0) {
      return 0;
    }
    Figures now = queue.figures();
    long seen =
        messages.values().stream()
            .filter(message -> request.dryRun() || message.fate() == Fate.KEPT)
            .mapToLong(Message::copies)
            .sum();
    return Math.max(0, unlimited ? now.inFlight() : now.visible() + now.inFlight() - seen);
  }

  /** Reports by the queue's figures, since an invocation says nothing until it ends. */
  private void report(boolean dryRun, Figures before, long start) {
    String verb = dryRun ? "reading" : "replaying";
    long seconds = (System.nanoTime() - start) / 1_000_000_000;
    long all = before.visible() + before.inFlight();
    try {
      Figures now = all == 0 ? before : queue.figures();
      long done = dryRun ? now.inFlight() : all - now.visible() - now.inFlight();
      queue
          .progress()
          .status(
              all == 0
                  ? "%s … %d s".formatted(verb, seconds)
                  : bar(verb, Math.clamp(done, 0, all), all, seconds));
    } catch (OperationException _) {
      queue.progress().status("%s … %d s".formatted(verb, seconds));
    }
  }

  private static String bar(String verb, long done, long all, long seconds) {
    int full = (int) (BAR_COLUMNS * done / all);
    return "%s [%s%s] about %,d of %,d messages, %d s"
        .formatted(verb, "█".repeat(full), "░".repeat(BAR_COLUMNS - full), done, all, seconds);
  }
}
