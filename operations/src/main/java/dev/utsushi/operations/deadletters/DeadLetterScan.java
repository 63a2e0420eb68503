package dev.utsushi.operations.deadletters;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.utsushi.core.change.ItemKey;
import dev.utsushi.core.change.Value;
import dev.utsushi.core.deadletter.DeadLetter;
import dev.utsushi.core.deadletter.DeadLetter.Form;
import dev.utsushi.core.document.DocumentId;
import dev.utsushi.core.index.Deadline;
import dev.utsushi.core.record.KeySchema;
import dev.utsushi.core.record.RecordJson;
import dev.utsushi.core.record.StreamRecord;
import dev.utsushi.operations.deadletters.MessageView.Received;
import dev.utsushi.operations.stack.DeployedStream;
import dev.utsushi.operations.stack.OperationException;
import dev.utsushi.stream.RangeReader;
import dev.utsushi.stream.RangeReader.State;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.sqs.model.Message;

/**
 * Reads the messages of a queue and leaves them there. SQS has no other way than to receive each
 * message, which is then in flight, and to release it at the end, so that none is received twice.
 * It keeps only those parts of an item that are shown, since a queue may hold more than fits into
 * memory.
 */
public record DeadLetterScan(OperatedQueue queue) {
  private static final Duration LONGEST_READ = Duration.ofSeconds(30);
  private static final String WRITE_AGAIN =
      "which items they changed is unknown now: write the items that changed about then again (or"
          + " all items), then purge the message";

  /** The JSON of {@code dlq show}. */
  public record Shown(
      @JsonUnwrapped DeployedStream stream,
      Instant at,
      boolean complete,
      List<ShownMessage> messages) {}

  /** A message with its records. */
  public record ShownMessage(@JsonUnwrapped MessageView message, @JsonUnwrapped Records records) {}

  /**
   * The records of a message.
   *
   * @param recordsProblem why some are missing; null if none are
   * @param filtered how many more the mapping filters out
   */
  public record Records(
      State recordsAre, @Nullable String recordsProblem, int filtered, List<ShownRecord> records) {
    static Records of(RangeReader.Records read, KeySchema keySchema, boolean values) {
      return new Records(
          read.state() == State.TOO_LARGE ? State.UNAVAILABLE : read.state(),
          problem(read),
          read.filtered(),
          read.records().stream().map(each -> ShownRecord.of(each, keySchema, values)).toList());
    }

    private static @Nullable String problem(RangeReader.Records read) {
      return switch (read.state()) {
        case CAPTURED, IN_STREAM -> null;
        case PARTLY_EXPIRED -> "the others have expired from the stream; " + WRITE_AGAIN;
        case EXPIRED -> "they have expired from the stream (24 hours); " + WRITE_AGAIN;
        case TOO_LARGE -> "there are too many to show; replay them";
        case UNAVAILABLE ->
            ("the stream can't be read now: %s. This needs dynamodb:GetShardIterator and"
                    + " dynamodb:GetRecords on it")
                .formatted(read.cause());
        case NONE -> read.cause();
      };
    }
  }

  /**
   * A record.
   *
   * @param id of its document; null if its keys are not the table's
   */
  public record ShownRecord(
      @Nullable String id,
      String eventName,
      @Nullable Instant changedAt,
      String sequenceNumber,
      @Nullable Map<String, Object> keys,
      @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Map<String, Object> newImage) {
    private static ShownRecord of(StreamRecord each, KeySchema keySchema, boolean values) {
      return new ShownRecord(
          each.keys() == null ? null : documentId(each.keys(), keySchema),
          Objects.requireNonNullElse(each.eventName(), "-"),
          each.changedAt(),
          Objects.requireNonNullElse(each.sequenceNumber(), "-"),
          each.keys() == null ? null : RecordJson.typed(each.keys()),
          each.newImage() == null || !values ? null : RecordJson.typed(each.newImage()));
    }

    private static @Nullable String documentId(Map<String, Value> keys, KeySchema keySchema) {
      String sortKey = keySchema.sortKey();
      Value partition = keys.get(keySchema.partitionKey());
      Value sort = sortKey == null ? null : keys.get(sortKey);
      if (partition == null || (sort == null && sortKey != null)) {
        return null;
      }
      try {
        return DocumentId.of(new ItemKey(partition, sort));
      } catch (IllegalArgumentException _) {
        return null;
      }
    }
  }

  /**
   * Lists messages.
   *
   * @param max the most messages to read
   * @throws OperationException if SQS does not answer or does not permit it
   */
  public DeadLetterListing list(int max) {
    return list(max, (_, _) -> {});
  }

  /**
   * Lists messages with their records, which it reads from the stream if a message has none.
   *
   * @param prefixes the beginnings of their ids; without any, all
   * @param values whether to show the items, and not only their keys
   * @throws OperationException if SQS does not answer or does not permit it, or if the filter of
   *     the replay function can't be read
   */
  public Shown show(int max, List<String> prefixes, boolean values) {
    Map<String, Records> captured = new HashMap<>();
    DeadLetterListing listing =
        list(
            max,
            (id, letter) -> {
              if (letter.form() == Form.CAPTURED
                  && (prefixes.isEmpty() || prefixes.stream().anyMatch(id::startsWith))) {
                captured.put(id, records(letter, values));
              }
            });
    List<ShownMessage> messages = new ArrayList<>();
    for (MessageView each : listing.matching(prefixes)) {
      Records records =
          each.ids()
              .map(captured::get)
              .filter(Objects::nonNull)
              .findFirst()
              .orElseGet(() -> records(each.letter(), values));
      messages.add(new ShownMessage(each, records));
    }
    return new Shown(listing.stream(), listing.at(), listing.complete(), messages);
  }

  private Records records(DeadLetter letter, boolean values) {
    var read =
        new RangeReader(
                queue.clients().streams(),
                Optional.of(queue.clients().kinesis()),
                queue.stream().filter())
            .read(letter, Deadline.in(LONGEST_READ, InstantSource.system()));
    return Records.of(read, queue.stream().keySchema(), values);
  }

  private DeadLetterListing list(int max, BiConsumer<String, DeadLetter> visitor) {
    var before = queue.figures();
    Map<String, Received> received = new LinkedHashMap<>();
    boolean complete;
    try {
      complete = receive(max, before.visible(), received, visitor);
    } finally {
      queue.release(received.values().stream().map(Received::message).toList());
    }
    return DeadLetterListing.of(
        queue.stream(),
        Instant.now(),
        received.values(),
        before.retention(),
        complete,
        before.inFlight());
  }

  /** The queue's figure lags: there may be more messages than it says. */
  static String progress(int read, long visible) {
    return "read %,d of about %,d messages".formatted(read, Math.max(visible, read));
  }

  /** Returns whether the queue has no other messages. */
  private boolean receive(
      int max,
      long visible,
      Map<String, Received> received,
      BiConsumer<String, DeadLetter> visitor) {
    long end = OperatedQueue.endOfReceiving();
    while (received.size() < max && System.nanoTime() < end) {
      if (!received.isEmpty()) {
        queue.progress().status(progress(received.size(), visible));
      }
      List<Message> some = queue.receive(max - received.size());
      if (some.isEmpty()) {
        return true;
      }
      for (Message message : some) {
        DeadLetter letter = DeadLetter.parse(message.body(), queue.stream().sources());
        received.put(message.messageId(), Received.of(message, letter));
        visitor.accept(message.messageId(), letter);
      }
    }
    return received.size() == max && visible <= max;
  }
}
