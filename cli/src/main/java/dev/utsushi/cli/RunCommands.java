package dev.utsushi.cli;

import dev.utsushi.cli.terminal.Terminal;
import dev.utsushi.core.deadletter.IndexRequest.Operation;
import dev.utsushi.core.index.IndexStatus;
import dev.utsushi.core.run.Run;
import dev.utsushi.core.run.Run.Kind;
import dev.utsushi.core.run.Run.State;
import dev.utsushi.loadtest.units.DurationText;
import dev.utsushi.operations.runs.RunControl;
import dev.utsushi.operations.runs.RunProgress;
import dev.utsushi.operations.stack.AwsClients;
import dev.utsushi.operations.stack.OperationException;
import dev.utsushi.operations.stack.StackSelector;
import dev.utsushi.operations.stack.StreamFinder;
import dev.utsushi.operations.stack.StreamStatus;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code utsushi backfill} and {@code utsushi verify}: runs over a whole table. */
final class RunCommands {
  private static final Duration LONGEST_SETTLE = Duration.ofSeconds(25);
  private static final int MOST_SEGMENTS = 100_000;
  private static final int MOST_READ_CAPACITY = 1_000_000;
  private static final Pattern PERCENT = Pattern.compile("(\\d{1,3}(?:\\.\\d{1,4})?)%");

  private RunCommands() {}

  /** What these commands have in common. */
  abstract static class RunCommand extends UtsushiCommand {
    @Mixin
    @SuppressWarnings("NullAway.Init") // picocli fills it
    private StackOptions stack;

    @Mixin private AnswerOptions answer = new AnswerOptions();

    private @Nullable AwsClients clients;

    /** Checks the other options. */
    void check() {}

    abstract int run(RunControl control, RunPrinter printer) throws InterruptedException;

    @Override
    public final Integer call() throws InterruptedException {
      check();
      StackSelector selector = valid(stack::selector);
      terminal().status("finding the stream …");
      try (AwsClients opened = AwsClients.of(selector);
          RunControl control =
              RunControl.of(opened, new StreamFinder(opened).find(selector.stream()))) {
        clients = opened;
        return run(control, new RunPrinter(terminal(), control, selector.options()));
      }
    }

    @Override
    Terminal newTerminal() {
      return answer.terminal();
    }

    @Override
    Duration cleanUpTime() {
      return Duration.ofSeconds(5);
    }

    /** Asks the engine about the index, or has it change the index, by the replay function. */
    IndexStatus ask(RunControl control, Operation operation) throws InterruptedException {
      return StreamStatus.ask(
          Objects.requireNonNull(clients), control.stream(), operation, terminal()::status);
    }

    /** Checks the index before there is a run: it may be gone, or another stream's. */
    void checkIndex(RunControl control, RunPrinter printer) throws InterruptedException {
      IndexStatus status = ask(control, Operation.INSPECT);
      if (!status.takesChanges()) {
        throw OperationException.failed(StatusCommand.problem(status, printer.options()));
      }
    }

    /** Gives an answer as JSON, or prints it. */
    void answer(Object view, Runnable print) {
      answer.give(view, print);
    }

    Duration settle(String text) {
      Duration time = valid(() -> DurationText.parse(text));
      if (time.isZero() || time.compareTo(LONGEST_SETTLE) > 0) {
        throw wrong("--settle takes more than 0s, up to 25s, not " + text);
      }
      return time;
    }

    /** Checks that a question is not put to a script. */
    void checkAnswerable(boolean yes) {
      if (answer.isJson() && !yes) {
        throw wrong(
            "%s asks a question, which a script can't answer: give --yes with --json"
                .formatted(spec().name()));
      }
    }

    int give(RunProgress progress, RunPrinter printer) {
      answer.give(printer.view(progress), () -> printer.print(progress));
      return progress.isGood() ? OK : DIFFERENT;
    }

    RunProgress last(RunControl control) {
      return control
          .last()
          .orElseThrow(
              () -> OperationException.usage("there was no backfill, verification or purge yet"));
    }
  }

  /** A command that starts a run. */
  abstract static class StartingCommand extends RunCommand {
    @Option(
        names = "--segments",
        paramLabel = "N",
        description = "segments to divide the table into (default: as the table's size needs)")
    private Optional<Integer> segments = Optional.empty();

    @Option(
        names = "--read-capacity",
        paramLabel = "N",
        description = "the most read capacity units a second, of all workers together")
    private int readCapacity;

    @Option(names = "--detach", description = "do not wait for the end")
    private boolean detach;

    @Override
    void check() {
      segments.ifPresent(number -> inRange("--segments", number, 1, MOST_SEGMENTS));
      inRange("--read-capacity", readCapacity, 0, MOST_READ_CAPACITY);
    }

    Optional<Integer> segments() {
      return segments;
    }

    double readCapacity() {
      return readCapacity;
    }

    int start(
        RunControl control,
        RunPrinter printer,
        Kind kind,
        double sample,
        boolean repair,
        Duration settle)
        throws InterruptedException {
      begin(control, null, kind, sample, repair, settle);
      return await(control, printer);
    }

    void begin(
        RunControl control,
        @Nullable String rebuild,
        Kind kind,
        double sample,
        boolean repair,
        Duration settle) {
      int fitting = segments.orElseGet(control::fittingSegments);
      Instant now = Instant.now();
      String id = rebuild == null ? null : rebuild + '/' + now;
      control.start(Run.of(id, kind, fitting, sample, readCapacity, repair, settle, now));
    }

    int await(RunControl control, RunPrinter printer) throws InterruptedException {
      if (detach) {
        give(last(control), printer);
        return OK;
      }
      return watch(control, printer);
    }

    int watch(RunControl control, RunPrinter printer) throws InterruptedException {
      RunProgress end = printer.watch(file());
      return give(end, printer);
    }

    @Nullable Path file() {
      return null;
    }
  }

  /** {@code utsushi backfill}. */
  @Command(
      name = "backfill",
      header = "Copies the items that were in the table before its stream.",
      subcommands = {
        StartCommand.class,
        ProgressCommand.class,
        StopCommand.class,
        ResumeCommand.class
      })
  static final class BackfillCommand {}

  /** {@code utsushi backfill start}. */
  @Command(name = "start", header = "Writes every item of the table to the index.")
  static final class StartCommand extends StartingCommand {
    @Option(names = "--yes", description = "do not ask")
    private boolean yes;

    @Override
    void check() {
      super.check();
      checkAnswerable(yes);
    }

    @Override
    int run(RunControl control, RunPrinter printer) throws InterruptedException {
      checkIndex(control, printer);
      printer.announce(Kind.BACKFILL, control.estimate(readCapacity()), 1);
      if (!yes && !printer.isConfirmed()) {
        terminal().line("Nothing was started.");
        return DIFFERENT;
      }
      return start(control, printer, Kind.BACKFILL, 1, false, Duration.ZERO);
    }
  }

  /** {@code utsushi verify}. */
  @Command(
      name = "verify",
      header = "Compares every item with its document, and every document with the table.",
      subcommands = {ProgressCommand.class, StopCommand.class, ResumeCommand.class})
  static final class VerifyCommand extends StartingCommand {
    @Option(
        names = "--sample",
        paramLabel = "PERCENT",
        description = "share of the table to compare, like 1%% (default: ${DEFAULT-VALUE})")
    private String sample = "100%";

    @Option(names = "--repair", description = "mend what differs")
    private boolean repair;

    @Option(
        names = "--settle",
        paramLabel = "TIME",
        description =
            "how long a difference must stand until it counts, longer than your longest lag, up to"
                + " 25s (default: ${DEFAULT-VALUE})")
    private String settle = "10s";

    @Option(
        names = "--file",
        paramLabel = "FILE",
        description = "where to write the ids of what differs (default: verify-TIME.jsonl)")
    private @Nullable Path file;

    private double share = 1;
    private Duration settleTime = Duration.ZERO;

    @Override
    void check() {
      super.check();
      Matcher percent = PERCENT.matcher(sample);
      share = percent.matches() ? Double.parseDouble(percent.group(1)) / 100 : 0;
      if (share <= 0 || share > 1) {
        throw wrong("--sample takes a share like 1%% or 100%%, not %s".formatted(sample));
      }
      if (segments().filter(number -> number / share > Run.MOST_SEGMENTS).isPresent()) {
        throw wrong(
            "--segments %d of a sample of %s would divide the table into more than %d segments, which DynamoDB does not take: give fewer segments or a larger sample"
                .formatted(segments().orElseThrow(), sample, Run.MOST_SEGMENTS));
      }
      settleTime = settle(settle);
    }

    @Override
    int run(RunControl control, RunPrinter printer) throws InterruptedException {
      Optional<RunProgress> running =
          control
              .last()
              .filter(last -> last.run().kind() == Kind.VERIFY)
              .filter(last -> last.run().state() == State.RUNNING);
      if (running.isPresent()) {
        terminal()
            .line("Watching the verification of %s.".formatted(running.get().run().startedAt()));
        return watch(control, printer);
      }
      checkIndex(control, printer);
      printer.announce(Kind.VERIFY, control.estimate(readCapacity()), share);
      return start(control, printer, Kind.VERIFY, share, repair, settleTime);
    }

    @Override
    @Nullable Path file() {
      return file;
    }
  }

  /** {@code status} of all. */
  @Command(name = "status", header = "Shows how far the last run is.")
  static final class ProgressCommand extends RunCommand {
    @Override
    int run(RunControl control, RunPrinter printer) {
      return give(last(control), printer);
    }
  }

  /** {@code stop} of all. */
  @Command(name = "stop", header = "Stops a run; it can go on later.")
  static final class StopCommand extends RunCommand {
    @Override
    int run(RunControl control, RunPrinter printer) {
      RunProgress progress = last(control);
      if (progress.run().state() == State.FINISHED) {
        throw OperationException.usage("nothing is running: the last run is finished");
      }
      control.stop(progress.run());
      give(last(control), printer);
      return OK;
    }
  }

  /** {@code resume} of all. */
  @Command(name = "resume", header = "Goes on with a run that was stopped or makes no progress.")
  static final class ResumeCommand extends RunCommand {
    @Override
    int run(RunControl control, RunPrinter printer) throws InterruptedException {
      RunProgress progress = last(control);
      if (progress.run().state() == State.FINISHED) {
        throw OperationException.usage("nothing to go on with: the last run is finished");
      }
      control.resume(progress);
      return give(printer.watch(null), printer);
    }
  }
}
