package dev.utsushi.cli;

import dev.utsushi.cli.load.Load;
import dev.utsushi.cli.load.LoadOptions;
import dev.utsushi.cli.load.PipelineOptions;
import dev.utsushi.cli.load.StackLoad;
import dev.utsushi.cli.terminal.Terminal;
import dev.utsushi.operations.stack.StackSelector;
import java.io.BufferedReader;
import java.io.Console;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code utsushi load}. */
@Command(
    name = "load",
    header = "Writes at a rate, and measures how late changes are, here or on a deployed stack.",
    description = {
      "An open loop: late changes delay no later write. The pipeline is the demo's: DynamoDB Local,"
          + " the function in JVMs of its own, OpenSearch. Lambda's overhead and the network to the"
          + " engine are real waits on the way. At the end table and index are compared.",
      "",
      "With --stack (or --local) it is a stream that runs: new items with keys of their own are"
          + " written to its real table, each is compared with its document, and all are deleted"
          + " afterwards, after Ctrl-C too. It asks first. Write to indexed ends with the time in"
          + " the document, which is the function's clock; invocations, lanes and dead letters are"
          + " not measured. It needs lambda:ListFunctions and ListTags, dynamodb:DescribeTable,"
          + " PutItem and DeleteItem, and an engine that can be read from here."
    },
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    sortOptions = false,
    usageHelpWidth = 100,
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:table and index are equal, however late changes were",
      "1:they differ, changes are missing or in the dead-letter queue, or items of the test are"
          + " left, or the answer was another",
      "2:wrong usage, no credentials, no such stack or stream",
      "3:something could not be started or reached",
      "130:interrupted; the report says what was measured until then"
    },
    footer = {
      "",
      "Examples:",
      "  utsushi load --rate 63 --factor 1                   falls behind",
      "  utsushi load --rate 63 --factor 3                   keeps up",
      "  utsushi load --rate 20/20s,200/10s,20/30s --factor 1 --batch-size 100      a burst",
      "  utsushi load --rate 100 --factor 10 --keys hot:100000,0.3                  a hot item",
      "  utsushi load --scenario activity-log                four published runs, run again",
      "  utsushi load --scenario validate                    plan against load",
      "  utsushi load --rate 20 --stack utsushi --stream action-logs               what is"
          + " deployed",
      "  utsushi load --rate 20 --local                      what demo --keep or up runs"
    })
final class LoadCommand implements Callable<Integer> {

  private static final String DEPLOYED = "the deployed setting is what is measured";
  private static final String NEW_ITEMS = "it writes new items only";

  /** Options that would be without effect, or would touch what is not the test's. */
  private static final Map<String, String> NOT_FOR_STACKS =
      new TreeMap<>(
          Map.of(
              "--factor", DEPLOYED,
              "--batch-size", DEPLOYED,
              "--window", DEPLOYED,
              "--invocation", DEPLOYED,
              "--invoke-overhead", DEPLOYED,
              "--search-rtt", DEPLOYED,
              "--warm-up", "what is deployed is warm, or its cold starts count",
              "--mix", NEW_ITEMS,
              "--keys", NEW_ITEMS,
              "--scenario", "its settings are for the embedded parts"));

  /** Deleting in a hurry, and the last changes' way through the pipeline. */
  private static final Duration STACK_CLEAN_UP = Duration.ofMinutes(5);

  @Spec
  @SuppressWarnings("NullAway.Init") // picocli fills it
  private CommandSpec spec;

  @Mixin private LoadOptions traffic = new LoadOptions();
  @Mixin private PipelineOptions pipeline = new PipelineOptions();

  @Mixin private StackOptions stack = new StackOptions();

  @Option(names = "--yes", description = "with --stack or --local: don't ask")
  private boolean yes;

  @Option(
      names = "--scenario",
      paramLabel = "NAME",
      description =
          "activity-log: the four runs that were measured by hand, and what improves on them;"
              + " validate: a grid of settings, measured and predicted. Each takes ten times"
              + " --seconds and some minutes more")
  private Optional<String> scenario = Optional.empty();

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description = "where the report goes (default load-results/<time>)")
  private Optional<Path> out = Optional.empty();

  @Option(
      names = "--debug",
      description = "show the function's log lines, and stack traces of failures")
  private boolean debug;

  @Override
  public Integer call() throws Exception {
    return stack.isGiven() || yes ? callStack() : callEmbedded();
  }

  private int callStack() throws Exception {
    StackSelector selector =
        stack.selector("which stack? --stack NAME for a deployed one, --local for this machine's");
    for (var each : NOT_FOR_STACKS.entrySet()) {
      if (spec.commandLine().getParseResult().hasMatchedOption(each.getKey())) {
        throw new ParameterException(
            spec.commandLine(), each.getKey() + " does not go with a stack: " + each.getValue());
      }
    }
    Terminal terminal = Terminal.standardOutput(System.getenv(), spec.commandLine().getOut());
    StackLoad load = stackLoad(selector, terminal);
    return Interruption.during(terminal, STACK_CLEAN_UP, () -> exitCode(load.run()));
  }

  private StackLoad stackLoad(StackSelector selector, Terminal terminal) {
    try {
      return new StackLoad(
          selector,
          traffic,
          out.orElseGet(LoadCommand::directory),
          terminal,
          yes ? null : answers());
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
    }
  }

  @SuppressWarnings("SystemConsoleNull") // From 25 on it is null again where there is no terminal.
  private BufferedReader answers() {
    Console console = System.console();
    if (console == null || !console.isTerminal()) {
      throw new ParameterException(
          spec.commandLine(),
          "it asks before it writes to a real table, and nobody can answer here: give --yes");
    }
    return new BufferedReader(console.reader());
  }

  private int callEmbedded() throws Exception {
    try {
      Load.check(scenario, traffic, pipeline);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
    }
    Terminal terminal = Terminal.standardOutput(System.getenv());
    var load = new Load(functionJar(), out.orElseGet(LoadCommand::directory), terminal, debug);
    return Interruption.during(terminal, () -> exitCode(run(load)));
  }

  private Load.Outcome run(Load load) throws InterruptedException {
    return scenario.isPresent()
        ? load.scenario(scenario.get(), traffic, pipeline)
        : load.one(traffic, pipeline);
  }

  private static int exitCode(Load.Outcome outcome) {
    return switch (outcome) {
      case FAITHFUL -> ExitCode.FINE;
      case DIFFERENT -> ExitCode.DIFFERENT;
      case INTERRUPTED -> ExitCode.INTERRUPTED;
    };
  }

  private Path functionJar() {
    Path jar =
        Path.of(System.getProperty("utsushi.home", "."), "function/target/utsushi-function.jar");
    if (!Files.exists(jar)) {
      throw new ParameterException(
          spec.commandLine(), "there is no " + jar + ": build it with ./mvnw package -DskipTests");
    }
    return jar;
  }

  private static Path directory() {
    return Path.of(
        "load-results",
        LocalDateTime.now(ZoneId.systemDefault())
            .format(DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss")));
  }
}
