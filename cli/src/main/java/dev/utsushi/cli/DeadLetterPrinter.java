package dev.utsushi.cli;

import dev.utsushi.cli.terminal.Terminal;
import dev.utsushi.cli.terminal.TextTable;
import dev.utsushi.cli.terminal.TextTable.Column;
import dev.utsushi.core.deadletter.DeadLetter.Failure;
import dev.utsushi.core.deadletter.DeadLetterJson;
import dev.utsushi.core.deadletter.StreamRange;
import dev.utsushi.operations.deadletters.DeadLetterListing;
import dev.utsushi.operations.deadletters.DeadLetterScan.Records;
import dev.utsushi.operations.deadletters.DeadLetterScan.Shown;
import dev.utsushi.operations.deadletters.DeadLetterScan.ShownMessage;
import dev.utsushi.operations.deadletters.DeadLetterScan.ShownRecord;
import dev.utsushi.operations.deadletters.MessageView;
import dev.utsushi.operations.deadletters.MessageView.Batch;
import dev.utsushi.operations.deadletters.MessageView.Content;
import dev.utsushi.operations.deadletters.OperatedQueue;
import dev.utsushi.operations.deadletters.Purge;
import dev.utsushi.operations.deadletters.Restore;
import dev.utsushi.operations.stack.DeployedStream;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * Prints dead letters, and what became of them, for people.
 *
 * @param options the options that select the stream, to suggest the next command with
 */
record DeadLetterPrinter(Terminal terminal, DeployedStream stream, String options)
    implements OperatedQueue.Progress {
  private static final int SHORT_ID = 8;

  /** More messages with one cause become one table. */
  private static final int MOST_DETAILED = 3;

  private static final List<Column<MessageView>> LIST =
      List.of(
          new Column<>("message", each -> shortId(each.messageId())),
          new Column<>("age", each -> span(each.ageSeconds())),
          new Column<>("left", each -> each.expired() ? "expired" : span(each.secondsLeft())),
          new Column<>("form", each -> name(each.form())),
          ofBatch("condition", "-", (_, batch) -> condition(batch.condition())),
          ofBatch("attempts", "", (_, batch) -> Integer.toString(batch.attempts())),
          ofBatch("records", "", (each, _) -> Integer.toString(each.recordCount())),
          ofBatch("shard", "-", (_, batch) -> tail(batch.shardId())),
          ofBatch("range", "-", (_, batch) -> range(batch)));

  @Override
  public void status(String text) {
    terminal.status(text);
  }

  @Override
  public void warn(String text) {
    terminal.bad(text);
  }

  /** Prints {@code dlq list}. */
  public void list(DeadLetterListing listing) {
    List<MessageView> messages = listing.messages();
    if (messages.isEmpty()) {
      empty();
      others(listing);
      return;
    }
    terminal.heading("Dead letters of " + stream.title());
    terminal.wholeTable(TextTable.of(LIST, messages));
    terminal.line("");
    totals(listing.totals());
    terminal.line("");
    terminal.line("Why they failed:");
    listing.causes().forEach(each -> total(each.messages(), TextTable.escaped(each.cause(), 0)));
    others(listing);
    String first = shortId(messages.getFirst().messageId());
    terminal.line("");
    terminal.line("Show one:              utsushi dlq show %s %s".formatted(options, first));
    terminal.line("See what replay does:  utsushi dlq replay %s --dry-run".formatted(options));
  }

  private void empty() {
    terminal.good("No dead letters: the queue of %s is empty.".formatted(stream.title()));
  }

  private static Column<MessageView> ofBatch(
      String head, String none, BiFunction<MessageView, Batch, String> cell) {
    return new Column<>(head, each -> each.batch() == null ? none : cell.apply(each, each.batch()));
  }

  private static String range(Batch batch) {
    String start = tail(batch.startSequenceNumber());
    String end = tail(batch.endSequenceNumber());
    boolean one = batch.startSequenceNumber().equals(batch.endSequenceNumber());
    return one ? start : start + " to " + end;
  }

  private void totals(DeadLetterListing.Totals totals) {
    long doubles = totals.doubles();
    terminal.line(
        messages(totals.messages())
            + (", " + records(totals.records()))
            + (doubles == 0 ? "" : "; %s not counted".formatted(counted(doubles, "duplicate"))));
    total(totals.captured(), "captured   hold their records: can be replayed while in the queue");
    total(
        totals.reference(),
        "reference  can be replayed while the stream has their records, 24 hours");
    if (totals.expired() > 0) {
      terminal.line(
          "  %,d of these expired: write the items that changed then again, and purge"
              .formatted(totals.expired()));
    }
    total(totals.foreign(), "foreign    not of this table, never replayed: show them, then purge");
    total(totals.malformed(), "malformed  unreadable, never replayed: show them, then purge");
  }

  private void total(long count, String meaning) {
    if (count > 0) {
      terminal.line("%,6d %s".formatted(count, meaning));
    }
  }

  private void others(DeadLetterListing listing) {
    incomplete(listing.complete());
    if (listing.hiddenByOthers() > 0) {
      terminal.bad(
          "%s in flight: a replay or another list is running. Try again in two minutes."
              .formatted(messages(listing.hiddenByOthers(), " was", " were")));
    }
  }

  private void incomplete(boolean complete) {
    if (!complete) {
      terminal.bad("The queue holds more messages than were read: raise --max.");
    }
  }

  /**
   * Prints {@code dlq show}.
   *
   * @param values whether to print the items, and not only their keys
   */
  public void show(Shown shown, boolean values) {
    if (shown.messages().isEmpty()) {
      empty();
    }
    var byCause = new DeadLettersByCause(terminal);
    for (List<ShownMessage> each : DeadLettersByCause.groups(shown.messages())) {
      if (each.size() > MOST_DETAILED && !values) {
        byCause.show(each);
      } else {
        each.forEach(message -> message(message, values));
      }
    }
    incomplete(shown.complete());
  }

  private void message(ShownMessage shown, boolean values) {
    MessageView message = shown.message();
    terminal.heading("Message " + message.messageId());
    String copies = String.join(", ", message.copies());
    field(
        "form",
        name(message.form()) + part(message) + (copies.isEmpty() ? "" : "; duplicates: " + copies));
    Failure failure = message.letter().failure();
    if (failure != null) {
      String failedAt = seconds(failure.failedAt());
      StreamRange range = failure.range();
      String numbers = range.startSequenceNumber() + " to " + range.endSequenceNumber();
      field(
          "failed",
          "%s (%s ago) %s".formatted(failedAt, span(message.ageSeconds()), cause(failure)));
      field("stream", range.streamArn());
      field("shard", range.shardId());
      field("range", numbers + ", a batch of " + records(range.batchSize()));
    }
    field("reason", message.cause());
    field(
        "left",
        message.expired()
            ? "nothing: its records have expired from the stream"
            : span(message.secondsLeft()) + ", until " + seconds(message.forgottenAt()));
    records(shown.records(), values);
  }

  private static String part(MessageView message) {
    return message.content() instanceof Content.Captured(_, int part, int parts, _) && parts > 1
        ? ", part %d of %d".formatted(part, parts)
        : "";
  }

  private static String cause(Failure failure) {
    String error = failure.functionError();
    String attempts = counted(failure.invocations(), "attempt");
    return switch (failure.condition()) {
      case "RetryAttemptsExhausted" ->
          error == null
              ? "after %s, the function reported it as failed".formatted(attempts)
              : "after %s, the function ended with %s".formatted(attempts, error);
      case "RecordAgeExceeded" ->
          "it grew older than the mapping's maximum record age, after " + attempts;
      default -> failure.condition() + ", after " + attempts;
    };
  }

  private void records(Records shown, boolean values) {
    if (shown.recordsProblem() != null) {
      field("records", shown.recordsProblem());
    }
    if (shown.filtered() > 0) {
      field("filtered", filtered(shown.filtered()));
    }
    if (shown.records().isEmpty()) {
      return;
    }
    var table = new TextTable("event", "changed", "sequence number", "key");
    for (ShownRecord each : shown.records()) {
      String key = each.id() == null ? "not of this table's keys" : each.id();
      table.row(each.eventName(), seconds(each.changedAt()), each.sequenceNumber(), key);
    }
    terminal.wholeTable(table);
    if (values) {
      shown.records().forEach(this::values);
    }
  }

  private void values(ShownRecord each) {
    var item = each.newImage() == null ? each.keys() : each.newImage();
    terminal.line("");
    terminal.line("  " + each.sequenceNumber());
    terminal.line("  " + DeadLetterJson.write(item == null ? Map.of() : item));
  }

  private void field(String name, String text) {
    terminal.line("  %-11s %s".formatted(name, TextTable.escaped(text, 0)));
  }

  /** Prints {@code dlq replay}. */
  ReplayPrinter replays() {
    return new ReplayPrinter(terminal, stream, options);
  }

  /** Prints the question of {@code dlq purge}. */
  public void purgeQuestion(int messages, long records, boolean complete, Path file) {
    String more = complete ? "" : ", and there are more than were read";
    terminal.line(
        "This deletes %s (%s) of %s%s."
            .formatted(messages(messages), records(records), stream.title(), more));
    terminal.line("Their changes will not reach the index.");
    terminal.line("They are exported first, to " + file);
    terminal.line("Type the name of the index, %s, to continue:".formatted(stream.index()));
  }

  /** Prints {@code dlq restore}. */
  public void restored(Restore.Result result) {
    terminal.good(
        "%s in the queue of %s again"
            .formatted(messages(result.restored(), " is", " are"), stream.title()));
  }

  /** Prints {@code dlq purge}. */
  public void purged(Purge.Result result) {
    terminal.good(
        result.export() == null
            ? "Nothing to purge in the queue of " + stream.title()
            : "%s deleted, and exported to %s"
                .formatted(messages(result.deleted(), " is", " are"), result.export()));
    if (result.left() > 0) {
      terminal.bad(
          "%s not deleted: they are in flight, or someone else deleted them. Try again in two minutes."
              .formatted(messages(result.left(), " was", " were")));
    }
  }

  static String shortId(String messageId) {
    return messageId.substring(0, Math.min(SHORT_ID, messageId.length()));
  }

  static String name(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT).replace('_', ' ');
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

  static String seconds(@Nullable Instant time) {
    return time == null ? "-" : time.truncatedTo(ChronoUnit.SECONDS).toString();
  }

  static String span(long seconds) {
    if (seconds >= 2 * 86_400) {
      return seconds / 86_400 + " d";
    }
    if (seconds >= 2 * 3_600) {
      return seconds / 3_600 + " h";
    }
    return seconds >= 120 ? seconds / 60 + " min" : seconds + " s";
  }

  static String messages(long count) {
    return counted(count, "message");
  }

  static String messages(long count, String one, String several) {
    return messages(count) + (count == 1 ? one : several);
  }

  static String records(long count) {
    return counted(count, "record");
  }

  static String filtered(int records) {
    return "%s not listed: the stream's filter patterns leave %s out"
        .formatted(records(records), records == 1 ? "it" : "them");
  }

  static String counted(long count, String noun) {
    return "%,d %s%s".formatted(count, noun, count == 1 ? "" : "s");
  }
}
