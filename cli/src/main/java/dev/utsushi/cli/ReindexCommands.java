package dev.utsushi.cli;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.utsushi.cli.RunCommands.ResumeCommand;
import dev.utsushi.cli.RunCommands.RunCommand;
import dev.utsushi.cli.RunCommands.StartingCommand;
import dev.utsushi.cli.RunCommands.StopCommand;
import dev.utsushi.cli.terminal.Terminal;
import dev.utsushi.core.deadletter.IndexRequest.Operation;
import dev.utsushi.core.index.IndexStatus;
import dev.utsushi.core.index.IndexStatus.Rebuild;
import dev.utsushi.core.index.IndexStatus.State;
import dev.utsushi.core.run.Run;
import dev.utsushi.core.run.Run.Kind;
import dev.utsushi.operations.runs.RunControl;
import dev.utsushi.operations.runs.RunProgress;
import dev.utsushi.operations.stack.DeployedStream;
import dev.utsushi.operations.stack.OperationException;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code utsushi reindex}: a new index beside the one that readers search, and then instead. */
final class ReindexCommands {
  private ReindexCommands() {}

  /** {@code utsushi reindex}. */
  @Command(
      name = "reindex",
      header = "Builds a new index from a new mapping, while readers search the old one.",
      subcommands = {
        StartCommand.class,
        StatusCommand.class,
        StopCommand.class,
        ResumeCommand.class,
        CutOverCommand.class,
        RollBackCommand.class,
        FinishCommand.class
      })
  static final class ReindexCommand {}

  /**
   * The JSON of a rebuild.
   *
   * @param run null if nothing has filled the new index yet
   */
  record View(
      @JsonUnwrapped DeployedStream stream, IndexStatus engine, RunPrinter.@Nullable View run) {}

  private static Optional<RunProgress> lastRun(RunControl control, @Nullable Rebuild rebuild) {
    return control
        .last()
        .filter(last -> rebuild != null && last.run().id().startsWith(rebuild.id() + '/'));
  }

  private static Rebuild underWay(IndexStatus status) {
    if (status.rebuild() == null) {
      throw OperationException.usage(
          status.takesChanges() ? "no rebuild is under way" : String.valueOf(status.cause()));
    }
    return status.rebuild();
  }

  /** Returns the status after a step; its cause says why the step was not taken, or not wholly. */
  private static IndexStatus taken(IndexStatus status) {
    if (status.cause() != null) {
      throw OperationException.failed(status.cause());
    }
    return status;
  }

  /** {@code utsushi reindex start}. */
  @Command(name = "start", header = "Creates the new index and fills it.")
  static final class StartCommand extends StartingCommand {
    @Option(names = "--yes", description = "do not ask")
    private boolean yes;

    @Option(
        names = "--settle",
        paramLabel = "TIME",
        description =
            "how long a change takes to reach the index, at the longest, up to 25s (default:"
                + " ${DEFAULT-VALUE})")
    private String settle = "10s";

    private Duration settleTime = Duration.ZERO;

    @Override
    void check() {
      super.check();
      settleTime = settle(settle);
      checkAnswerable(yes);
    }

    @Override
    int run(RunControl control, RunPrinter printer) throws InterruptedException {
      IndexStatus status = ask(control, Operation.INSPECT);
      boolean isNew = status.rebuild() == null;
      if (isNew) {
        Optional<IndexStatus> started = create(control, printer, status);
        if (started.isEmpty()) {
          terminal().line("Nothing was started.");
          return DIFFERENT;
        }
        status = started.get();
      }
      Rebuild rebuild = Objects.requireNonNull(status.rebuild());
      terminal()
          .line("Every change is written to %s and %s.".formatted(rebuild.from(), rebuild.to()));
      Optional<RunProgress> last = lastRun(control, rebuild);
      switch (last.map(it -> it.run().state()).orElse(Run.State.FINISHED)) {
        case RUNNING -> {}
        case STOPPED -> control.resume(last.orElseThrow());
        case FINISHED -> {
          begin(control, rebuild, isNew);
          return await(control, printer);
        }
      }
      return watch(control, printer);
    }

    /** Starts the run. If it can't be, a rebuild that was just begun is cancelled. */
    private void begin(RunControl control, Rebuild rebuild, boolean isNew)
        throws InterruptedException {
      try {
        begin(control, rebuild.id(), Kind.REINDEX, 1, true, settleTime);
      } catch (OperationException e) {
        if (isNew) {
          ask(control, Operation.FINISH);
        }
        throw e;
      }
    }

    private Optional<IndexStatus> create(RunControl control, RunPrinter printer, IndexStatus status)
        throws InterruptedException {
      if (status.state() == State.NOT_CREATED) {
        throw OperationException.usage(
            "there is no index yet: the first change will create it with the mapping of the"
                + " settings");
      }
      taken(status);
      control.checkNothingRuns();
      printer.announce(Kind.REINDEX, control.estimate(readCapacity()), 1);
      terminal()
          .line(
              "This creates a second index with the mapping that is deployed. Readers stay on the"
                  + " first. Until 'reindex finish' every change is written to both, which takes"
                  + " the function one more request. Type yes to start:");
      if (!yes && !isConfirmed("yes")) {
        return Optional.empty();
      }
      return Optional.of(taken(ask(control, Operation.REBUILD)));
    }
  }

  /** {@code utsushi reindex status}. */
  @Command(name = "status", header = "Shows both indexes, and how far the new one is.")
  static final class StatusCommand extends RunCommand {
    @Override
    int run(RunControl control, RunPrinter printer) throws InterruptedException {
      IndexStatus status = ask(control, Operation.INSPECT);
      Optional<RunProgress> last = lastRun(control, status.rebuild());
      answer(
          new View(control.stream(), status, last.map(printer::view).orElse(null)),
          () -> {
            print(control, status);
            last.ifPresent(printer::print);
          });
      return status.rebuild() == null || last.filter(RunProgress::isGood).isPresent()
          ? OK
          : DIFFERENT;
    }

    private void print(RunControl control, IndexStatus status) {
      Rebuild rebuild = status.rebuild();
      String title = control.stream().title();
      if (rebuild == null) {
        terminal().line("No rebuild of %s is under way.".formatted(title));
        return;
      }
      terminal()
          .line(
              "%s: readers search %s. Every change is written to %s and %s."
                  .formatted(title, rebuild.serving(), rebuild.from(), rebuild.to()));
      if (status.cause() != null) {
        terminal().bad(status.cause());
      }
      if (rebuild.paused() != null) {
        terminal()
            .bad(
                "%s is not refreshed, so searches do not find what is new in it. If no cut-over and no roll-back is at work, one was cut off: utsushi reindex %s"
                    .formatted(
                        rebuild.paused(),
                        rebuild.paused().equals(rebuild.from()) ? "cut-over" : "roll-back"));
      }
    }
  }

  /** {@code utsushi reindex cut-over}. */
  @Command(name = "cut-over", header = "Lets readers search the new index.")
  static final class CutOverCommand extends RunCommand {
    @Option(
        names = "--unverified",
        description = "also if no comparison found the new index equal to the table")
    private boolean unverified;

    @Override
    int run(RunControl control, RunPrinter printer) throws InterruptedException {
      Rebuild rebuild = underWay(ask(control, Operation.INSPECT));
      if (!unverified && lastRun(control, rebuild).filter(RunProgress::isGood).isEmpty()) {
        throw OperationException.failed(
            "%s was not found equal to the table. Fill and compare it: utsushi reindex start %s"
                .formatted(rebuild.to(), printer.options()));
      }
      IndexStatus status = taken(ask(control, Operation.CUT_OVER));
      answer(
          new View(control.stream(), status, null),
          () -> {
            terminal().good("Readers search %s.".formatted(rebuild.to()));
            terminal()
                .line(
                    "Back to %1$s: utsushi reindex roll-back %3$s. To delete %1$s and keep %2$s: utsushi reindex finish %3$s"
                        .formatted(rebuild.from(), rebuild.to(), printer.options()));
          });
      return OK;
    }
  }

  /** {@code utsushi reindex roll-back}. */
  @Command(name = "roll-back", header = "Lets readers search the old index again.")
  static final class RollBackCommand extends RunCommand {
    @Override
    int run(RunControl control, RunPrinter printer) throws InterruptedException {
      Rebuild rebuild = underWay(ask(control, Operation.INSPECT));
      IndexStatus status = taken(ask(control, Operation.ROLL_BACK));
      answer(
          new View(control.stream(), status, null),
          () -> {
            terminal().good("Readers search %s.".formatted(rebuild.from()));
            terminal()
                .line(
                    "To delete %s and keep %s: utsushi reindex finish %s"
                        .formatted(rebuild.to(), rebuild.from(), printer.options()));
          });
      return OK;
    }
  }

  /** {@code utsushi reindex finish}. */
  @Command(name = "finish", header = "Deletes the index that readers do not search.")
  static final class FinishCommand extends RunCommand {
    @Option(names = "--yes", description = "do not ask")
    private boolean yes;

    @Override
    void check() {
      checkAnswerable(yes);
    }

    @Override
    int run(RunControl control, RunPrinter printer) throws InterruptedException {
      Rebuild rebuild = underWay(ask(control, Operation.INSPECT));
      control.checkNothingRuns();
      String gone = rebuild.other();
      if (!yes && !gone.isEmpty()) {
        terminal()
            .line(
                "This deletes %s and keeps %s, which readers search. Type %s to continue:"
                    .formatted(gone, rebuild.serving(), gone));
        if (!isConfirmed(gone)) {
          terminal().line("Nothing was deleted.");
          return DIFFERENT;
        }
      }
      IndexStatus status = taken(ask(control, Operation.FINISH));
      answer(
          new View(control.stream(), status, null),
          () ->
              terminal()
                  .good("The rebuild is over: %s is the only index.".formatted(rebuild.serving())));
      return OK;
    }
  }

  static boolean isConfirmed(String expected) throws InterruptedException {
    String answer = Terminal.answer();
    return answer != null && answer.strip().equals(expected);
  }
}
