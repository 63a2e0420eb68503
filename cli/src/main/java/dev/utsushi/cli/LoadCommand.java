package dev.utsushi.cli;

import static java.util.Map.entry;

import dev.utsushi.cli.load.EmbeddedLoad;
import dev.utsushi.cli.load.StackLoad;
import dev.utsushi.loadtest.measurement.TestedPipeline;
import dev.utsushi.loadtest.plan.LagTarget;
import dev.utsushi.loadtest.report.Conclusion.Verdict;
import dev.utsushi.loadtest.report.EarlierRun;
import dev.utsushi.loadtest.report.Scenario;
import dev.utsushi.loadtest.run.EmbeddedRuns.Request;
import dev.utsushi.loadtest.scenario.PublishedRuns;
import dev.utsushi.loadtest.scenario.TestPoint;
import dev.utsushi.loadtest.scenario.Validation;
import dev.utsushi.loadtest.traffic.Traffic;
import dev.utsushi.operations.stack.StackSelector;
import java.io.BufferedReader;
import java.io.Console;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code utsushi load}. */
@Command(
    name = "load",
    header = "Writes at a rate and measures the lag, on this machine or on a deployed stack.",
    synopsisSubcommandLabel = "[COMMAND]",
    subcommands = LoadCleanCommand.class)
final class LoadCommand extends UtsushiCommand {

  private static final String DEPLOYED = "the deployed setting is measured";
  private static final String NEW_ITEMS = "the test only writes new items";

  /** Options that would have no effect, or would change items of others. */
  private static final Map<String, String> NOT_FOR_STACKS =
      new TreeMap<>(
          Map.ofEntries(
              entry("--factor", DEPLOYED),
              entry("--batch-size", DEPLOYED),
              entry("--source", DEPLOYED),
              entry("--consumer", DEPLOYED),
              entry("--shards", DEPLOYED),
              entry("--targets", DEPLOYED),
              entry("--window", DEPLOYED),
              entry("--invocation", DEPLOYED),
              entry("--invoke-overhead", DEPLOYED),
              entry("--search-rtt", DEPLOYED),
              entry("--warm-up", "cold starts of a deployed function count"),
              entry("--mix", NEW_ITEMS),
              entry("--keys", NEW_ITEMS),
              entry("--scenario", "its settings are for the embedded pipeline")));

  /** Time for hurried deletions, and for the pipeline to process them. */
  private static final Duration STACK_CLEAN_UP = Duration.ofMinutes(5);

  @Mixin private LoadOptions traffic = new LoadOptions();
  @Mixin private EmbeddedOptions pipeline = new EmbeddedOptions();

  @Mixin private StackOptions stack = new StackOptions();

  @Option(names = "--yes", description = "with --stack or --local: do not ask")
  private boolean yes;

  @Option(
      names = "--scenario",
      paramLabel = "NAME",
      description =
          "activity-log: four published runs and settings that improve on them; validate: a grid of"
              + " settings, measured and predicted. Each takes ten times --seconds and some"
              + " minutes")
  private Optional<String> scenario = Optional.empty();

  @Option(
      names = "--target",
      paramLabel = "TARGET",
      description = "lag to indexed to meet: p99=1s, p99.9=3s, max=5s; exit code 1 if it is missed")
  private Optional<LagTarget> target = Optional.empty();

  @Option(
      names = "--compare",
      paramLabel = "FILE",
      description =
          "the load.json of an earlier test: shows its figures beside those of this one, and warns"
              + " if machine, version or scenario differ")
  private Optional<Path> earlier = Optional.empty();

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description = "directory of the report (default: load-results/<time>)")
  private Optional<Path> out = Optional.empty();

  @Option(
      names = "--debug",
      description = "print the function's log lines, and stack traces of failures")
  private boolean debug;

  @Override
  public Integer call() throws Exception {
    return isOnStack() ? callStack() : callEmbedded();
  }

  private boolean isOnStack() {
    return stack.isGiven() || yes;
  }

  @Override
  Duration cleanUpTime() {
    return isOnStack() ? STACK_CLEAN_UP : super.cleanUpTime();
  }

  private int callStack() throws Exception {
    StackSelector selector = valid(stack::selector);
    for (var each : NOT_FOR_STACKS.entrySet()) {
      if (spec().commandLine().getParseResult().hasMatchedOption(each.getKey())) {
        throw wrong(each.getKey() + " does not go with a stack: " + each.getValue());
      }
    }
    Traffic newItems = valid(traffic::insertsOnly);
    valid(newItems::plan);
    var compared = valid(() -> earlier.map(EarlierRun::read));
    var load =
        new StackLoad(
            selector, newItems, directory(), terminal(), target, compared, yes ? null : answers());
    return exitCode(load.run());
  }

  @SuppressWarnings("SystemConsoleNull") // From 25 on it is null again where there is no terminal.
  private BufferedReader answers() {
    Console console = System.console();
    if (console == null || !console.isTerminal()) {
      throw wrong("load asks before it writes to a real table: give --yes if there is no terminal");
    }
    return new BufferedReader(console.reader());
  }

  private int callEmbedded() throws Exception {
    if (scenario.isPresent()) {
      if (target.isPresent() || earlier.isPresent()) {
        throw wrong("--target and --compare go with one test, not with --scenario");
      }
      Scenario<Request> tests = valid(this::scenario);
      return exitCode(embedded().run(tests));
    }
    Request test = valid(() -> request("load", pipeline.tested(), traffic.traffic()));
    var compared = valid(() -> earlier.map(EarlierRun::read));
    return exitCode(embedded().run(test, target, compared));
  }

  private EmbeddedLoad embedded() {
    return new EmbeddedLoad(functionJar(), directory(), terminal(), debug);
  }

  private Scenario<Request> scenario() {
    String waits = pipeline.settings().waits();
    Scenario<TestPoint> points =
        switch (scenario.orElseThrow()) {
          case PublishedRuns.NAME -> PublishedRuns.scenario(waits);
          case Validation.NAME -> Validation.scenario();
          default ->
              throw new IllegalArgumentException(
                  "there is no scenario '%s', only %s and %s"
                      .formatted(scenario.get(), PublishedRuns.NAME, Validation.NAME));
        };
    if (pipeline.isWorker()) {
      throw new IllegalArgumentException(
          "--scenario is for the function: --consumer worker goes with one test");
    }
    if (traffic.hasRate() || pipeline.isGiven()) {
      throw new IllegalArgumentException(
          "--scenario has its own --rate, --factor and --batch-size");
    }
    return points.map(point -> Optional.of(request(point)));
  }

  private Request request(TestPoint point) {
    return request(
        point.name(),
        pipeline.settings(point.factor(), point.batchSize()),
        traffic.traffic(Integer.toString(point.writesPerSecond())));
  }

  private Request request(String name, TestedPipeline settings, Traffic writes) {
    // Refuses traffic that is too long.
    var _ = writes.plan();
    return new Request(name, writes, settings, pipeline.longestWarmUp());
  }

  private static int exitCode(Verdict verdict) {
    return switch (verdict) {
      case EQUAL -> OK;
      case DIFFERENT, INCOMPLETE -> DIFFERENT;
      case INTERRUPTED -> INTERRUPTED;
    };
  }

  private Path directory() {
    return out.orElseGet(
        () ->
            Path.of(
                "load-results",
                LocalDateTime.now(ZoneId.systemDefault())
                    .format(DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss"))));
  }
}
