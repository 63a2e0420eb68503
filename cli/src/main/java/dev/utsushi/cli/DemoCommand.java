package dev.utsushi.cli;

import dev.utsushi.cli.demo.Demo;
import dev.utsushi.testbed.activity.SampleTexts;
import java.time.Duration;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code utsushi demo}. */
@Command(
    name = "demo",
    header = "Runs the whole pipeline on this machine and shows that the copy is faithful.",
    description = {
      "Starts a DynamoDB table with its stream, the function in its own JVMs as Lambda runs it, an"
          + " OpenSearch index and a dead-letter queue. Writes a sales team's activity, searches"
          + " it, and compares table and index item by item."
    },
    exitCodeList = {
      "0:table and index are equal",
      "1:they differ, or the dead-letter queue is not empty",
      "2:wrong usage",
      "3:something did not start or could not be reached",
      "130:interrupted"
    },
    footer = {
      "",
      "Examples:",
      "  utsushi demo",
      "  utsushi demo --lang en                 sample data in English",
      "  utsushi demo --rate 63 --factor 3      three lanes",
      "  utsushi demo --keep                    explore it: curl, aws, kill -9 of the function"
    })
final class DemoCommand extends UtsushiCommand {
  @Option(
      names = "--seconds",
      paramLabel = "N",
      defaultValue = "30",
      description = "duration of the traffic in seconds, 1 to 3600 (default: ${DEFAULT-VALUE})")
  private int seconds;

  @Option(
      names = "--rate",
      paramLabel = "N",
      defaultValue = "20",
      description = "writes per second, 1 to 500 (default: ${DEFAULT-VALUE})")
  private int rate;

  @Option(
      names = "--factor",
      paramLabel = "N",
      defaultValue = "1",
      description = "parallelization factor of the stream, 1 to 10 (default: ${DEFAULT-VALUE})")
  private int factor;

  @Option(
      names = "--batch-size",
      paramLabel = "N",
      defaultValue = "1",
      description = "changes per invocation, 1 to 10000 (default: ${DEFAULT-VALUE})")
  private int batchSize;

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "1",
      description = "the same seed gives the same activity (default: ${DEFAULT-VALUE})")
  private long seed;

  @Option(
      names = "--lang",
      paramLabel = "LANG",
      defaultValue = "ja",
      description = "language of the sample data, ja or en (default: ${DEFAULT-VALUE})")
  private SampleTexts.Language language = SampleTexts.Language.JA;

  @Option(
      names = "--keep",
      description = "leave everything running until Ctrl-C, and print how to reach it")
  private boolean keep;

  @Option(
      names = "--debug",
      description = "print the function's log lines, and stack traces of failures")
  private boolean debug;

  @Override
  public Integer call() throws InterruptedException {
    inRange("--seconds", seconds, 1, 3600);
    inRange("--rate", rate, 1, 500);
    inRange("--factor", factor, 1, 10);
    inRange("--batch-size", batchSize, 1, 10_000);
    var options =
        new Demo.Options(
            Duration.ofSeconds(seconds),
            rate,
            factor,
            batchSize,
            seed,
            language,
            keep,
            debug,
            functionJar());
    return new Demo(options, terminal()).run() ? OK : DIFFERENT;
  }
}
