package dev.utsushi.cli;

import static dev.utsushi.cli.DeadLetterPrinter.counted;
import static dev.utsushi.cli.DeadLetterPrinter.filtered;
import static dev.utsushi.cli.DeadLetterPrinter.name;
import static dev.utsushi.cli.DeadLetterPrinter.seconds;
import static dev.utsushi.cli.DeadLetterPrinter.shortId;
import static dev.utsushi.cli.DeadLetterPrinter.span;
import static dev.utsushi.cli.ReplayPrinter.key;

import dev.utsushi.cli.terminal.Terminal;
import dev.utsushi.cli.terminal.TextTable;
import dev.utsushi.core.deadletter.ReplayReply;
import dev.utsushi.core.deadletter.ReplayReply.Replayed;
import dev.utsushi.operations.deadletters.DeadLetterScan.ShownMessage;
import dev.utsushi.operations.deadletters.DeadLetterScan.ShownRecord;
import dev.utsushi.operations.deadletters.MessageView;
import dev.utsushi.operations.deadletters.ReplayLoop;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Prints dead letters that have one cause together: an outage makes hundreds of them. */
record DeadLettersByCause(Terminal terminal) {
  private static final int MOST_LINES = 5;

  /** Returns the messages with one cause together, in the order of the first of each. */
  static Collection<List<ShownMessage>> groups(List<ShownMessage> messages) {
    return groups(messages, each -> each.message().cause());
  }

  private static <T> Collection<List<T>> groups(List<T> messages, Function<T, Object> cause) {
    return messages.stream()
        .collect(Collectors.groupingBy(cause, LinkedHashMap::new, Collectors.toList()))
        .values();
  }

  /** Prints these messages of {@code dlq show}, a line for each record. */
  void show(List<ShownMessage> messages) {
    MessageView first = messages.getFirst().message();
    terminal.heading(counted(messages.size(), "message") + ": " + escaped(first.cause()));
    var table = new TextTable("message", "age", "left", "event", "changed", "key");
    for (ShownMessage each : messages) {
      MessageView message = each.message();
      String left = message.expired() ? "expired" : span(message.secondsLeft());
      List<ShownRecord> records = each.records().records();
      if (records.isEmpty()) {
        table.row(shortId(message.messageId()), span(message.ageSeconds()), left, "-", "-", "-");
      }
      for (ShownRecord found : records) {
        table.row(
            shortId(message.messageId()),
            span(message.ageSeconds()),
            left,
            found.eventName(),
            seconds(found.changedAt()),
            found.id() == null ? "not of this table's keys" : found.id());
      }
    }
    terminal.wholeTable(table);
    messages.stream()
        .map(each -> each.records().recordsProblem())
        .filter(Objects::nonNull)
        .distinct()
        .forEach(problem -> terminal.line("  Records are missing: " + escaped(problem)));
    int filtered = messages.stream().mapToInt(each -> each.records().filtered()).sum();
    if (filtered > 0) {
      terminal.line("  Filtered: " + filtered(filtered));
    }
  }

  /** Prints the messages that a replay kept, each cause with its first records. */
  void kept(ReplayLoop.Result result) {
    if (result.kept().isEmpty()) {
      return;
    }
    terminal.heading(result.reply().dryRun() ? "Would stay in the queue" : "Kept in the queue");
    groups(result.kept(), each -> List.of(cause(each), String.valueOf(each.note())))
        .forEach(this::kept);
  }

  private void kept(List<ReplayReply.Message> messages) {
    ReplayReply.Message first = messages.getFirst();
    terminal.line("  %s: %s".formatted(counted(messages.size(), "message"), cause(first)));
    if (first.note() != null) {
      terminal.line("    -> " + first.note());
    }
    List<String> lines = messages.stream().flatMap(each -> lines(each).stream()).toList();
    lines.stream().limit(MOST_LINES).forEach(terminal::line);
    if (lines.size() > MOST_LINES) {
      terminal.line("    and %,d more: --json lists all".formatted(lines.size() - MOST_LINES));
    }
  }

  private static List<String> lines(ReplayReply.Message message) {
    String id = "    " + shortId(message.messageId());
    List<Replayed> failed = failed(message);
    return failed.isEmpty()
        ? List.of(id + "  " + name(message.form()))
        : failed.stream().map(each -> id + "  " + key(each)).toList();
  }

  private static String cause(ReplayReply.Message message) {
    String reasons =
        failed(message).stream()
            .map(each -> name(each.outcome()) + (each.reason() == null ? "" : ": " + each.reason()))
            .distinct()
            .collect(Collectors.joining("; "));
    return reasons.isEmpty() ? name(message.form()) : escaped(reasons);
  }

  private static List<Replayed> failed(ReplayReply.Message message) {
    return message.records().stream().filter(each -> !each.outcome().isProcessed()).toList();
  }

  private static String escaped(String text) {
    return TextTable.escaped(text, 0);
  }
}
