package dev.utsushi.cli.dlq;

import static dev.utsushi.cli.dlq.Words.counted;

import dev.utsushi.cli.dlq.Listing.Entry;
import dev.utsushi.cli.terminal.Terminal;
import dev.utsushi.cli.terminal.TextTable;
import dev.utsushi.core.deadletter.DeadLetter;
import dev.utsushi.core.deadletter.Failure;
import dev.utsushi.operations.stack.DeployedStream;
import java.time.Duration;
import java.util.Objects;

/** What is in a message, for people. */
final class ShowScreen {
  private final Terminal terminal;
  private final Listing listing;
  private final boolean values;

  /**
   * Shows messages of a listing.
   *
   * @param values whether items are shown, not their keys alone
   */
  ShowScreen(Terminal terminal, Listing listing, boolean values) {
    this.terminal = terminal;
    this.listing = listing;
    this.values = values;
  }

  void show(Entry entry, ShownRecords records) {
    Letter letter = entry.letter();
    terminal.heading("Message " + letter.messageId());
    String doubles =
        entry.copies().isEmpty() ? "" : "; doubles: " + String.join(", ", entry.copies());
    field("form", Words.form(letter.form()) + part(letter.content()) + doubles);
    letter.failure().ifPresent(failure -> tell(letter, failure));
    if (letter.content() instanceof DeadLetter.Captured captured && captured.reason() != null) {
      field("second try", captured.reason());
    }
    field("left", left(letter));
    if (records.problem() != null) {
      field("records", records.problem());
    }
    tell(records);
  }

  /** Closes the screen: nothing shown, or not all there is. */
  void end(int shown, DeployedStream stream) {
    if (shown == 0) {
      terminal.good("No dead letters: the queue of %s is empty.".formatted(stream.title()));
    }
    if (!listing.complete()) {
      terminal.bad("There are more messages than were looked at: --max takes more.");
    }
  }

  private static String part(DeadLetter content) {
    return content instanceof DeadLetter.Captured captured && captured.parts() > 1
        ? ", part %d of %d".formatted(captured.part(), captured.parts())
        : "";
  }

  private void tell(Letter letter, Failure failure) {
    field(
        "failed",
        "%s (%s ago) %s"
            .formatted(
                Words.seconds(failure.failedAt()),
                Spans.text(Duration.between(failure.failedAt(), listing.at())),
                Words.failure(failure, letter.functionError().orElse(""))));
    field("stream", failure.range().streamArn());
    field("shard", failure.range().shardId());
    field(
        "range",
        "%s to %s, a batch of %s"
            .formatted(
                failure.range().startSequenceNumber(),
                failure.range().endSequenceNumber(),
                counted(failure.range().batchSize(), "record", "records")));
  }

  private String left(Letter letter) {
    var forgottenAt = letter.forgottenAt(listing.retention());
    return letter.isExpired(listing.at(), listing.retention())
        ? "nothing: the stream has forgotten its records"
        : "%s, until %s"
            .formatted(
                Spans.text(Duration.between(listing.at(), forgottenAt)),
                Words.seconds(forgottenAt));
  }

  private void tell(ShownRecords records) {
    if (records.records().isEmpty()) {
      return;
    }
    var table = new TextTable("event", "changed", "sequence number", "key");
    for (ShownRecord each : records.records()) {
      table.row(
          each.eventName(),
          each.changedAt() == null ? "-" : Words.seconds(each.changedAt()),
          each.sequenceNumber(),
          Objects.requireNonNullElse(each.id(), "not of this table's keys"));
    }
    terminal.wholeTable(table);
    if (values) {
      records.records().forEach(this::tellValues);
    }
  }

  private void tellValues(ShownRecord each) {
    terminal.line("");
    terminal.line("  " + each.sequenceNumber());
    terminal.line(
        "  " + (each.newImage().isMissingNode() ? each.keys() : each.newImage()).toString());
  }

  private void field(String name, String text) {
    terminal.line("  %-11s %s".formatted(name, text));
  }
}
