package dev.utsushi.cli;

import dev.utsushi.cli.load.Load;
import dev.utsushi.cli.load.LoadOptions;
import dev.utsushi.cli.load.PipelineOptions;
import dev.utsushi.cli.terminal.Terminal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Optional;
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
    header = "Writes at a rate, and measures how late changes are, on this machine.",
    description = {
      "An open loop: late changes delay no later write. The pipeline is the demo's: DynamoDB Local,"
          + " the function in JVMs of its own, OpenSearch. Lambda's overhead and the network to the"
          + " engine are real waits on the way. At the end table and index are compared."
    },
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    sortOptions = false,
    usageHelpWidth = 100,
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:table and index are equal, however late changes were",
      "1:they differ, or changes are missing or in the dead-letter queue",
      "2:wrong usage",
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
      "  utsushi load --scenario validate                    plan against load"
    })
final class LoadCommand implements Callable<Integer> {

  @Spec
  @SuppressWarnings("NullAway.Init") // picocli fills it
  private CommandSpec spec;

  @Mixin private LoadOptions traffic = new LoadOptions();
  @Mixin private PipelineOptions pipeline = new PipelineOptions();

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
