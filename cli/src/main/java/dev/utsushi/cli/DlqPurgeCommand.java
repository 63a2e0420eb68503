package dev.utsushi.cli;

import dev.utsushi.cli.dlq.Asked;
import dev.utsushi.cli.dlq.Purger;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code utsushi dlq purge}. */
@Command(
    name = "purge",
    header = "Gives messages up: exports them to a file, then deletes them.",
    description = {
      "Asks for the index's name first. Each message is on the disk, whole, before it is deleted;"
          + " one that was not listed when it asked is not touched. The file holds items: only its"
          + " owner may read it."
    },
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    sortOptions = false,
    usageHelpWidth = 100,
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:all that were meant are exported and deleted",
      "1:not all, or the answer was another",
      "2:wrong usage, no credentials, no such stack, stream or message",
      "3:it could not be done: the message says why",
      "130:interrupted"
    },
    footer = {
      "",
      "JSON: stack, region, index, tableArn, queueUrl, at, deleted, left, export",
      "",
      "The file: a line of JSON a message: messageId, queueUrl, exportedAt, body, attributes,"
          + " messageAttributes. Sent to the queue again, a body is the dead letter that it was.",
      "",
      "Examples:",
      "  utsushi dlq purge --stack utsushi 3f2a9c1e",
      "  utsushi dlq purge --stack utsushi --older-than 2d --export given-up.jsonl --yes"
    })
final class DlqPurgeCommand implements Callable<Integer> {
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
      names = "--older-than",
      paramLabel = "TIME",
      description = "only messages that failed at least so long ago, like 90s, 10m, 1h or 2d")
  private @Nullable String olderThan;

  @Option(
      names = "--export",
      paramLabel = "FILE",
      description =
          "a new file for the messages (default: dead-letters-INDEX-TIME.jsonl in the working"
              + " directory)")
  private @Nullable Path export;

  @Option(names = "--yes", description = "don't ask")
  private boolean yes;

  @Option(
      names = "--max",
      paramLabel = "N",
      defaultValue = "1000",
      description = "look at so many messages at most (default ${DEFAULT-VALUE})")
  private int max;

  @Override
  public Integer call() throws Exception {
    DlqBounds.look(spec, max);
    var selection = new Purger.Selection(prefixes, DlqBounds.age(spec, olderThan), max, export);
    if (options.json() && !yes) {
      throw new ParameterException(
          spec.commandLine(), "purge asks, and a script can't answer: give --yes with --json");
    }
    Asked asked = options.asked();
    return Interruption.during(
        asked.terminal(),
        () ->
            new Purger(asked, yes ? null : standardInput()).run(selection)
                ? ExitCode.FINE
                : ExitCode.DIFFERENT);
  }

  private static BufferedReader standardInput() {
    return new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
  }
}
