package dev.utsushi.operations.deadletters;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectWriter;
import dev.utsushi.core.deadletter.DeadLetter;
import dev.utsushi.core.deadletter.DeadLetter.Form;
import dev.utsushi.core.deadletter.DeadLetterJson;
import dev.utsushi.core.deadletter.ReplayReply;
import dev.utsushi.core.record.KeySchema;
import dev.utsushi.core.record.RecordJson;
import dev.utsushi.core.record.StreamRecord;
import dev.utsushi.operations.deadletters.DeadLetterListing.Entry;
import dev.utsushi.operations.stack.DeployedStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A message as {@code --json} writes it; with the outer objects of the four commands. */
public record MessageView(
    String messageId,
    Form form,
    Instant failedAt,
    Instant sentAt,
    long ageSeconds,
    Instant forgottenAt,
    long secondsLeft,
    boolean expired,
    int receives,
    int recordCount,
    List<String> copies,
    @JsonUnwrapped @Nullable Batch batch,
    @JsonUnwrapped Content content,
    @JsonUnwrapped @Nullable Records shown) {

  /** What Lambda says about the batch. */
  public record Batch(
      String condition,
      int attempts,
      String streamArn,
      String shardId,
      String startSequenceNumber,
      String endSequenceNumber) {}

  /** What only messages of one form have. */
  public sealed interface Content {
    /** A captured message. */
    record Captured(Instant capturedAt, int part, int parts, @Nullable String reason)
        implements Content {}

    /** A reference. */
    record Reference(@Nullable String reason) implements Content {}

    /** A foreign or malformed message. */
    record Unknown(String problem) implements Content {}
  }

  /** The records of a message. */
  public record Records(
      MessageRecords.State recordsAre, @Nullable String recordsProblem, List<Row> records) {}

  /** A record. */
  public record Row(
      @Nullable String id,
      String eventName,
      @Nullable Instant changedAt,
      String sequenceNumber,
      @Nullable Map<String, Object> keys,
      @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Map<String, Object> newImage) {}

  /** What the JSON of every command begins with. */
  public record Heading(
      String stack, String region, String index, String tableArn, String queueUrl, Instant at) {
    static Heading of(DeployedStream stream, Instant at) {
      return new Heading(
          stream.stack(),
          stream.region(),
          stream.index(),
          stream.tableArn(),
          stream.queueUrl(),
          at);
    }
  }

  /** The JSON of {@code dlq list}. */
  public record Listed(
      @JsonUnwrapped Heading heading,
      boolean complete,
      long hiddenByOthers,
      List<MessageView> messages,
      Totals totals) {}

  /** The totals of {@code dlq list}. */
  public record Totals(
      int messages,
      long doubles,
      long records,
      long captured,
      long reference,
      long foreign,
      long malformed,
      long expired) {}

  /** The JSON of {@code dlq show}. */
  public record Shown(
      @JsonUnwrapped Heading heading, boolean complete, List<MessageView> messages) {}

  /** The JSON of {@code dlq replay}: the function's replies as one. */
  public record Replayed(
      @JsonUnwrapped Heading heading, @JsonUnwrapped ReplayReply reply, long others, long left) {}

  /** The JSON of {@code dlq purge}. */
  public record Purged(
      @JsonUnwrapped Heading heading, long deleted, long left, @Nullable String export) {}

  /** Returns the JSON of {@code dlq list}. */
  public static Listed of(DeployedStream stream, DeadLetterListing listing) {
    return new Listed(
        Heading.of(stream, listing.at()),
        listing.complete(),
        listing.inFlight(),
        listing.entries().stream().map(entry -> of(entry, listing, null)).toList(),
        new Totals(
            listing.entries().size(),
            listing.duplicates(),
            listing.recordCount(),
            listing.count(Form.CAPTURED),
            listing.count(Form.REFERENCE),
            listing.count(Form.FOREIGN),
            listing.count(Form.MALFORMED),
            listing.expired()));
  }

  /** Returns the JSON of {@code dlq show}. */
  public static Shown of(
      DeployedStream stream, DeadLetterListing listing, List<MessageView> messages) {
    return new Shown(Heading.of(stream, listing.at()), listing.complete(), messages);
  }

  /** Returns the JSON of {@code dlq replay}. */
  public static Replayed of(DeployedStream stream, ReplayLoop.Result result) {
    return new Replayed(
        Heading.of(stream, Instant.now()),
        result.reply(),
        result.others(),
        result.kept().size() + result.others());
  }

  /**
   * Returns the JSON of {@code dlq purge}.
   *
   * @param export the file; null if there was nothing to purge
   */
  public static Purged of(DeployedStream stream, long deleted, long left, @Nullable Path export) {
    return new Purged(
        Heading.of(stream, Instant.now()),
        deleted,
        left,
        export == null ? null : export.toAbsolutePath().toString());
  }

  /** Returns a message with its records. */
  public static MessageView of(
      Entry entry,
      DeadLetterListing listing,
      MessageRecords records,
      KeySchema keySchema,
      boolean values) {
    List<Row> rows = records.records().stream().map(each -> row(each, keySchema, values)).toList();
    return of(entry, listing, new Records(records.state(), records.problem(), rows));
  }

  private static MessageView of(Entry entry, DeadLetterListing listing, @Nullable Records records) {
    Instant forgottenAt = entry.forgottenAt(listing.retention());
    return new MessageView(
        entry.messageId(),
        entry.letter().form(),
        entry.failedAt(),
        entry.sentAt(),
        Duration.between(entry.failedAt(), listing.at()).toSeconds(),
        forgottenAt,
        Math.max(0, Duration.between(listing.at(), forgottenAt).toSeconds()),
        listing.isExpired(entry),
        entry.receives(),
        entry.recordCount(),
        entry.copies(),
        entry.failure().map(MessageView::batch).orElse(null),
        content(entry.letter()),
        records);
  }

  private static Batch batch(DeadLetter.Failure failure) {
    return new Batch(
        failure.condition(),
        failure.invocations(),
        failure.range().streamArn(),
        failure.range().shardId(),
        failure.range().startSequenceNumber(),
        failure.range().endSequenceNumber());
  }

  private static Content content(DeadLetter letter) {
    return switch (letter) {
      case DeadLetter.Captured captured ->
          new Content.Captured(
              captured.capturedAt(), captured.part(), captured.parts(), captured.reason());
      case DeadLetter.Reference _ -> new Content.Reference(null);
      case DeadLetter.Foreign(String problem) -> new Content.Unknown(problem);
      case DeadLetter.Malformed(String problem) -> new Content.Unknown(problem);
    };
  }

  private static Row row(StreamRecord each, KeySchema keySchema, boolean values) {
    return new Row(
        MessageRecords.documentId(each, keySchema),
        Objects.requireNonNullElse(each.eventName(), "-"),
        each.changedAt(),
        Objects.requireNonNullElse(each.sequenceNumber(), "-"),
        each.keys() == null ? null : RecordJson.typed(each.keys()),
        each.newImage() == null || !values ? null : RecordJson.typed(each.newImage()));
  }

  /** Writes a value as one line of JSON. */
  public static String line(Object value) {
    return write(DeadLetterJson.MAPPER.writer(), value);
  }

  /** Writes the JSON of a command. */
  public static String json(Object answer) {
    return write(DeadLetterJson.MAPPER.writerWithDefaultPrettyPrinter(), answer);
  }

  private static String write(ObjectWriter writer, Object value) {
    try {
      return writer.writeValueAsString(value);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }
}
