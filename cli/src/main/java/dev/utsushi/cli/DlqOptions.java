package dev.utsushi.cli;

import dev.utsushi.cli.dlq.Asked;
import dev.utsushi.cli.terminal.Terminal;
import dev.utsushi.operations.stack.StackSelector;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Whose dead letters are meant, and who wants to know: options of all {@code dlq} commands. */
final class DlqOptions extends StackOptions {
  @Spec(Spec.Target.MIXEE)
  @SuppressWarnings("NullAway.Init") // picocli fills it
  private CommandSpec spec;

  @Option(
      names = "--json",
      description = "JSON on standard output, and nothing else; progress on standard error")
  private boolean json;

  @Option(names = "--debug", description = "show stack traces of failures")
  @SuppressWarnings("UnusedVariable") // Failures looks whether it was given.
  private boolean debug;

  /**
   * @throws ParameterException if it can't be told whose dead letters are meant
   */
  Asked asked() {
    StackSelector selector =
        selector(
            "whose dead letters? --stack NAME for a deployed stack, --local for this machine's");
    var out = spec.commandLine().getOut();
    return new Asked(
        selector,
        json
            ? Terminal.plain(spec.commandLine().getErr())
            : Terminal.standardOutput(System.getenv(), out),
        json ? out : null);
  }

  boolean json() {
    return json;
  }
}
