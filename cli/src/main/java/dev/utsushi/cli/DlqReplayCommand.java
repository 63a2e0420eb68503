package dev.utsushi.cli;

import dev.utsushi.cli.dlq.Asked;
import dev.utsushi.cli.dlq.Replayer;
import dev.utsushi.core.deadletter.ReplayRequest;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code utsushi dlq replay}. */
@Command(
    name = "replay",
    header = "Takes the changes down the same road once more, and deletes what is settled.",
    description = {
      "Runs in the deployed replay function, again and again until nothing more can be done. A"
          + " change is applied if it is newer than what the index holds, and superseded if not:"
          + " both settle it. A message is deleted when all its records are settled; any other"
          + " stays in the queue, and it is said why. Ctrl-C loses nothing."
    },
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    sortOptions = false,
    usageHelpWidth = 100,
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:nothing is left in the queue; with --dry-run, nothing would be",
      "1:something is left, or would be: the message says what to do",
      "2:wrong usage, no credentials, no such stack or stream",
      "3:it could not be done: the message says why, and how far it came",
      "130:interrupted"
    },
    footer = {
      "",
      "JSON: stack, region, index, tableArn, queueUrl, at, dryRun, stopped (EMPTY, MAX, DEADLINE,"
          + " REPLY_FULL), messages (messageId, form, fate, note, streamArn, shardId,"
          + " startSequenceNumber, endSequenceNumber, condition, invocations, failedAt, receives,"
          + " copies, records (id, sequenceNumber, version, eventName, changedAt, outcome, reason,"
          + " standing)), totals (messages, deleted, kept, records, applied, superseded, deferred,"
          + " rejected, unreadable, expiryKept, expired), others, left",
      "",
      "Examples:",
      "  utsushi dlq replay --stack utsushi --dry-run",
      "  utsushi dlq replay --stack utsushi --rate 50/s",
      "  utsushi dlq replay --stack utsushi --older-than 1h --max 100"
    })
final class DlqReplayCommand implements Callable<Integer> {
  @Spec
  @SuppressWarnings("NullAway.Init") // picocli fills it
  private CommandSpec spec;

  @Mixin
  @SuppressWarnings("NullAway.Init") // picocli fills it
  private DlqOptions options;

  @Option(
      names = "--dry-run",
      description = "say what would happen to each record; write and delete nothing")
  private boolean dryRun;

  @Option(
      names = "--max",
      paramLabel = "N",
      description = "so many messages at most (default: all)")
  private @Nullable Integer max;

  @Option(
      names = "--older-than",
      paramLabel = "TIME",
      description = "only messages that failed at least so long ago, like 90s, 10m, 1h or 2d")
  private @Nullable String olderThan;

  @Option(
      names = "--rate",
      paramLabel = "N/s",
      description = "so many records a second at most, like 50/s (default: as fast as it goes)")
  private @Nullable String rate;

  @Override
  public Integer call() throws Exception {
    var request =
        new ReplayRequest(
            dryRun,
            DlqBounds.most(spec, max),
            DlqBounds.age(spec, olderThan),
            DlqBounds.rate(spec, rate));
    Asked asked = options.asked();
    return Interruption.during(
        asked.terminal(),
        () -> new Replayer(asked).run(request) ? ExitCode.FINE : ExitCode.DIFFERENT);
  }
}
