package dev.utsushi.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code utsushi dlq}. */
@Command(
    name = "dlq",
    header = "Dead letters: changes that did not reach the index, and the way back for them.",
    description = {
      "Lambda gives a change up after four attempts and leaves a message in a dead-letter queue,"
          + " so that the others go on. These commands tell what lies there and why, and replay it."
          + " A replay is safe at any time, in any order, twice, beside live traffic: a document"
          + " never goes back to an older change."
    },
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    synopsisSubcommandLabel = "COMMAND",
    usageHelpWidth = 100,
    subcommands = {
      DlqListCommand.class,
      DlqShowCommand.class,
      DlqReplayCommand.class,
      DlqPurgeCommand.class
    },
    footer = {
      "",
      "When the alarm rings:",
      "  utsushi dlq list --stack utsushi                what lies there, and how long it keeps",
      "  utsushi dlq show --stack utsushi                which items, and why they failed",
      "  utsushi dlq replay --stack utsushi --dry-run    what a replay would do",
      "  utsushi dlq replay --stack utsushi              do it; exit code 0 when nothing is left",
      "  utsushi dlq purge --stack utsushi ID            give a message up, into a file"
    })
final class DlqCommand implements Runnable {
  @Spec
  @SuppressWarnings("NullAway.Init") // picocli fills it
  private CommandSpec spec;

  /** Without a command there is nothing to do but to say which there are. */
  @Override
  public void run() {
    spec.commandLine().usage(spec.commandLine().getOut());
  }
}
