package dev.utsushi.cli;

import dev.utsushi.cli.terminal.Terminal;
import dev.utsushi.core.deadletter.IndexRequest.Operation;
import dev.utsushi.core.index.IndexNames;
import dev.utsushi.core.index.IndexStatus;
import dev.utsushi.core.index.IndexStatus.State;
import dev.utsushi.operations.stack.AwsClients;
import dev.utsushi.operations.stack.DeployedStream;
import dev.utsushi.operations.stack.StackSelector;
import dev.utsushi.operations.stack.StreamFinder;
import dev.utsushi.operations.stack.StreamStatus;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code utsushi index}, with its one command. */
@Command(
    name = "index",
    header = "Creates an index again that was deleted.",
    subcommands = IndexCommand.CreateCommand.class)
final class IndexCommand {

  /** {@code utsushi index create}. */
  @Command(name = "create", header = "Creates an index again that was deleted: empty.")
  static final class CreateCommand extends UtsushiCommand {
    @Mixin
    @SuppressWarnings("NullAway.Init") // picocli fills it
    private StackOptions stack;

    @Option(names = "--yes", description = "do not ask")
    private boolean yes;

    @Mixin
    @SuppressWarnings("UnusedVariable") // CommandRunner checks whether it was given.
    private AnswerOptions.Debug debug = new AnswerOptions.Debug();

    @Override
    public Integer call() throws InterruptedException {
      StackSelector selector = valid(stack::selector);
      terminal().status("finding the stream …");
      try (AwsClients clients = AwsClients.of(selector)) {
        DeployedStream stream = new StreamFinder(clients).find(selector.stream());
        IndexStatus before =
            StreamStatus.ask(clients, stream, Operation.INSPECT, terminal()::status);
        if (before.state() != State.DELETED) {
          return refuse(stream, before);
        }
        if (!yes && !isConfirmed(stream)) {
          terminal().line("Nothing was created.");
          return DIFFERENT;
        }
        IndexStatus after = StreamStatus.ask(clients, stream, Operation.CREATE, terminal()::status);
        return report(stream, after, selector);
      }
    }

    private int refuse(DeployedStream stream, IndexStatus status) {
      terminal()
          .bad(
              "Nothing was created for %s: %s"
                  .formatted(
                      stream.title(),
                      switch (status.state()) {
                        case WRITABLE -> "the index exists";
                        case NOT_CREATED -> "the first change will create the index";
                        case DELETED, NOT_WRITABLE, UNREACHABLE -> status.cause();
                      }));
      return status.state() == State.UNREACHABLE ? NOT_DONE : DIFFERENT;
    }

    private boolean isConfirmed(DeployedStream stream) throws InterruptedException {
      terminal()
          .line(
              "This creates the index %s of %s again, empty."
                  .formatted(new IndexNames(stream.targetIndex()).first(), stream.title()));
      terminal()
          .line(
              "Readers find only what changes from now on. All other items of the table are missing"
                  + " until each is written again.");
      terminal()
          .line("Type the name of the index, %s, to continue:".formatted(stream.targetIndex()));
      String answer = Terminal.answer();
      return answer != null && answer.strip().equals(stream.targetIndex());
    }

    private int report(DeployedStream stream, IndexStatus status, StackSelector selector) {
      if (!status.takesChanges()) {
        return refuse(stream, status);
      }
      terminal().good("The index of %s is there again, empty.".formatted(stream.title()));
      terminal()
          .line(
              "Next: replay the dead letters (utsushi dlq replay %1$s), then copy all other items: utsushi backfill start %1$s"
                  .formatted(selector.options()));
      return OK;
    }
  }
}
