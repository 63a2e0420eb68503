package dev.utsushi.cli;

import dev.utsushi.cli.dlq.Asked;
import dev.utsushi.cli.dlq.Lister;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code utsushi dlq list}. */
@Command(
    name = "list",
    header = "Lists the messages: how old, how long they keep, how many records.",
    description = {
      "To look at messages SQS has to receive them: for some seconds they are hidden from a replay"
          + " beside it (which would find the queue emptier than it is), and each look counts as a"
          + " receive. Nothing is moved or lost by either."
    },
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    sortOptions = false,
    usageHelpWidth = 100,
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:told, also if there are none",
      "2:wrong usage, no credentials, no such stack or stream",
      "3:AWS could not be asked: the message says why",
      "130:interrupted"
    },
    footer = {
      "",
      "JSON: stack, region, index, tableArn, queueUrl, at, complete, hiddenByOthers, messages"
          + " (messageId, form, failedAt, sentAt, ageSeconds, forgottenAt, secondsLeft, expired,"
          + " receives, recordCount, copies, condition, attempts, streamArn, shardId,"
          + " startSequenceNumber, endSequenceNumber, capturedAt, part, parts, reason, problem),"
          + " totals (messages, doubles, records, captured, reference, foreign, malformed,"
          + " expired)",
      "",
      "Examples:",
      "  utsushi dlq list --stack utsushi",
      "  utsushi dlq list --local",
      "  utsushi dlq list --stack utsushi --json | jq .totals"
    })
final class DlqListCommand implements Callable<Integer> {
  @Spec
  @SuppressWarnings("NullAway.Init") // picocli fills it
  private CommandSpec spec;

  @Mixin
  @SuppressWarnings("NullAway.Init") // picocli fills it
  private DlqOptions options;

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
          new Lister(asked).run(max);
          return ExitCode.FINE;
        });
  }
}
