package dev.utsushi.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code utsushi}: what an operator types. */
@Command(
    name = "utsushi",
    description = "Keeps an Elasticsearch / OpenSearch index a faithful copy of a DynamoDB table.",
    synopsisSubcommandLabel = "COMMAND",
    mixinStandardHelpOptions = true,
    versionProvider = BuildVersion.class,
    usageHelpWidth = 100,
    subcommands = {
      DemoCommand.class,
      UpCommand.class,
      DlqCommand.class,
      ChaosCommand.class,
      PlanCommand.class,
      LoadCommand.class
    },
    footer = {
      "",
      "Examples:",
      "  utsushi demo            the whole pipeline on this machine, in about a minute",
      "  utsushi demo --help     what it can do",
      "  utsushi up --template infra/cdk.out/utsushi.template.json     the stack, without AWS",
      "  utsushi dlq list --stack utsushi  what did not reach the index, and why",
      "  utsushi chaos --seed 1  a storm that tries to make the index differ",
      "  utsushi plan --rate 200 --invocation 40ms   which factor, which batch size",
      "  utsushi load --rate 63 --factor 3   how late changes are, measured"
    })
final class Utsushi implements Runnable {
  @Spec
  @SuppressWarnings("NullAway.Init") // picocli fills it
  private CommandSpec spec;

  public static void main(String[] arguments) {
    System.exit(commandLine().execute(arguments));
  }

  static CommandLine commandLine() {
    boolean coloured =
        Boolean.getBoolean("utsushi.terminal")
            && System.getenv().getOrDefault("NO_COLOR", "").isEmpty();
    var commandLine = new CommandLine(new Utsushi());
    OptionTypes.register(commandLine);
    return commandLine
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setColorScheme(CommandLine.Help.defaultColorScheme(coloured ? Ansi.ON : Ansi.OFF))
        .setParameterExceptionHandler(new UsageErrors())
        .setExecutionExceptionHandler(new Failures());
  }

  /** Without a command there is nothing to do but to say which there are. */
  @Override
  public void run() {
    spec.commandLine().usage(spec.commandLine().getOut());
  }
}
