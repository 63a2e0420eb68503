package dev.utsushi.cli.dlq;

import dev.utsushi.cli.dlq.DeadLetterQueue.Standing;
import dev.utsushi.cli.terminal.Terminal;
import dev.utsushi.operations.stack.OperationException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.sqs.model.Message;

/**
 * Looks at messages and leaves them where they are. SQS has no look: each message is received, and
 * so hidden from others, and made visible again when all have been seen, so that none is met twice.
 */
final class Peek {
  /** If this process dies meanwhile, the messages come back by themselves after this. */
  private static final Duration HIDDEN = Duration.ofMinutes(2);

  /** Well before the first message comes back. */
  private static final Duration LONGEST = Duration.ofSeconds(80);

  /**
   * What was seen.
   *
   * @param complete whether the queue had no more to show
   * @param before how the queue stood before
   * @param notReleased why messages stay hidden for a while; null in the usual case
   */
  record Seen<T>(
      List<T> messages, boolean complete, Standing before, @Nullable String notReleased) {
    Seen {
      messages = List.copyOf(messages);
    }
  }

  private final DeadLetterQueue queue;
  private final Terminal progress;

  Peek(DeadLetterQueue queue, Terminal progress) {
    this.queue = queue;
    this.progress = progress;
  }

  /**
   * Looks at up to so many.
   *
   * @param read takes from each what is wanted of it; the rest of it is not kept
   */
  <T> Seen<T> messages(int max, Function<Message, T> read) {
    Standing before = queue.standing();
    Map<String, T> seen = new LinkedHashMap<>();
    List<String> handles = new ArrayList<>();
    boolean complete;
    @Nullable String notReleased = null;
    try {
      complete = look(max, read, before, seen, handles);
    } finally {
      notReleased = release(handles);
    }
    return new Seen<>(List.copyOf(seen.values()), complete, before, notReleased);
  }

  private <T> boolean look(
      int max,
      Function<Message, T> read,
      Standing before,
      Map<String, T> seen,
      List<String> handles) {
    long end = System.nanoTime() + LONGEST.toNanos();
    while (seen.size() < max && System.nanoTime() < end) {
      if (!seen.isEmpty()) {
        progress.status(
            "looked at %,d of about %,d messages".formatted(seen.size(), before.visible()));
      }
      List<Message> messages = queue.receive(max - seen.size(), HIDDEN);
      if (messages.isEmpty()) {
        return true;
      }
      for (Message message : messages) {
        handles.add(message.receiptHandle());
        seen.put(message.messageId(), read.apply(message));
      }
    }
    return seen.size() == max && before.visible() <= max;
  }

  /** Also when interrupted: then most of all nobody waits two minutes for them. */
  private @Nullable String release(List<String> handles) {
    boolean interrupted = Thread.interrupted();
    try {
      queue.release(handles);
      return null;
    } catch (OperationException e) {
      return "the messages stay hidden from others for up to %d s: %s"
          .formatted(HIDDEN.toSeconds(), e.getMessage());
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
