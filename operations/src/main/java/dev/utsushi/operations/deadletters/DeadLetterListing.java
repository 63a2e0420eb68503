package dev.utsushi.operations.deadletters;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.utsushi.core.deadletter.DeadLetter.Form;
import dev.utsushi.operations.deadletters.MessageView.Received;
import dev.utsushi.operations.stack.DeployedStream;
import dev.utsushi.operations.stack.OperationException;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The messages of a queue, the oldest failure first, duplicates as one: the JSON of {@code dlq
 * list}.
 *
 * @param complete whether the queue has no other messages
 * @param hiddenByOthers how many messages were in flight
 * @param causes the most frequent first
 */
public record DeadLetterListing(
    @JsonUnwrapped DeployedStream stream,
    Instant at,
    boolean complete,
    long hiddenByOthers,
    List<MessageView> messages,
    List<Cause> causes,
    Totals totals) {

  /** How many messages and records have one cause. */
  public record Cause(String cause, int messages, long records) {
    private static List<Cause> of(List<MessageView> messages) {
      return messages.stream()
          .collect(
              Collectors.groupingBy(MessageView::cause, LinkedHashMap::new, Collectors.toList()))
          .entrySet()
          .stream()
          .map(each -> of(each.getKey(), each.getValue()))
          .sorted(Comparator.comparingInt(Cause::messages).reversed())
          .toList();
    }

    private static Cause of(String cause, List<MessageView> messages) {
      long records = messages.stream().mapToLong(MessageView::recordCount).sum();
      return new Cause(cause, messages.size(), records);
    }
  }

  /**
   * A queue in numbers.
   *
   * @param messages without duplicates
   * @param doubles the duplicates
   */
  public record Totals(
      int messages,
      long doubles,
      long records,
      long captured,
      long reference,
      long foreign,
      long malformed,
      long expired) {
    private static Totals of(List<MessageView> messages) {
      return new Totals(
          messages.size(),
          messages.stream().mapToLong(each -> each.copies().size()).sum(),
          messages.stream().mapToLong(MessageView::recordCount).sum(),
          count(messages, Form.CAPTURED),
          count(messages, Form.REFERENCE),
          count(messages, Form.FOREIGN),
          count(messages, Form.MALFORMED),
          messages.stream().filter(MessageView::expired).count());
    }

    private static long count(List<MessageView> messages, Form form) {
      return messages.stream().filter(each -> each.form() == form).count();
    }
  }

  static DeadLetterListing of(
      DeployedStream stream,
      Instant at,
      Collection<Received> received,
      Duration retention,
      boolean complete,
      long inFlight) {
    List<MessageView> messages =
        received.stream()
            .collect(
                Collectors.groupingBy(
                    each -> each.letter().identity(each.message().messageId()),
                    LinkedHashMap::new,
                    Collectors.toList()))
            .values()
            .stream()
            .map(duplicates -> merged(duplicates, at, retention))
            .sorted(Comparator.comparing(MessageView::failedAt))
            .toList();
    return new DeadLetterListing(
        stream, at, complete, inFlight, messages, Cause.of(messages), Totals.of(messages));
  }

  /** The duplicate that was sent last represents all: the queue keeps it longest. */
  private static MessageView merged(List<Received> duplicates, Instant at, Duration retention) {
    List<Received> latestFirst =
        duplicates.stream().sorted(Comparator.comparing(Received::sentAt).reversed()).toList();
    List<String> copies =
        latestFirst.stream().skip(1).map(each -> each.message().messageId()).toList();
    return MessageView.of(latestFirst.getFirst(), copies, at, retention);
  }

  /**
   * Returns the messages whose ids begin with one of these; without any, all messages.
   *
   * @throws OperationException if no id begins with one of them
   */
  public List<MessageView> matching(List<String> prefixes) {
    for (String prefix : prefixes) {
      if (messages.stream().noneMatch(each -> hasId(each, List.of(prefix)))) {
        throw OperationException.usage("no message id begins with " + prefix + whereSought());
      }
    }
    return messages.stream().filter(each -> prefixes.isEmpty() || hasId(each, prefixes)).toList();
  }

  private static boolean hasId(MessageView message, List<String> prefixes) {
    return message.ids().anyMatch(id -> prefixes.stream().anyMatch(id::startsWith));
  }

  private String whereSought() {
    return messages.isEmpty() && complete
        ? ": the queue shows no messages"
        : " among the %,d messages of the queue%s"
            .formatted(messages.size(), complete ? "" : " (there are more: raise --max)");
  }
}
