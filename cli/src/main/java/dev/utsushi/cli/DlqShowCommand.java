package dev.utsushi.cli;

import dev.utsushi.cli.dlq.Asked;
import dev.utsushi.cli.dlq.Viewer;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code utsushi dlq show}. */
@Command(
    name = "show",
    header = "Shows what is in messages: which items, which changes, why they failed.",
    description = {
      "A captured message holds its records; for a reference they are read from the stream while it"
          + " has them, 24 hours. Keys alone are shown unless --values asks for the items."
    },
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    sortOptions = false,
    usageHelpWidth = 100,
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:told, also if there are none",
      "2:wrong usage, no credentials, no such stack, stream or message",
      "3:AWS could not be asked: the message says why",
      "130:interrupted"
    },
    footer = {
      "",
      "JSON: as that of list, and in each message recordsAre (CAPTURED, IN_STREAM,"
          + " PARTLY_EXPIRED, EXPIRED, UNAVAILABLE, NONE), recordsProblem, records (id, eventName,"
          + " changedAt, sequenceNumber, keys, with --values newImage)",
      "",
      "Examples:",
      "  utsushi dlq show --stack utsushi",
      "  utsushi dlq show --stack utsushi 3f2a9c1e --values",
      "  utsushi dlq show --local --json | jq -r '.messages[].records[].id'"
    })
final class DlqShowCommand implements Callable<Integer> {
  @Spec
  @SuppressWarnings("NullAway.Init") // picocli fills it
  private CommandSpec spec;

  @Mixin
  @SuppressWarnings("NullAway.Init") // picocli fills it
  private DlqOptions options;

  @Parameters(
      paramLabel = "MESSAGE-ID",
      arity = "0..*",
      description = "the beginnings of message ids; without any, all messages")
  private List<String> prefixes = List.of();

  @Option(
      names = "--values",
      description = "show the items as the changes left them, and not their keys alone")
  private boolean values;

  @Option(
      names = "--max",
      paramLabel = "N",
      defaultValue = "1000",
      description = "look at so many messages at most (default ${DEFAULT-VALUE})")
  private int max;

  @Override
  public Integer call() throws Exception {
    DlqBounds.look(spec, max);
    Asked asked = options.asked();
    return Interruption.during(
        asked.terminal(),
        () -> {
          new Viewer(asked).run(prefixes, max, values);
          return ExitCode.FINE;
        });
  }
}
