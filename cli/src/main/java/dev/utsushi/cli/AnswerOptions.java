package dev.utsushi.cli;

import dev.utsushi.cli.terminal.Terminal;
import dev.utsushi.core.deadletter.DeadLetterJson;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The options of a command that answers people or programs. */
final class AnswerOptions {

  /** The option of a command that has nothing of its own to say of it. */
  static final class Debug {
    @Option(names = "--debug", description = "show stack traces of failures")
    @SuppressWarnings("UnusedVariable") // CommandRunner checks whether it was given.
    private boolean debug;
  }

  @Spec(Spec.Target.MIXEE)
  @SuppressWarnings("NullAway.Init") // picocli fills it
  private CommandSpec command;

  @Option(
      names = "--json",
      description = "write only JSON to standard output, and progress to standard error")
  private boolean json;

  @Mixin
  @SuppressWarnings("UnusedVariable") // as above
  private Debug debug = new Debug();

  boolean isJson() {
    return json;
  }

  /** Returns where the command prints what is not its answer. */
  Terminal terminal() {
    return json
        ? Terminal.plain(command.commandLine().getErr())
        : Terminal.standardOutput(command.commandLine().getOut());
  }

  /** Gives an answer as JSON, or prints it for people. */
  void give(Object answer, Runnable print) {
    if (json) {
      var out = command.commandLine().getOut();
      out.println(DeadLetterJson.pretty(answer));
      out.flush();
    } else {
      print.run();
    }
  }
}
