package dev.utsushi.cli;

import dev.utsushi.cli.terminal.Terminal;
import dev.utsushi.core.index.IndexStatus;
import dev.utsushi.core.index.IndexStatus.State;
import dev.utsushi.core.run.Run;
import dev.utsushi.core.run.Run.Kind;
import dev.utsushi.loadtest.units.DurationText;
import dev.utsushi.operations.runs.RunControl;
import dev.utsushi.operations.runs.RunProgress;
import dev.utsushi.operations.stack.DeployedStream;
import dev.utsushi.operations.stack.OperationException;
import dev.utsushi.operations.stack.StreamStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code utsushi tombstones}, with its one command. */
@Command(
    name = "tombstones",
    header = "Deletes what removals left in the index, once it is no longer needed.",
    subcommands = TombstonesCommand.PurgeCommand.class)
final class TombstonesCommand {

  /** {@code utsushi tombstones purge}. */
  @Command(
      name = "purge",
      header = "Deletes tombstones that no older change can follow any more.",
      subcommands = {
        RunCommands.ProgressCommand.class,
        RunCommands.StopCommand.class,
        RunCommands.ResumeCommand.class
      })
  static final class PurgeCommand extends RunCommands.RunCommand {
    private static final Duration LONGEST_AGE = Duration.ofDays(3650);

    @Option(
        names = "--older-than",
        paramLabel = "TIME",
        description =
            "delete the tombstones of removals that are older; less than 15d is not safe (default:"
                + " ${DEFAULT-VALUE})")
    private String olderThan = "16d";

    @Option(names = "--yes", description = "do not ask")
    private boolean yes;

    @Option(names = "--detach", description = "do not wait for the end")
    private boolean detach;

    private Duration age = Duration.ZERO;

    @Override
    void check() {
      age = valid(() -> DurationText.parse(olderThan));
      if (age.compareTo(LONGEST_AGE) > 0) {
        throw wrong("--older-than takes up to 3650d, not " + olderThan);
      }
      if (yes && !isSafe()) {
        throw wrong(
            "--older-than %s is not safe, so the question must be answered: less than 15d goes without --yes"
                .formatted(olderThan));
      }
      checkAnswerable(yes);
    }

    private boolean isSafe() {
      return age.compareTo(Run.LONGEST_WAY_BACK) >= 0;
    }

    @Override
    int run(RunControl control, RunPrinter printer) throws InterruptedException {
      Optional<RunProgress> running =
          control
              .last()
              .filter(last -> last.run().kind() == Kind.PURGE)
              .filter(last -> last.run().state() == Run.State.RUNNING);
      if (running.isPresent()) {
        terminal().line("Watching the purge of %s.".formatted(running.get().run().startedAt()));
        return give(printer.watch(null), printer);
      }
      Instant now = Instant.now();
      announce(control.stream(), purgeable(control.status(terminal()::status)), now);
      if (!yes && !isConfirmed(control.stream())) {
        terminal().line("Nothing was deleted.");
        return DIFFERENT;
      }
      control.start(Run.of(null, Kind.PURGE, control.fittingSegments(), 1, 0, false, age, now));
      if (detach) {
        give(last(control), printer);
        return OK;
      }
      return give(printer.watch(null), printer);
    }

    private static StreamStatus purgeable(StreamStatus status) {
      IndexStatus engine = status.engine();
      if (engine.rebuild() != null) {
        throw OperationException.failed("the index is rebuilt: finish that first");
      }
      if (engine.state() != State.WRITABLE) {
        throw OperationException.failed(
            engine.cause() == null ? "there is no index yet" : engine.cause());
      }
      return status;
    }

    private void announce(DeployedStream stream, StreamStatus status, Instant now) {
      terminal().heading("Purge of the tombstones of " + stream.title());
      terminal()
          .line(
              "The index has %,d tombstones. Those of removals before %s are deleted."
                  .formatted(
                      Optional.ofNullable(status.engine().tombstones()).orElse(0L),
                      now.minus(age)));
      if (isSafe()) {
        terminal()
            .line(
                "A change can come back from the stream for 24 hours, and from the dead-letter"
                    + " queue for 14 days.");
      } else {
        terminal()
            .bad(
                "That is not safe: a change can come back from the stream for 24 hours, and from"
                    + " the dead-letter queue for 14 days. Without its tombstone it brings back an"
                    + " item that was removed.");
      }
      if (status.deadLetters() > 0) {
        terminal()
            .bad(
                "The dead-letter queue holds %,d messages. SQS counts the 14 days anew for one that a redrive or dlq restore sent: replay those first."
                    .formatted(status.deadLetters()));
      }
    }

    private boolean isConfirmed(DeployedStream stream) throws InterruptedException {
      String expected = isSafe() ? "yes" : stream.index();
      terminal()
          .line(
              isSafe()
                  ? "Type yes to start:"
                  : "Type the name of the index, %s, to delete them all the same:"
                      .formatted(expected));
      String answer = Terminal.answer();
      return answer != null && answer.strip().equals(expected);
    }
  }
}
