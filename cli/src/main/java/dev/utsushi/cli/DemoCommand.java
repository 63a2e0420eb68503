package dev.utsushi.cli;

import dev.utsushi.cli.demo.Demo;
import dev.utsushi.cli.demo.WorkerDemo;
import dev.utsushi.cli.outbox.OutboxDemo;
import dev.utsushi.loadtest.measurement.TestedPipeline;
import dev.utsushi.loadtest.traffic.ArrivalPattern;
import dev.utsushi.loadtest.traffic.ArrivalProfile;
import dev.utsushi.loadtest.traffic.KeyDistribution;
import dev.utsushi.loadtest.traffic.Traffic;
import dev.utsushi.testbed.activity.SampleTexts;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;

/** {@code utsushi demo}. */
@Command(
    name = "demo",
    header = "Runs the whole pipeline on this machine and shows that the copy is faithful.")
final class DemoCommand extends UtsushiCommand {
  private static final Set<String> OUTBOX_OPTIONS =
      Set.of("--outbox", "--seconds", "--rate", "--seed");

  /** Long enough for the grace time within the middle third. */
  private static final int LEAST_OUTBOX_SECONDS = 12;

  @Option(
      names = "--seconds",
      paramLabel = "N",
      description = "duration of the traffic in seconds, 1 to 3600 (default: ${DEFAULT-VALUE})")
  private int seconds = 30;

  @Option(
      names = "--rate",
      paramLabel = "N",
      description = "writes per second, 1 to 500 (default: ${DEFAULT-VALUE})")
  private int rate = 20;

  @Option(
      names = "--factor",
      paramLabel = "N",
      description = "parallelization factor of the stream, 1 to 10 (default: ${DEFAULT-VALUE})")
  private int factor = 1;

  @Option(
      names = "--consumers",
      paramLabel = "N",
      description =
          "consumers of the changes, 1 or 2; the second has an index of its own (default:"
              + " ${DEFAULT-VALUE})")
  private int consumers = 1;

  @Mixin private SourceOptions source = new SourceOptions();

  @Option(
      names = "--batch-size",
      paramLabel = "N",
      description = "changes per invocation, 1 to 10000 (default: ${DEFAULT-VALUE})")
  private int batchSize = 1;

  @Option(
      names = "--seed",
      paramLabel = "N",
      description = "the same seed gives the same activity (default: ${DEFAULT-VALUE})")
  private long seed = 1;

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

  @Option(
      names = "--outbox",
      description =
          "a shop whose events leave through an outbox, in place of the index; takes --seconds,"
              + " --rate and --seed")
  private boolean outbox;

  @Override
  public Integer call() throws InterruptedException {
    inRange("--seconds", seconds, 1, 3600);
    inRange("--rate", rate, 1, 500);
    if (outbox) {
      return runOutbox() ? OK : DIFFERENT;
    }
    inRange("--factor", factor, 1, 10);
    inRange("--batch-size", batchSize, 1, 10_000);
    inRange("--consumers", consumers, 1, 2);
    Optional<Path> workerJars = source.workerJars();
    boolean equal = workerJars.isEmpty() ? runFunction() : runWorkers(workerJars.get());
    return equal ? OK : DIFFERENT;
  }

  private boolean runOutbox() throws InterruptedException {
    for (OptionSpec given : spec().commandLine().getParseResult().matchedOptions()) {
      if (!OUTBOX_OPTIONS.contains(given.longestName())) {
        throw wrong("--outbox takes no " + given.longestName());
      }
    }
    if (seconds < LEAST_OUTBOX_SECONDS) {
      throw wrong("--outbox takes at least %d --seconds".formatted(LEAST_OUTBOX_SECONDS));
    }
    var options = new OutboxDemo.Options(rate, Duration.ofSeconds(seconds), seed);
    return new OutboxDemo(options, terminal()).run();
  }

  private boolean runWorkers(Path workerJars) throws InterruptedException {
    if (keep || factor != 1 || batchSize != 1 || consumers != 1) {
      throw new IllegalArgumentException(
          "--consumer worker takes no --keep, --factor, --batch-size and --consumers");
    }
    var options =
        new WorkerDemo.Options(
            rate,
            Duration.ofSeconds(seconds),
            source.kinesisShards(),
            seed,
            language,
            debug,
            functionJar(),
            workerJars);
    return new WorkerDemo(options, terminal()).run();
  }

  private boolean runFunction() throws InterruptedException {
    var profile = ArrivalProfile.steady(rate, Duration.ofSeconds(seconds));
    var traffic =
        new Traffic(profile, ArrivalPattern.CONSTANT, KeyDistribution.uniform(1_000_000), seed);
    var settings = TestedPipeline.Embedded.withoutWaits(factor, source.kinesisShards(), batchSize);
    var options =
        new Demo.Options(traffic, settings, language, consumers, keep, debug, functionJar());
    return new Demo(options, terminal()).run();
  }
}
