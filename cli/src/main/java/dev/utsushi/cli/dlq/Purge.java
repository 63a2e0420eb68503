package dev.utsushi.cli.dlq;

import dev.utsushi.cli.terminal.Terminal;
import dev.utsushi.operations.stack.OperationException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import software.amazon.awssdk.services.sqs.model.Message;

/**
 * Deletes messages that are on disk: a batch is received, exported, forced to the disk, deleted.
 * Whatever breaks it off, a message is in the queue, or in the file, or in both.
 */
final class Purge {
  private static final Duration HIDDEN = Duration.ofMinutes(2);
  private static final Duration LONGEST = Duration.ofSeconds(80);

  private final DeadLetterQueue queue;
  private final Export export;
  private final Terminal progress;
  private final InstantSource clock;

  Purge(DeadLetterQueue queue, Export export, Terminal progress, InstantSource clock) {
    this.queue = queue;
    this.export = export;
    this.progress = progress;
    this.clock = clock;
  }

  /** What was deleted, and what was to be and is not. */
  record Result(long deleted, Set<String> left) {}

  /** Deletes the messages with these ids; others are received as well, and made visible again. */
  Result run(Set<String> messageIds) {
    Set<String> left = new HashSet<>(messageIds);
    List<String> others = new ArrayList<>();
    Instant end = clock.instant().plus(LONGEST);
    try {
      while (!left.isEmpty() && clock.instant().isBefore(end)) {
        List<Message> received = queue.receive(DeadLetterQueue.BATCH, HIDDEN);
        if (received.isEmpty()) {
          break;
        }
        delete(received, left, others);
        progress.status(
            "deleted %,d of %,d messages"
                .formatted(messageIds.size() - left.size(), messageIds.size()));
      }
    } finally {
      release(others);
    }
    return new Result(messageIds.size() - left.size(), Set.copyOf(left));
  }

  private void delete(List<Message> received, Set<String> left, List<String> others) {
    List<Message> wanted = new ArrayList<>();
    for (Message message : received) {
      if (left.contains(message.messageId())) {
        wanted.add(message);
      } else {
        others.add(message.receiptHandle());
      }
    }
    if (wanted.isEmpty()) {
      return;
    }
    try {
      export.add(wanted, clock.instant());
      List<String> failed = queue.delete(wanted);
      wanted.stream()
          .map(Message::messageId)
          .filter(id -> !failed.contains(id))
          .forEach(left::remove);
    } finally {
      wanted.stream()
          .filter(message -> left.contains(message.messageId()))
          .map(Message::receiptHandle)
          .forEach(others::add);
    }
  }

  private void release(List<String> handles) {
    boolean interrupted = Thread.interrupted();
    try {
      queue.release(handles);
    } catch (OperationException e) {
      progress.bad(
          "other messages stay hidden for up to %d s: %s"
              .formatted(HIDDEN.toSeconds(), e.getMessage()));
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
