package dev.utsushi.cli;

import dev.utsushi.cli.terminal.Terminal;
import dev.utsushi.cli.terminal.TextTable;
import dev.utsushi.cli.terminal.TextTable.Column;
import dev.utsushi.core.index.IndexStatus;
import dev.utsushi.core.index.IndexStatus.Rebuild;
import dev.utsushi.loadtest.units.DurationText;
import dev.utsushi.operations.deadletters.DeadLetterListing.Cause;
import dev.utsushi.operations.deadletters.ObservedStream;
import dev.utsushi.operations.deadletters.OperatedQueue;
import dev.utsushi.operations.stack.AwsClients;
import dev.utsushi.operations.stack.DeployedStream;
import dev.utsushi.operations.stack.StackSelector;
import dev.utsushi.operations.stack.StreamFinder;
import dev.utsushi.operations.stack.StreamStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code utsushi status}. */
@Command(name = "status", header = "Shows whether changes reach the index, and what prevents it.")
final class StatusCommand extends UtsushiCommand {
  @Mixin
  @SuppressWarnings("NullAway.Init") // picocli fills it
  private StackOptions stack;

  @Mixin private AnswerOptions answer = new AnswerOptions();

  @Override
  public Integer call() throws InterruptedException {
    StackSelector selector = valid(stack::selector);
    terminal().status("finding the streams …");
    List<ObservedStream> streams = new ArrayList<>();
    try (AwsClients clients = AwsClients.of(selector)) {
      for (DeployedStream stream : new StreamFinder(clients).findAll(selector.stream())) {
        terminal().status("asking the replay function of " + stream.title() + " …");
        var progress = new DeadLetterPrinter(terminal(), stream, selector.options());
        streams.add(ObservedStream.of(new OperatedQueue(clients, stream, progress)));
      }
    }
    answer.give(Map.of("streams", streams), () -> print(streams, selector));
    return streams.stream().map(ObservedStream::status).allMatch(StreamStatus::needsNothing)
        ? OK
        : DIFFERENT;
  }

  @Override
  Terminal newTerminal() {
    return answer.terminal();
  }

  private void print(List<ObservedStream> streams, StackSelector selector) {
    boolean local = selector instanceof StackSelector.Local;
    List<Column<StreamStatus>> columns =
        List.of(
            new Column<>("index", status -> status.stream().index()),
            new Column<>("engine", status -> word(status.engine().state())),
            new Column<>("documents", status -> count(status.engine().documents())),
            new Column<>("tombstones", status -> count(status.engine().tombstones())),
            new Column<>("last change", status -> newest(status, local)),
            new Column<>("event source mapping", StatusCommand::mappings),
            new Column<>("dead letters", status -> count(status.deadLetters())));
    terminal().table(TextTable.of(columns, streams.stream().map(ObservedStream::status).toList()));
    for (ObservedStream observed : streams) {
      StreamStatus stream = observed.status();
      String index = stream.stream().index();
      String options = selector.options() + (selector.stream() == null ? " --stream " + index : "");
      problems(stream, options).forEach(problem -> terminal().bad(index + ": " + problem));
      Rebuild rebuild = stream.engine().rebuild();
      if (rebuild != null) {
        terminal()
            .line(
                "%s: a rebuild is under way, and readers search %s: utsushi reindex status %s"
                    .formatted(index, rebuild.serving(), options));
      }
      for (Cause cause : observed.causes()) {
        terminal().line(line(cause));
      }
      if (stream.needsNothing()) {
        terminal().good(index + ": changes reach the index");
      }
    }
  }

  private static List<String> problems(StreamStatus status, String options) {
    List<String> problems = new ArrayList<>();
    IndexStatus engine = status.engine();
    if (!engine.takesChanges()) {
      problems.add(problem(engine, options));
    }
    if (status.mappings().isEmpty()) {
      problems.add("no event source mapping reads the stream: deploy the stack again");
    }
    for (StreamStatus.Mapping mapping : status.mappings()) {
      if (mapping.retries()) {
        problems.add("Lambda retries a batch, because the last invocation failed");
      } else if (!mapping.state().equals("Enabled")) {
        problems.add(
            "the event source mapping of %s is %s: no change is read. The stream keeps changes for 24 hours"
                .formatted(mapping.eventSourceArn(), mapping.state()));
      }
    }
    if (status.deadLetters() > 0) {
      problems.add("changes are dead letters: utsushi dlq list " + options);
    }
    return problems;
  }

  /** Returns why an index takes no changes, and what to do. */
  static String problem(IndexStatus engine, String options) {
    String next =
        engine.state() == IndexStatus.State.DELETED
            ? ". Restore it from a snapshot, or create it empty: utsushi index create " + options
            : "";
    return engine.cause() + next;
  }

  /** A cause comes from a message, which anybody may have written. */
  static String line(Cause cause) {
    return "  %,d: %s".formatted(cause.messages(), TextTable.escaped(cause.cause(), 0));
  }

  private static String newest(StreamStatus status, boolean local) {
    IndexStatus.Newest newest = status.engine().newest();
    if (newest == null) {
      return "-";
    }
    // DynamoDB Local cuts the time of a change to the minute.
    return local
        ? "indexed %s ago".formatted(seconds(newest.indexedAt(), status.at()))
        : "%s ago, indexed after %s"
            .formatted(
                seconds(newest.changedAt(), status.at()),
                seconds(newest.changedAt(), newest.indexedAt()));
  }

  private static String seconds(Instant from, Instant to) {
    return DurationText.print(Duration.between(from, to));
  }

  private static String mappings(StreamStatus status) {
    return status.mappings().isEmpty()
        ? "none"
        : status.mappings().stream()
            .map(each -> word(each.state()) + (each.retries() ? ", retrying" : ""))
            .collect(Collectors.joining("; "));
  }

  private static String word(Object name) {
    return name.toString().toLowerCase(Locale.ROOT).replace('_', ' ');
  }

  private static String count(@Nullable Long number) {
    return number == null ? "-" : "%,d".formatted(number);
  }
}
