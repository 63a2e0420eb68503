package dev.utsushi.cli;

import dev.utsushi.loadtest.plan.LagTarget;
import dev.utsushi.loadtest.simulation.InvocationTime;
import dev.utsushi.loadtest.traffic.ItemSize;
import dev.utsushi.loadtest.traffic.KeyDistribution;
import dev.utsushi.loadtest.traffic.WriteMix;
import dev.utsushi.loadtest.units.DurationText;
import java.time.Duration;
import java.util.function.Function;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.TypeConversionException;

/** {@code utsushi}, the command line. */
@Command(
    name = "utsushi",
    description = "Keeps an Elasticsearch / OpenSearch index a faithful copy of a DynamoDB table.",
    resourceBundle = "dev.utsushi.cli.help",
    synopsisSubcommandLabel = "COMMAND",
    scope = ScopeType.INHERIT,
    mixinStandardHelpOptions = true,
    versionProvider = CommandRunner.Version.class,
    sortOptions = false,
    exitCodeListHeading = "%nExit codes:%n",
    subcommands = {
      DemoCommand.class,
      UpCommand.class,
      InitCommand.class,
      TemplateCommand.class,
      StatusCommand.class,
      RunCommands.BackfillCommand.class,
      RunCommands.VerifyCommand.class,
      TombstonesCommand.class,
      ReindexCommands.ReindexCommand.class,
      DlqCommand.class,
      IndexCommand.class,
      ChaosCommand.class,
      PlanCommand.class,
      LoadCommand.class
    })
final class Utsushi {

  public static void main(String[] arguments) {
    System.exit(commandLine().execute(arguments));
  }

  static CommandLine commandLine() {
    return CommandRunner.commandLine(new Utsushi())
        .registerConverter(Duration.class, converter(DurationText::parse))
        .registerConverter(KeyDistribution.class, converter(KeyDistribution::parse))
        .registerConverter(WriteMix.class, converter(WriteMix::parse))
        .registerConverter(ItemSize.class, converter(ItemSize::parse))
        .registerConverter(LagTarget.class, converter(LagTarget::parse))
        .registerConverter(InvocationTime.class, converter(InvocationTime::parse));
  }

  /** Passes the parser's message on, which picocli would otherwise replace by its own. */
  private static <T> ITypeConverter<T> converter(Function<String, T> parser) {
    return text -> {
      try {
        return parser.apply(text);
      } catch (IllegalArgumentException e) {
        throw new TypeConversionException(e.getMessage());
      }
    };
  }
}
