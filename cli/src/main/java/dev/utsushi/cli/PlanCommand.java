package dev.utsushi.cli;

import dev.utsushi.cli.plan.FunctionOptions;
import dev.utsushi.cli.plan.GridOptions;
import dev.utsushi.cli.plan.PlanJson;
import dev.utsushi.cli.plan.PlanReport;
import dev.utsushi.cli.plan.PlanRequest;
import dev.utsushi.cli.plan.ScenarioReport;
import dev.utsushi.cli.plan.StreamOptions;
import dev.utsushi.cli.plan.TrafficOptions;
import dev.utsushi.loadtest.plan.CapacityPlan;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code utsushi plan}. */
@Command(
    name = "plan",
    header = "Predicts how late changes will be, and what that costs, for each setting.",
    description = {
      "Simulates the stream, its event source mapping and the function: polls, lanes, batches,"
          + " retries. Shows every parallelization factor with every batch size, and the cheapest"
          + " setting that meets the target. Lag is from the write to indexed; with --refresh, to"
          + " searchable. Nothing is started, nothing is called."
    },
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    sortOptions = false,
    usageHelpWidth = 100,
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {"0:a setting meets the target", "1:none does", "2:wrong usage"},
    footer = {
      "",
      "Examples:",
      "  utsushi plan --rate 200 --invocation 40ms",
      "  utsushi plan --rate 200 --invocation p50=38ms,p99=120ms --target p99=2s --refresh 1s",
      "  utsushi plan --rate 20/60s,400/10s,20/60s --invocation 40ms --target max=3s    a burst",
      "  utsushi plan --rate 200 --invocation 40ms --keys hot:100000,0.04          a hot item",
      "  utsushi plan --scenario activity-log      the four runs that were measured by hand"
    })
final class PlanCommand implements Callable<Integer> {
  private static final String ACTIVITY_LOG = "activity-log";

  @Spec
  @SuppressWarnings("NullAway.Init") // picocli fills it
  private CommandSpec spec;

  @Mixin private TrafficOptions traffic = new TrafficOptions();
  @Mixin private FunctionOptions function = new FunctionOptions();
  @Mixin private StreamOptions stream = new StreamOptions();
  @Mixin private GridOptions grid = new GridOptions();

  @Option(
      names = "--scenario",
      paramLabel = "NAME",
      description = "activity-log: four runs as they were published, beside what is predicted")
  private Optional<String> scenario = Optional.empty();

  @Option(names = "--details", description = "all figures of every setting")
  private boolean details;

  @Option(names = "--json", description = "all figures of every setting, as JSON")
  private boolean json;

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    if (scenario.isPresent()) {
      checkScenario(scenario.get());
      new ScenarioReport(traffic.seed()).print(out);
      return ExitCode.FINE;
    }
    PlanRequest request = request();
    long start = System.nanoTime();
    CapacityPlan plan = request.plan();
    Duration took = Duration.ofNanos(System.nanoTime() - start);
    if (json) {
      new PlanJson(request, plan).print(out);
    } else {
      new PlanReport(request, plan, details, took).print(out);
    }
    return plan.cheapest().isPresent() ? ExitCode.FINE : ExitCode.DIFFERENT;
  }

  private PlanRequest request() {
    try {
      return PlanRequest.of(traffic, stream, function, grid);
    } catch (IllegalArgumentException | UncheckedIOException e) {
      throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
    }
  }

  private void checkScenario(String name) {
    if (!name.equals(ACTIVITY_LOG)) {
      throw new ParameterException(
          spec.commandLine(), "there is no scenario '%s', only activity-log".formatted(name));
    }
    if (json || traffic.isGiven()) {
      throw new ParameterException(
          spec.commandLine(), "--scenario takes neither --rate nor --json");
    }
  }
}
