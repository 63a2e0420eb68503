package dev.utsushi.cli;

import static dev.utsushi.cli.DeadLetterPrinter.messages;
import static dev.utsushi.cli.DeadLetterPrinter.name;
import static dev.utsushi.cli.DeadLetterPrinter.records;
import static dev.utsushi.cli.DeadLetterPrinter.seconds;
import static dev.utsushi.cli.DeadLetterPrinter.shortId;

import dev.utsushi.cli.terminal.Terminal;
import dev.utsushi.cli.terminal.TextTable;
import dev.utsushi.core.deadletter.ReplayReply;
import dev.utsushi.core.deadletter.ReplayReply.InIndex;
import dev.utsushi.core.deadletter.ReplayReply.Replayed;
import dev.utsushi.core.deadletter.ReplayReply.Totals;
import dev.utsushi.core.index.IndexedVersion;
import dev.utsushi.core.index.Outcome;
import dev.utsushi.operations.deadletters.ReplayLoop;
import dev.utsushi.operations.stack.DeployedStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Prints what a replay did, or would do, for people.
 *
 * @param options the options that select the stream, to suggest the next command with
 */
record ReplayPrinter(Terminal terminal, DeployedStream stream, String options) {

  /** Prints its result. */
  void print(ReplayLoop.Result result) {
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
      new DeadLettersByCause(terminal).kept(result);
    }
    verdict(result);
  }

  private void dryRun(ReplayReply reply) {
    boolean several =
        reply.messages().stream()
            .flatMap(message -> message.records().stream())
            .anyMatch(each -> !each.indexes().isEmpty());
    List<String> columns =
        new ArrayList<>(
            List.of("would be", "event", "changed", "in the index now", "message", "key"));
    if (several) {
      columns.add(3, "index");
    }
    var table = new TextTable(columns.toArray(String[]::new));
    for (ReplayReply.Message message : reply.messages()) {
      for (Replayed each : message.records()) {
        if (!several) {
          table.row(row(message, each, each.outcome(), indexed(each)));
        } else if (each.indexes().isEmpty()) {
          table.row(row(message, each, each.outcome(), "-", "-"));
        }
        for (InIndex in : each.indexes()) {
          String name = in.index() + (in.removes() ? " (tombstone)" : "");
          table.row(row(message, each, in.outcome(), name, indexed(in.standing(), in.unread())));
        }
      }
    }
    terminal.wholeTable(table);
    terminal.line("");
  }

  private static String[] row(
      ReplayReply.Message message, Replayed each, Outcome.Kind outcome, String... index) {
    List<String> row = new ArrayList<>();
    row.add(name(outcome));
    row.add(Objects.requireNonNullElse(each.eventName(), "-"));
    row.add(seconds(each.changedAt()));
    row.addAll(List.of(index));
    row.add(shortId(message.messageId()));
    row.add(key(each));
    return row.toArray(String[]::new);
  }

  private static String indexed(Replayed each) {
    return each.outcome() == Outcome.Kind.EXPIRED ? "-" : indexed(each.standing(), each.unread());
  }

  private static String indexed(@Nullable IndexedVersion indexed, boolean unread) {
    if (indexed == null) {
      return unread ? "can't be told" : "nothing";
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
            .formatted(messages(totals.messages()), records(totals.records()), outcomes(totals));
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

  private void verdict(ReplayLoop.Result result) {
    boolean dryRun = result.reply().dryRun();
    if (result.left() == 0) {
      terminal.good(
          dryRun ? "A replay would leave nothing in the queue." : "Nothing is left in the queue.");
      return;
    }
    if (result.others() > 0) {
      String others = messages(result.others(), " in the queue was", " in the queue were");
      terminal.bad("About %s not replayed.".formatted(others));
    }
    int kept = result.kept().size();
    if (kept > 0) {
      String stay = dryRun ? messages(kept) + " would stay" : messages(kept, " stays", " stay");
      terminal.bad(
          "%s in the queue. Fix the causes above, then run utsushi dlq replay %s"
              .formatted(stay, options));
    }
  }

  /**
   * Prints how far a replay came before it was stopped.
   *
   * @param left about how many messages are in the queue; empty if unknown
   */
  void stopped(List<ReplayReply.Message> messages, OptionalLong left) {
    if (left.isEmpty()) {
      return;
    }
    Totals totals = Totals.of(messages);
    terminal.line(
        messages.isEmpty()
            ? "No invocation has replied yet."
            : "Replayed so far: %s; %,d deleted, %,d kept; %s."
                .formatted(
                    messages(totals.messages()),
                    totals.deleted(),
                    totals.kept(),
                    outcomes(totals)));
    terminal.line(
        "About %s in the queue. Nothing is lost: a running invocation goes on in the function, and"
                .formatted(messages(left.getAsLong(), " is", " are"))
            + " messages that it does not finish become visible again by themselves.");
  }

  static String key(Replayed each) {
    String sequenceNumber = Objects.requireNonNullElse(each.sequenceNumber(), "-");
    return each.id() == null
        ? "sequence number " + sequenceNumber
        : TextTable.escaped(each.id(), 0);
  }
}
