package dev.utsushi.cli.dlq;

import static dev.utsushi.cli.dlq.Words.counted;

import dev.utsushi.cli.terminal.Terminal;
import dev.utsushi.cli.terminal.TextTable;
import dev.utsushi.core.deadletter.ReplayTotals;
import dev.utsushi.core.deadletter.ReplayedMessage;
import dev.utsushi.core.deadletter.ReplayedRecord;
import dev.utsushi.core.deadletter.ReplayedRecord.Outcome;
import dev.utsushi.core.deadletter.ReplayedRecord.Standing;
import dev.utsushi.operations.stack.DeployedStream;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A replay's result for people. */
final class ReplayScreen {
  private static final int SHORT_ID = 8;

  /** A screen or two; --json has all of them. */
  private static final int MOST_KEPT_SHOWN = 40;

  private static final int MOST_RECORDS_SHOWN = 5;

  private final Terminal terminal;
  private final String options;

  ReplayScreen(Terminal terminal, String options) {
    this.terminal = terminal;
    this.options = options;
  }

  void show(DeployedStream stream, ReplayResult result) {
    terminal.heading(
        (result.dryRun() ? "What a replay would do: " : "Replayed: ") + stream.title());
    if (result.messages().isEmpty()) {
      terminal.line(
          result.others() == 0
              ? "Nothing to replay: the queue is empty."
              : "Nothing replayed: no message is old enough, or others hide them just now.");
    } else {
      if (result.dryRun()) {
        terminal.wholeTable(records(result.messages()));
        terminal.line("");
      }
      terminal.line(summary(result));
      tellKept(result);
    }
    verdict(result);
  }

  /**
   * How far it came before something stopped it.
   *
   * @param messages those that an invocation has told of
   * @param left what is in the queue now, about
   */
  void showPartial(List<ReplayedMessage> messages, long left) {
    ReplayTotals totals = ReplayTotals.of(messages);
    terminal.line(
        messages.isEmpty()
            ? "No invocation has replied yet."
            : "Told so far: %s; %,d deleted, %,d kept; %s."
                .formatted(
                    counted(totals.messages(), "message", "messages"),
                    totals.deleted(),
                    totals.kept(),
                    outcomes(totals)));
    terminal.line(
        "About %s in the queue. Nothing is lost: an invocation under way goes on in the function,"
                .formatted(counted(left, "message is", "messages are"))
            + " and what it does not settle comes back by itself.");
  }

  private static String summary(ReplayResult result) {
    ReplayTotals totals = result.totals();
    String messages = counted(totals.messages(), "message", "messages");
    String records = counted(totals.records(), "record", "records");
    return result.dryRun()
        ? "Dry run: nothing was changed. %s, %s: %s.".formatted(messages, records, outcomes(totals))
        : "%s, %s: %s. %,d deleted, %,d kept."
            .formatted(messages, records, outcomes(totals), totals.deleted(), totals.kept());
  }

  private static String outcomes(ReplayTotals totals) {
    String counts =
        Arrays.stream(Outcome.values())
            .filter(outcome -> totals.count(outcome) > 0)
            .map(outcome -> "%,d %s".formatted(totals.count(outcome), Words.outcome(outcome)))
            .collect(Collectors.joining(", "));
    return counts.isEmpty() ? "no records" : counts;
  }

  private static TextTable records(List<ReplayedMessage> messages) {
    var table = new TextTable("would be", "event", "changed", "in the index now", "message", "key");
    for (ReplayedMessage message : messages) {
      message.records().forEach(each -> table.row(row(message, each)));
    }
    return table;
  }

  private static List<String> row(ReplayedMessage message, ReplayedRecord each) {
    return List.of(
        Words.outcome(each.outcome()),
        Objects.requireNonNullElse(each.eventName(), "-"),
        each.changedAt() == null ? "-" : Words.seconds(each.changedAt()),
        each.outcome() == Outcome.EXPIRED ? "-" : standing(each.standing()),
        shortId(message),
        key(each));
  }

  private static String standing(@Nullable Standing standing) {
    if (standing == null) {
      return "nothing";
    }
    String of = standing.changedAt() == null ? "" : " of " + Words.seconds(standing.changedAt());
    if (standing.version() == null) {
      return "a document of others";
    }
    return standing.deleted() ? "a removal" + of : "a change" + of;
  }

  private void tellKept(ReplayResult result) {
    List<ReplayedMessage> kept = result.kept();
    if (kept.isEmpty()) {
      return;
    }
    terminal.heading(result.dryRun() ? "Would stay in the queue" : "Kept in the queue");
    kept.stream().limit(MOST_KEPT_SHOWN).forEach(this::tell);
    if (kept.size() > MOST_KEPT_SHOWN) {
      terminal.line("  and %,d more: --json tells all".formatted(kept.size() - MOST_KEPT_SHOWN));
    }
  }

  private void tell(ReplayedMessage message) {
    terminal.line("  %s  %s".formatted(shortId(message), Words.form(message.form())));
    List<ReplayedRecord> unsettled =
        message.records().stream().filter(each -> !each.outcome().isSettled()).toList();
    unsettled.stream().limit(MOST_RECORDS_SHOWN).forEach(this::tell);
    if (unsettled.size() > MOST_RECORDS_SHOWN) {
      terminal.line("    and %,d more records".formatted(unsettled.size() - MOST_RECORDS_SHOWN));
    }
    if (message.note() != null) {
      terminal.line("    -> " + message.note());
    }
  }

  private void tell(ReplayedRecord each) {
    String reason = each.reason() == null ? "" : ": " + each.reason();
    terminal.line("    %s %s%s".formatted(Words.outcome(each.outcome()), key(each), reason));
  }

  private void verdict(ReplayResult result) {
    if (result.isAll()) {
      terminal.good(
          result.dryRun()
              ? "A replay would leave nothing in the queue."
              : "Nothing is left in the queue.");
      return;
    }
    if (result.others() > 0) {
      terminal.bad(
          "About %s in the queue that this did not look at."
              .formatted(counted(result.others(), "message is", "messages are")));
    }
    if (!result.kept().isEmpty()) {
      terminal.bad(
          "%s %s in the queue: mend what is said above, then utsushi dlq replay %s"
              .formatted(
                  counted(result.kept().size(), "message", "messages"),
                  result.dryRun() ? "would stay" : "stay" + (result.kept().size() == 1 ? "s" : ""),
                  options));
    }
  }

  private static String key(ReplayedRecord each) {
    String sequence = each.sequenceNumber() == null ? "-" : each.sequenceNumber();
    return each.id() == null ? "sequence number " + sequence : each.id();
  }

  private static String shortId(ReplayedMessage message) {
    String id = message.messageId();
    return id.substring(0, Math.min(SHORT_ID, id.length()));
  }
}
