package dev.utsushi.operations.deadletters;

import dev.utsushi.core.deadletter.DeadLetter;
import dev.utsushi.core.deadletter.DeadLetter.Failure;
import dev.utsushi.core.deadletter.DeadLetterQueue;
import dev.utsushi.operations.stack.OperationException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.services.sqs.model.Message;

/**
 * The messages of a queue, the oldest failure first, duplicates as one.
 *
 * @param at when the listing was made
 * @param retention how long the queue keeps a message
 * @param complete whether the queue has no other messages
 * @param inFlight how many messages somebody else held
 */
public record DeadLetterListing(
    List<Entry> entries, Instant at, Duration retention, boolean complete, long inFlight) {
  private static final Duration STREAM_RETENTION = Duration.ofHours(24);

  /**
   * A message and its duplicates.
   *
   * @param receives how often it has been received, by anybody, this time included
   * @param copies the ids of its duplicates
   */
  public record Entry(
      String messageId, Instant sentAt, int receives, DeadLetter letter, List<String> copies) {

    static Entry of(Message message, String tableArn) {
      return new Entry(
          message.messageId(),
          DeadLetterQueue.sentAt(message),
          DeadLetterQueue.receives(message),
          DeadLetter.parse(message.body(), tableArn),
          List.of());
    }

    /** Returns Lambda's message, unless this is foreign or malformed. */
    public Optional<Failure> failure() {
      return letter instanceof DeadLetter.OfBatch batch
          ? Optional.of(batch.failure())
          : Optional.empty();
    }

    /** Returns when Lambda gave up; of a message that does not say, when it was sent. */
    public Instant failedAt() {
      return failure().map(Failure::failedAt).orElse(sentAt);
    }

    /** Returns how many records it holds or, as a reference, its batch held. */
    public int recordCount() {
      return switch (letter) {
        case DeadLetter.Captured captured -> captured.records().size();
        case DeadLetter.Reference reference -> reference.failure().range().batchSize();
        case DeadLetter.Foreign _, DeadLetter.Malformed _ -> 0;
      };
    }

    /** Returns when it can no longer be replayed. */
    public Instant forgottenAt(Duration queueRetention) {
      Instant byQueue = sentAt.plus(queueRetention);
      if (!(letter instanceof DeadLetter.Reference reference)) {
        return byQueue;
      }
      Instant byStream = reference.failure().firstArrival().plus(STREAM_RETENTION);
      return byStream.isBefore(byQueue) ? byStream : byQueue;
    }

    boolean hasId(String prefix) {
      return messageId.startsWith(prefix) || copies.stream().anyMatch(id -> id.startsWith(prefix));
    }
  }

  static DeadLetterListing of(
      List<Entry> received, Instant at, Duration retention, boolean complete, long inFlight) {
    Map<Object, List<Entry>> alike = new LinkedHashMap<>();
    for (Entry entry : received) {
      Object identity =
          entry.letter() instanceof DeadLetter.OfBatch batch ? batch.identity() : entry.messageId();
      alike.computeIfAbsent(identity, _ -> new ArrayList<>()).add(entry);
    }
    List<Entry> entries =
        alike.values().stream()
            .map(DeadLetterListing::merged)
            .sorted(Comparator.comparing(Entry::failedAt))
            .toList();
    return new DeadLetterListing(entries, at, retention, complete, inFlight);
  }

  /** The duplicate that was sent last stands for all: the queue keeps it longest. */
  private static Entry merged(List<Entry> duplicates) {
    List<Entry> latestFirst =
        duplicates.stream().sorted(Comparator.comparing(Entry::sentAt).reversed()).toList();
    Entry latest = latestFirst.getFirst();
    return new Entry(
        latest.messageId(),
        latest.sentAt(),
        latest.receives(),
        latest.letter(),
        latestFirst.stream().skip(1).map(Entry::messageId).toList());
  }

  /** Returns whether an entry is a reference to records that the stream no longer holds. */
  public boolean isExpired(Entry entry) {
    return entry.letter() instanceof DeadLetter.Reference
        && !entry.forgottenAt(retention).isAfter(at);
  }

  /** Returns the number of duplicates. */
  public long duplicates() {
    return entries.stream().mapToLong(entry -> entry.copies().size()).sum();
  }

  /** Returns the number of records. */
  public long recordCount() {
    return entries.stream().mapToLong(Entry::recordCount).sum();
  }

  /** Returns the number of entries of a form. */
  public long count(DeadLetter.Form form) {
    return entries.stream().filter(entry -> entry.letter().form() == form).count();
  }

  /** Returns the number of expired entries. */
  public long expired() {
    return entries.stream().filter(this::isExpired).count();
  }

  /**
   * Returns the entries whose ids begin with one of these; without any, all entries.
   *
   * @throws OperationException if no id begins with one of them
   */
  public List<Entry> matching(List<String> prefixes) {
    for (String prefix : prefixes) {
      if (entries.stream().noneMatch(entry -> entry.hasId(prefix))) {
        throw OperationException.usage("no message id begins with " + prefix + whereSought());
      }
    }
    return entries.stream()
        .filter(entry -> prefixes.isEmpty() || prefixes.stream().anyMatch(entry::hasId))
        .toList();
  }

  private String whereSought() {
    return entries.isEmpty() && complete
        ? ": the queue shows no messages"
        : " among the %,d messages of the queue%s"
            .formatted(entries.size(), complete ? "" : " (there are more: raise --max)");
  }
}
