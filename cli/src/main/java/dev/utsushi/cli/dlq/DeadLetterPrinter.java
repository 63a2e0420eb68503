package dev.utsushi.cli.dlq;

import dev.utsushi.cli.terminal.Terminal;
import dev.utsushi.cli.terminal.TextTable;
import dev.utsushi.core.deadletter.DeadLetter;
import dev.utsushi.core.deadletter.DeadLetter.Failure;
import dev.utsushi.core.deadletter.DeadLetter.Form;
import dev.utsushi.core.deadletter.ReplayReply;
import dev.utsushi.core.deadletter.ReplayReply.Replayed;
import dev.utsushi.core.deadletter.ReplayReply.Totals;
import dev.utsushi.core.deadletter.StreamRange;
import dev.utsushi.core.index.IndexedVersion;
import dev.utsushi.core.index.Outcome;
import dev.utsushi.core.record.RecordJson;
import dev.utsushi.core.record.StreamRecord;
import dev.utsushi.operations.deadletters.DeadLetterListing;
import dev.utsushi.operations.deadletters.DeadLetterListing.Entry;
import dev.utsushi.operations.deadletters.MessageRecords;
import dev.utsushi.operations.deadletters.MessageView;
import dev.utsushi.operations.deadletters.ReplayLoop;
import dev.utsushi.operations.stack.DeployedStream;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Prints dead letters, and what became of them, for people. */
public final class DeadLetterPrinter {
  private static final int SHORT_ID = 8;

  /** A screen or two; --json has all of them. */
  private static final int MOST_KEPT_SHOWN = 40;

  private static final int MOST_RECORDS_SHOWN = 5;

  private final Terminal terminal;
  private final DeployedStream stream;
  private final String options;

  /**
   * @param options the options that select the stream, to suggest the next command with
   */
  public DeadLetterPrinter(Terminal terminal, DeployedStream stream, String options) {
    this.terminal = terminal;
    this.stream = stream;
    this.options = options;
  }

  /** Prints {@code dlq list}. */
  public void list(DeadLetterListing listing) {
    if (listing.entries().isEmpty()) {
      empty();
      others(listing);
      return;
    }
    terminal.heading("Dead letters of " + stream.title());
    var table =
        new TextTable(
            "message", "age", "left", "form", "condition", "attempts", "records", "shard", "range");
    listing.entries().forEach(entry -> table.row(row(entry, listing)));
    terminal.wholeTable(table);
    terminal.line("");
    totals(listing);
    others(listing);
    String first = shortId(listing.entries().getFirst().messageId());
    terminal.line("");
    terminal.line("Show one:              utsushi dlq show %s %s".formatted(options, first));
    terminal.line("See what replay does:  utsushi dlq replay %s --dry-run".formatted(options));
  }

  private void empty() {
    terminal.good("No dead letters: the queue of %s is empty.".formatted(stream.title()));
  }

  private static List<String> row(Entry entry, DeadLetterListing listing) {
    String left =
        listing.isExpired(entry)
            ? "expired"
            : span(Duration.between(listing.at(), entry.forgottenAt(listing.retention())));
    var failure = entry.failure();
    return List.of(
        shortId(entry.messageId()),
        span(Duration.between(entry.failedAt(), listing.at())),
        left,
        name(entry.letter().form()),
        failure.map(it -> condition(it.condition())).orElse("-"),
        failure.map(it -> Integer.toString(it.invocations())).orElse(""),
        failure.isPresent() ? Integer.toString(entry.recordCount()) : "",
        failure.map(it -> tail(it.range().shardId())).orElse("-"),
        failure.map(it -> range(it.range())).orElse("-"));
  }

  private static String range(StreamRange range) {
    String start = tail(range.startSequenceNumber());
    return range.startSequenceNumber().equals(range.endSequenceNumber())
        ? start
        : start + " to " + tail(range.endSequenceNumber());
  }

  private void totals(DeadLetterListing listing) {
    long duplicates = listing.duplicates();
    terminal.line(
        "%s, %s%s"
            .formatted(
                counted(listing.entries().size(), "message", "messages"),
                counted(listing.recordCount(), "record", "records"),
                duplicates == 0
                    ? ""
                    : "; %s not counted"
                        .formatted(counted(duplicates, "duplicate", "duplicates"))));
    total(listing, Form.CAPTURED, "hold their records: can be replayed while in the queue");
    total(listing, Form.REFERENCE, "can be replayed while the stream has their records, 24 hours");
    if (listing.expired() > 0) {
      terminal.line(
          "  %,d of these expired: write the items that changed then again, and purge"
              .formatted(listing.expired()));
    }
    total(listing, Form.FOREIGN, "not of this table, never replayed: show them, then purge");
    total(listing, Form.MALFORMED, "unreadable, never replayed: show them, then purge");
  }

  private void total(DeadLetterListing listing, Form form, String what) {
    if (listing.count(form) > 0) {
      terminal.line("%,6d %-10s %s".formatted(listing.count(form), name(form), what));
    }
  }

  private void others(DeadLetterListing listing) {
    incomplete(listing);
    if (listing.inFlight() > 0) {
      terminal.bad(
          "%s in flight: a replay or another list is running. Try again in two minutes."
              .formatted(counted(listing.inFlight(), "message was", "messages were")));
    }
  }

  private void incomplete(DeadLetterListing listing) {
    if (!listing.complete()) {
      terminal.bad("The queue holds more messages than were read: raise --max.");
    }
  }

  /**
   * Prints a message of {@code dlq show}.
   *
   * @param values whether to print the items, and not only their keys
   */
  public void show(Entry entry, DeadLetterListing listing, MessageRecords records, boolean values) {
    terminal.heading("Message " + entry.messageId());
    DeadLetter letter = entry.letter();
    String duplicates =
        entry.copies().isEmpty() ? "" : "; duplicates: " + String.join(", ", entry.copies());
    field("form", name(letter.form()) + part(letter) + duplicates);
    entry.failure().ifPresent(failure -> failure(failure, listing.at()));
    if (letter instanceof DeadLetter.Captured captured && captured.reason() != null) {
      field("second try", captured.reason());
    }
    Instant forgottenAt = entry.forgottenAt(listing.retention());
    field(
        "left",
        listing.isExpired(entry)
            ? "nothing: its records have expired from the stream"
            : "%s, until %s"
                .formatted(
                    span(Duration.between(listing.at(), forgottenAt)), seconds(forgottenAt)));
    if (records.problem() != null) {
      field("records", records.problem());
    }
    records(records.records(), values);
  }

  private static String part(DeadLetter letter) {
    return letter instanceof DeadLetter.Captured captured && captured.parts() > 1
        ? ", part %d of %d".formatted(captured.part(), captured.parts())
        : "";
  }

  private void failure(Failure failure, Instant now) {
    StreamRange range = failure.range();
    field(
        "failed",
        "%s (%s ago) %s"
            .formatted(
                seconds(failure.failedAt()),
                span(Duration.between(failure.failedAt(), now)),
                cause(failure)));
    field("stream", range.streamArn());
    field("shard", range.shardId());
    field(
        "range",
        "%s to %s, a batch of %s"
            .formatted(
                range.startSequenceNumber(),
                range.endSequenceNumber(),
                counted(range.batchSize(), "record", "records")));
  }

  private static String cause(Failure failure) {
    String error = failure.functionError();
    String attempts = counted(failure.invocations(), "attempt", "attempts");
    return switch (failure.condition()) {
      case "RetryAttemptsExhausted" ->
          "after %s, %s"
              .formatted(
                  attempts,
                  error == null
                      ? "the function reported it as failed"
                      : "the function ended with " + error);
      case "RecordAgeExceeded" ->
          "it grew older than the mapping's maximum record age, after " + attempts;
      default -> "%s, after %s".formatted(failure.condition(), attempts);
    };
  }

  private void records(List<StreamRecord> records, boolean values) {
    if (records.isEmpty()) {
      return;
    }
    var table = new TextTable("event", "changed", "sequence number", "key");
    for (StreamRecord each : records) {
      table.row(
          Objects.requireNonNullElse(each.eventName(), "-"),
          each.changedAt() == null ? "-" : seconds(each.changedAt()),
          Objects.requireNonNullElse(each.sequenceNumber(), "-"),
          Objects.requireNonNullElse(
              MessageRecords.documentId(each, stream.keySchema()), "not of this table's keys"));
    }
    terminal.wholeTable(table);
    if (values) {
      records.forEach(this::values);
    }
  }

  private void values(StreamRecord each) {
    var item = each.newImage() == null ? each.keys() : each.newImage();
    terminal.line("");
    terminal.line("  " + each.sequenceNumber());
    terminal.line("  " + MessageView.line(RecordJson.typed(item == null ? Map.of() : item)));
  }

  private void field(String name, String text) {
    terminal.line("  %-11s %s".formatted(name, text));
  }

  /** Prints the end of {@code dlq show}. */
  public void showEnd(DeadLetterListing listing) {
    if (listing.entries().isEmpty()) {
      empty();
    }
    incomplete(listing);
  }

  /** Prints {@code dlq replay}. */
  public void replay(ReplayLoop.Result result) {
    ReplayReply reply = result.reply();
    terminal.heading((reply.dryRun() ? "A replay would do this: " : "Replayed: ") + stream.title());
    if (reply.messages().isEmpty()) {
      terminal.line(
          result.others() == 0
              ? "Nothing to replay: the queue is empty."
              : "Nothing replayed: no message is old enough, or all are in flight.");
    } else {
      if (reply.dryRun()) {
        dryRun(reply);
      }
      terminal.line(summary(reply));
      kept(result);
    }
    verdict(result);
  }

  private void dryRun(ReplayReply reply) {
    var table = new TextTable("would be", "event", "changed", "in the index now", "message", "key");
    for (ReplayReply.Message message : reply.messages()) {
      for (Replayed each : message.records()) {
        table.row(
            name(each.outcome()),
            Objects.requireNonNullElse(each.eventName(), "-"),
            each.changedAt() == null ? "-" : seconds(each.changedAt()),
            each.outcome() == Outcome.Kind.EXPIRED ? "-" : indexed(each.standing()),
            shortId(message.messageId()),
            key(each));
      }
    }
    terminal.wholeTable(table);
    terminal.line("");
  }

  private static String indexed(@Nullable IndexedVersion indexed) {
    if (indexed == null) {
      return "nothing";
    }
    if (indexed.version() == null) {
      return "a document of others";
    }
    String of = indexed.changedAt() == null ? "" : " of " + seconds(indexed.changedAt());
    return (indexed.deleted() ? "a removal" : "a change") + of;
  }

  private static String summary(ReplayReply reply) {
    Totals totals = reply.totals();
    String counts =
        "%s, %s: %s."
            .formatted(
                counted(totals.messages(), "message", "messages"),
                counted(totals.records(), "record", "records"),
                outcomes(totals));
    return reply.dryRun()
        ? "Dry run: nothing was changed. " + counts
        : "%s %,d deleted, %,d kept.".formatted(counts, totals.deleted(), totals.kept());
  }

  private static String outcomes(Totals totals) {
    String counts =
        Arrays.stream(Outcome.Kind.values())
            .filter(kind -> totals.count(kind) > 0)
            .map(kind -> "%,d %s".formatted(totals.count(kind), name(kind)))
            .collect(Collectors.joining(", "));
    return counts.isEmpty() ? "no records" : counts;
  }

  private void kept(ReplayLoop.Result result) {
    List<ReplayReply.Message> kept = result.kept();
    if (kept.isEmpty()) {
      return;
    }
    terminal.heading(result.reply().dryRun() ? "Would stay in the queue" : "Kept in the queue");
    kept.stream().limit(MOST_KEPT_SHOWN).forEach(this::kept);
    if (kept.size() > MOST_KEPT_SHOWN) {
      terminal.line("  and %,d more: --json lists all".formatted(kept.size() - MOST_KEPT_SHOWN));
    }
  }

  private void kept(ReplayReply.Message message) {
    terminal.line("  %s  %s".formatted(shortId(message.messageId()), name(message.form())));
    List<Replayed> failed =
        message.records().stream().filter(each -> !each.outcome().isProcessed()).toList();
    for (Replayed each : failed.subList(0, Math.min(failed.size(), MOST_RECORDS_SHOWN))) {
      String reason = each.reason() == null ? "" : ": " + each.reason();
      terminal.line("    %s %s%s".formatted(name(each.outcome()), key(each), reason));
    }
    if (failed.size() > MOST_RECORDS_SHOWN) {
      terminal.line("    and %,d more records".formatted(failed.size() - MOST_RECORDS_SHOWN));
    }
    if (message.note() != null) {
      terminal.line("    -> " + message.note());
    }
  }

  private void verdict(ReplayLoop.Result result) {
    boolean dryRun = result.reply().dryRun();
    if (result.isAll()) {
      terminal.good(
          dryRun ? "A replay would leave nothing in the queue." : "Nothing is left in the queue.");
      return;
    }
    if (result.others() > 0) {
      terminal.bad(
          "About %s not replayed."
              .formatted(
                  counted(
                      result.others(), "message in the queue was", "messages in the queue were")));
    }
    int kept = result.kept().size();
    if (kept > 0) {
      terminal.bad(
          "%s %s in the queue. Fix the causes above, then run utsushi dlq replay %s"
              .formatted(
                  counted(kept, "message", "messages"),
                  dryRun ? "would stay" : kept == 1 ? "stays" : "stay",
                  options));
    }
  }

  /**
   * Prints how far a replay came before it was stopped.
   *
   * @param left about how many messages are in the queue; empty if unknown
   */
  public void replayStopped(List<ReplayReply.Message> messages, OptionalLong left) {
    if (left.isEmpty()) {
      return;
    }
    Totals totals = Totals.of(messages);
    terminal.line(
        messages.isEmpty()
            ? "No invocation has replied yet."
            : "Replayed so far: %s; %,d deleted, %,d kept; %s."
                .formatted(
                    counted(totals.messages(), "message", "messages"),
                    totals.deleted(),
                    totals.kept(),
                    outcomes(totals)));
    terminal.line(
        "About %s in the queue. Nothing is lost: a running invocation goes on in the function, and"
                .formatted(counted(left.getAsLong(), "message is", "messages are"))
            + " messages that it does not finish become visible again by themselves.");
  }

  /** Prints that no message was selected. */
  public void nothingToPurge() {
    terminal.good("Nothing to purge in the queue of " + stream.title());
  }

  /** Prints the question of {@code dlq purge}. */
  public void purgeQuestion(int messages, long records, boolean complete, Path file) {
    terminal.line(
        "This deletes %s (%s) of %s%s."
            .formatted(
                counted(messages, "message", "messages"),
                counted(records, "record", "records"),
                stream.title(),
                complete ? "" : ", and there are more than were read"));
    terminal.line("Their changes will not reach the index.");
    terminal.line("They are exported first, to " + file);
    terminal.line("Type the name of the index, %s, to continue:".formatted(stream.index()));
  }

  /** Prints that the answer was no. */
  public void notPurged() {
    terminal.line("Nothing was deleted.");
  }

  /** Prints {@code dlq purge}. */
  public void purged(long deleted, int left, Path file) {
    terminal.good(
        "%s deleted, and exported to %s"
            .formatted(counted(deleted, "message is", "messages are"), file.toAbsolutePath()));
    if (left > 0) {
      terminal.bad(
          "%s not deleted: they are in flight, or someone else deleted them. Try again in two minutes."
              .formatted(counted(left, "message was", "messages were")));
    }
  }

  private static String key(Replayed each) {
    String sequenceNumber = Objects.requireNonNullElse(each.sequenceNumber(), "-");
    return each.id() == null ? "sequence number " + sequenceNumber : each.id();
  }

  private static String shortId(String messageId) {
    return messageId.substring(0, Math.min(SHORT_ID, messageId.length()));
  }

  private static String name(Form form) {
    return form.name().toLowerCase(Locale.ROOT);
  }

  private static String name(Outcome.Kind outcome) {
    return outcome.name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }

  private static String condition(String condition) {
    return switch (condition) {
      case "RetryAttemptsExhausted" -> "attempts used up";
      case "RecordAgeExceeded" -> "grew too old";
      default -> condition;
    };
  }

  /** Returns the end, which tells shards and sequence numbers apart. */
  private static String tail(String text) {
    return text.length() <= 10 ? text : "…" + text.substring(text.length() - 9);
  }

  private static String seconds(Instant time) {
    return time.truncatedTo(ChronoUnit.SECONDS).toString();
  }

  private static String span(Duration span) {
    if (span.toDays() >= 2) {
      return span.toDays() + " d";
    }
    if (span.toHours() >= 2) {
      return span.toHours() + " h";
    }
    return span.toMinutes() >= 2 ? span.toMinutes() + " min" : span.toSeconds() + " s";
  }

  /** Returns a count with its noun. */
  public static String counted(long count, String one, String several) {
    return "%,d %s".formatted(count, count == 1 ? one : several);
  }
}
