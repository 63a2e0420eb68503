package dev.utsushi.cli;

import dev.utsushi.cli.terminal.Terminal;
import dev.utsushi.core.deadletter.ReplayRequest;
import dev.utsushi.operations.deadletters.DeadLetterListing;
import dev.utsushi.operations.deadletters.DeadLetterScan;
import dev.utsushi.operations.deadletters.MessageView;
import dev.utsushi.operations.deadletters.OperatedQueue;
import dev.utsushi.operations.deadletters.Purge;
import dev.utsushi.operations.deadletters.ReplayLoop;
import dev.utsushi.operations.deadletters.Restore;
import dev.utsushi.operations.stack.AwsClients;
import dev.utsushi.operations.stack.DeployedStream;
import dev.utsushi.operations.stack.StackSelector;
import dev.utsushi.operations.stack.StreamFinder;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code utsushi dlq}, with its five commands. */
@Command(
    name = "dlq",
    header = "Lists, shows, replays, purges and restores dead letters.",
    subcommands = {
      DlqCommand.ListCommand.class,
      DlqCommand.ShowCommand.class,
      DlqCommand.ReplayCommand.class,
      DlqCommand.PurgeCommand.class,
      DlqCommand.RestoreCommand.class
    })
final class DlqCommand {
  private static final int MOST_MESSAGES = 100_000;
  private static final Pattern AGE = Pattern.compile("\\d{1,6}[smhd]");
  private static final Pattern RATE = Pattern.compile("(\\d{1,6}(?:\\.\\d{1,3})?)(?:/s)?");

  /** The options and the course of all five commands. */
  abstract static class StreamCommand extends UtsushiCommand {
    @Mixin
    @SuppressWarnings("NullAway.Init") // picocli fills it
    private StackOptions stack;

    @Mixin private AnswerOptions answer = new AnswerOptions();

    /** Checks the other options. */
    abstract void check();

    abstract int run(OperatedQueue queue, DeadLetterPrinter printer) throws Exception;

    @Override
    public final Integer call() throws Exception {
      check();
      StackSelector selector = valid(stack::selector);
      terminal().status("finding the stream …");
      try (AwsClients clients = AwsClients.of(selector)) {
        DeployedStream stream = new StreamFinder(clients).find(selector.stream());
        var printer = new DeadLetterPrinter(terminal(), stream, selector.options());
        return run(new OperatedQueue(clients, stream, printer), printer);
      }
    }

    @Override
    Terminal newTerminal() {
      return answer.terminal();
    }

    AnswerOptions answer() {
      return answer;
    }

    Duration age(@Nullable String text) {
      if (text == null) {
        return Duration.ZERO;
      }
      if (!AGE.matcher(text).matches()) {
        throw wrong("--older-than takes a time like 90s, 10m, 1h or 2d, not " + text);
      }
      // ISO 8601 has days before the T, the rest after it.
      return Duration.parse((text.endsWith("d") ? "P" : "PT") + text);
    }
  }

  /** The option of the commands that read the queue themselves. */
  abstract static class ReadingCommand extends StreamCommand {
    @Option(
        names = "--max",
        paramLabel = "N",
        description = "the most messages to read (default: ${DEFAULT-VALUE})")
    int max = 1000;

    @Override
    void check() {
      inRange("--max", max, 1, MOST_MESSAGES);
    }
  }

  /** {@code utsushi dlq list}. */
  @Command(
      name = "list",
      header = "Lists the messages: their age, the time left, the number of records.")
  static final class ListCommand extends ReadingCommand {
    @Override
    int run(OperatedQueue queue, DeadLetterPrinter printer) {
      var listing = new DeadLetterScan(queue).list(max);
      answer().give(listing, () -> printer.list(listing));
      return OK;
    }
  }

  /** {@code utsushi dlq show}. */
  @Command(
      name = "show",
      header = "Shows what messages hold: which items, which changes, why they failed.")
  static final class ShowCommand extends ReadingCommand {
    @Parameters(
        paramLabel = "MESSAGE-ID",
        arity = "0..*",
        description = "the beginnings of message ids; all messages if there are none")
    private List<String> prefixes = List.of();

    @Option(
        names = "--values",
        description = "show the items as the changes left them, not only their keys")
    private boolean values;

    @Override
    int run(OperatedQueue queue, DeadLetterPrinter printer) {
      var shown = new DeadLetterScan(queue).show(max, prefixes, values);
      answer().give(shown, () -> printer.show(shown, values));
      return OK;
    }
  }

  /** {@code utsushi dlq replay}. */
  @Command(
      name = "replay",
      header = "Replays dead letters through the pipeline and deletes the messages that succeed.")
  static final class ReplayCommand extends StreamCommand {
    @Option(
        names = "--dry-run",
        description = "report what would happen to each record; write and delete nothing")
    private boolean dryRun;

    @Option(
        names = "--max",
        paramLabel = "N",
        description = "the most messages to replay (default: all)")
    private @Nullable Integer max;

    @Option(
        names = "--older-than",
        paramLabel = "TIME",
        description = "only messages that failed at least this long ago: 90s, 10m, 1h or 2d")
    private @Nullable String olderThan;

    @Option(
        names = "--rate",
        paramLabel = "N/s",
        description = "the most records per second, like 50/s (default: no limit)")
    private @Nullable String rate;

    private ReplayRequest request = ReplayRequest.ALL;

    @Override
    void check() {
      if (max != null) {
        inRange("--max", max, 1, MOST_MESSAGES);
      }
      request =
          new ReplayRequest(dryRun, max == null ? 0 : max, age(olderThan).toSeconds(), rate());
    }

    private double rate() {
      if (rate == null) {
        return 0;
      }
      Matcher matcher = RATE.matcher(rate);
      if (!matcher.matches() || Double.parseDouble(matcher.group(1)) == 0) {
        throw wrong("--rate takes records per second like 50/s, not " + rate);
      }
      return Double.parseDouble(matcher.group(1));
    }

    @Override
    int run(OperatedQueue queue, DeadLetterPrinter printer) throws InterruptedException {
      var loop = new ReplayLoop(queue);
      try {
        ReplayLoop.Result result = loop.run(request);
        answer().give(result, () -> printer.replays().print(result));
        return result.left() == 0 ? OK : DIFFERENT;
      } catch (RuntimeException | InterruptedException e) {
        printer.replays().stopped(loop.messages(), loop.left());
        throw e;
      }
    }
  }

  /** {@code utsushi dlq purge}. */
  @Command(name = "purge", header = "Gives messages up: exports them to a file, then deletes them.")
  static final class PurgeCommand extends ReadingCommand {
    private static final DateTimeFormatter FILE_TIME =
        DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);

    @Parameters(
        paramLabel = "MESSAGE-ID",
        arity = "0..*",
        description = "the beginnings of message ids; all messages if there are none")
    private List<String> prefixes = List.of();

    @Option(
        names = "--older-than",
        paramLabel = "TIME",
        description = "only messages that failed at least this long ago: 90s, 10m, 1h or 2d")
    private @Nullable String olderThan;

    @Option(
        names = "--export",
        paramLabel = "FILE",
        description =
            "a new file for the messages (default: dead-letters-INDEX-TIME.jsonl in the working"
                + " directory)")
    private @Nullable Path export;

    @Option(names = "--yes", description = "do not ask")
    private boolean yes;

    private Duration age = Duration.ZERO;

    @Override
    void check() {
      super.check();
      age = age(olderThan);
      if (answer().isJson() && !yes) {
        throw wrong("purge asks a question, which a script can't answer: give --yes with --json");
      }
    }

    @Override
    int run(OperatedQueue queue, DeadLetterPrinter printer)
        throws IOException, InterruptedException {
      DeadLetterListing listing = new DeadLetterScan(queue).list(max);
      List<MessageView> selected = Purge.select(listing, prefixes, age);
      Set<String> ids = Purge.ids(selected);
      Path file = export == null ? defaultFile(queue.stream().index()) : export;
      if (!yes && !ids.isEmpty()) {
        long records = selected.stream().mapToLong(MessageView::recordCount).sum();
        printer.purgeQuestion(ids.size(), records, listing.complete(), file);
        String answer = Terminal.answer();
        if (answer == null || !answer.strip().equals(queue.stream().index())) {
          terminal().line("Nothing was deleted.");
          return DIFFERENT;
        }
      }
      Purge.Result result = new Purge(queue).run(ids, file);
      answer().give(result, () -> printer.purged(result));
      return result.left() == 0 ? OK : DIFFERENT;
    }

    private static Path defaultFile(String index) {
      return Path.of("dead-letters-%s-%s.jsonl".formatted(index, FILE_TIME.format(Instant.now())));
    }
  }

  /** {@code utsushi dlq restore}. */
  @Command(name = "restore", header = "Sends the messages of a purge's file to the queue again.")
  static final class RestoreCommand extends StreamCommand {
    @Parameters(paramLabel = "FILE", description = "the file that purge wrote")
    @SuppressWarnings("NullAway.Init") // picocli fills it
    private Path file;

    @Override
    void check() {
      // There is nothing else to check.
    }

    @Override
    int run(OperatedQueue queue, DeadLetterPrinter printer) {
      Restore.Result result = new Restore(queue).run(file);
      answer().give(result, () -> printer.restored(result));
      return OK;
    }
  }
}
