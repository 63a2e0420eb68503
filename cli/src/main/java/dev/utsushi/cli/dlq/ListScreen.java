package dev.utsushi.cli.dlq;

import static dev.utsushi.cli.dlq.Words.counted;

import dev.utsushi.cli.dlq.Listing.Entry;
import dev.utsushi.cli.terminal.Terminal;
import dev.utsushi.cli.terminal.TextTable;
import dev.utsushi.core.deadletter.DeadLetter.Form;
import dev.utsushi.core.deadletter.Failure;
import dev.utsushi.core.deadletter.StreamRange;
import dev.utsushi.operations.stack.DeployedStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A listing for people. */
final class ListScreen {
  private final Terminal terminal;
  private final DeployedStream stream;
  private final Listing listing;

  ListScreen(Terminal terminal, DeployedStream stream, Listing listing) {
    this.terminal = terminal;
    this.stream = stream;
    this.listing = listing;
  }

  /**
   * Shows it.
   *
   * @param options the words of the command line that lead to this queue, for what to type next
   */
  void show(String options) {
    if (listing.entries().isEmpty()) {
      terminal.good("No dead letters: the queue of %s is empty.".formatted(stream.title()));
      tellOthers();
      return;
    }
    terminal.heading("Dead letters of " + stream.title());
    terminal.wholeTable(table());
    terminal.line("");
    totals().forEach(terminal::line);
    tellOthers();
    int length = listing.shortIdLength();
    String first = listing.entries().getFirst().letter().messageId().substring(0, length);
    terminal.line("");
    terminal.line("What is in one:      utsushi dlq show %s %s".formatted(options, first));
    terminal.line("What a replay does:  utsushi dlq replay %s --dry-run".formatted(options));
  }

  private TextTable table() {
    var table =
        new TextTable(
            "message", "age", "left", "form", "condition", "attempts", "records", "shard", "range");
    listing.entries().forEach(entry -> table.row(row(entry)));
    return table;
  }

  private List<String> row(Entry entry) {
    Letter letter = entry.letter();
    List<String> row = new ArrayList<>();
    row.add(letter.messageId().substring(0, listing.shortIdLength()));
    row.add(Spans.text(Duration.between(letter.failedAt(), listing.at())));
    row.add(left(letter));
    row.add(Words.form(letter.form()));
    Optional<Failure> failure = letter.failure();
    row.add(failure.map(it -> Words.condition(it.condition())).orElse("-"));
    row.add(failure.map(it -> Integer.toString(it.invocations())).orElse(""));
    row.add(failure.isPresent() ? Integer.toString(letter.recordCount()) : "");
    row.add(failure.map(it -> Words.tail(it.range().shardId())).orElse("-"));
    row.add(failure.map(it -> range(it.range())).orElse("-"));
    return row;
  }

  private String left(Letter letter) {
    return letter.isExpired(listing.at(), listing.retention())
        ? "expired"
        : Spans.text(Duration.between(listing.at(), letter.forgottenAt(listing.retention())));
  }

  private static String range(StreamRange range) {
    String start = Words.tail(range.startSequenceNumber());
    return range.startSequenceNumber().equals(range.endSequenceNumber())
        ? start
        : start + " to " + Words.tail(range.endSequenceNumber());
  }

  private List<String> totals() {
    List<String> lines = new ArrayList<>();
    lines.add(
        "%s, %s%s"
            .formatted(
                counted(listing.entries().size(), "message", "messages"),
                counted(listing.recordCount(), "record", "records"),
                listing.doubles() == 0
                    ? ""
                    : "; %s, counted once"
                        .formatted(counted(listing.doubles(), "double", "doubles"))));
    tell(lines, Form.CAPTURED, "hold their records: they replay until the queue forgets them");
    tell(lines, Form.REFERENCE, "replay for as long as the stream has their records, 24 hours");
    if (listing.expired() > 0) {
      lines.add(
          "  %,d of these expired: write the table's items again that changed then, and purge"
              .formatted(listing.expired()));
    }
    tell(lines, Form.FOREIGN, "not of this table: a replay leaves them; look, then purge");
    tell(lines, Form.MALFORMED, "can't be read: a replay leaves them; look, then purge");
    return lines;
  }

  private void tell(List<String> lines, Form form, String what) {
    if (listing.count(form) > 0) {
      lines.add("%,6d %-10s %s".formatted(listing.count(form), Words.form(form), what));
    }
  }

  private void tellOthers() {
    if (!listing.complete()) {
      terminal.bad("There are more messages than were looked at: --max takes more.");
    }
    if (listing.hidden() > 0) {
      terminal.bad(
          "%s hidden just now, by a replay or another look: look again in a minute or two."
              .formatted(counted(listing.hidden(), "message was", "messages were")));
    }
  }
}
