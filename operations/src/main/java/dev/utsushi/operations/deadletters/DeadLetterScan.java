package dev.utsushi.operations.deadletters;

import dev.utsushi.core.deadletter.DeadLetterQueue;
import dev.utsushi.operations.deadletters.DeadLetterListing.Entry;
import dev.utsushi.operations.stack.AwsClients;
import dev.utsushi.operations.stack.AwsErrors;
import dev.utsushi.operations.stack.DeployedStream;
import dev.utsushi.operations.stack.OperationException;
import dev.utsushi.stream.RangeReader;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import software.amazon.awssdk.services.sqs.model.Message;

/**
 * Reads the messages of a queue and leaves them there. SQS has no other way than to receive each
 * message, which is then in flight, and to release it at the end, so that none is received twice.
 */
public final class DeadLetterScan {
  /** If this process dies, the messages become visible again after this. */
  static final Duration VISIBILITY_TIMEOUT = Duration.ofMinutes(2);

  /** Well before the first message becomes visible again. */
  static final Duration LONGEST = Duration.ofSeconds(80);

  /** Long polling asks all of SQS's servers; a receive that does not wait asks some. */
  private static final Duration WAIT = Duration.ofSeconds(1);

  private final AwsClients clients;
  private final DeployedStream stream;
  private final DeadLetterQueue queue;
  private final Progress progress;

  public DeadLetterScan(AwsClients clients, DeployedStream stream, Progress progress) {
    this.clients = clients;
    this.stream = stream;
    this.progress = progress;
    queue = new DeadLetterQueue(clients.sqs(), stream.queueUrl());
  }

  /**
   * Lists messages.
   *
   * @param max the most messages to read
   * @throws OperationException if SQS does not answer or does not permit it
   */
  public DeadLetterListing list(int max) {
    DeadLetterQueue.Figures before = AwsErrors.call("sqs:GetQueueAttributes", queue::figures);
    Map<String, Entry> entries = new LinkedHashMap<>();
    List<Message> held = new ArrayList<>();
    boolean complete;
    try {
      complete = scan(max, before, entries, held);
    } finally {
      release(queue, held, progress);
    }
    return DeadLetterListing.of(
        List.copyOf(entries.values()),
        Instant.now(),
        before.retention(),
        complete,
        before.inFlight());
  }

  private boolean scan(
      int max, DeadLetterQueue.Figures before, Map<String, Entry> entries, List<Message> held) {
    long end = System.nanoTime() + LONGEST.toNanos();
    while (entries.size() < max && System.nanoTime() < end) {
      if (!entries.isEmpty()) {
        progress.status(
            "read %,d of about %,d messages".formatted(entries.size(), before.visible()));
      }
      List<Message> received = receive(queue, max - entries.size());
      if (received.isEmpty()) {
        return true;
      }
      held.addAll(received);
      received.forEach(each -> entries.put(each.messageId(), Entry.of(each, stream.tableArn())));
    }
    return entries.size() == max && before.visible() <= max;
  }

  /** Receives messages, so that nobody else does for a while. */
  static List<Message> receive(DeadLetterQueue queue, int most) {
    return AwsErrors.call(
        "sqs:ReceiveMessage", () -> queue.receive(most, WAIT, VISIBILITY_TIMEOUT));
  }

  /** Releases messages; after an interruption, too, since nobody should have to wait for them. */
  static void release(DeadLetterQueue queue, List<Message> held, Progress progress) {
    boolean interrupted = Thread.interrupted();
    try {
      for (List<Message> batch : DeadLetterQueue.batches(held)) {
        AwsErrors.call("sqs:ChangeMessageVisibility", () -> queue.release(batch));
      }
    } catch (OperationException e) {
      progress.warn(
          "messages stay in flight for up to %d s: %s"
              .formatted(VISIBILITY_TIMEOUT.toSeconds(), e.getMessage()));
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** Returns the records of a message, read from the stream if the message does not hold them. */
  public MessageRecords records(Entry entry) {
    return MessageRecords.of(entry.letter(), new RangeReader(clients.streams()));
  }
}
