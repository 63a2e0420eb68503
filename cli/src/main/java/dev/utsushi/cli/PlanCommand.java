package dev.utsushi.cli;

import dev.utsushi.cli.plan.PlanJson;
import dev.utsushi.cli.plan.PlanOptions;
import dev.utsushi.cli.plan.PlanPrinter;
import dev.utsushi.cli.plan.ScenarioPrinter;
import dev.utsushi.loadtest.plan.CapacityPlan;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code utsushi plan}. */
@Command(
    name = "plan",
    header = "Predicts lag and cost for each parallelization factor and batch size.")
final class PlanCommand extends UtsushiCommand {
  private static final String ACTIVITY_LOG = "activity-log";

  @Mixin private TrafficOptions traffic = new TrafficOptions(60);
  @Mixin private PlanOptions options = new PlanOptions();

  @Option(
      names = "--scenario",
      paramLabel = "NAME",
      description = "activity-log: four published runs beside their prediction")
  private Optional<String> scenario = Optional.empty();

  @Option(names = "--details", description = "all figures of every setting")
  private boolean details;

  @Option(names = "--json", description = "all figures of every setting, as JSON")
  private boolean json;

  /** A simulation starts nothing. */
  @Override
  Duration cleanUpTime() {
    return Duration.ZERO;
  }

  @Override
  public Integer call() {
    if (scenario.isPresent()) {
      checkScenario(scenario.get());
      ScenarioPrinter.print(terminal(), traffic.seed());
      return OK;
    }
    CapacityPlan.Inputs inputs = inputs();
    long start = System.nanoTime();
    CapacityPlan plan = CapacityPlan.of(inputs);
    Duration took = Duration.ofNanos(System.nanoTime() - start);
    if (json) {
      spec().commandLine().getOut().println(PlanJson.of(plan));
    } else {
      new PlanPrinter(terminal(), plan).print(options.consumers(), details, took);
    }
    return plan.cheapest().isPresent() ? OK : DIFFERENT;
  }

  private CapacityPlan.Inputs inputs() {
    try {
      return valid(() -> options.inputs(traffic.traffic()));
    } catch (UncheckedIOException e) {
      throw wrong(String.valueOf(e.getMessage()));
    }
  }

  private void checkScenario(String name) {
    if (!name.equals(ACTIVITY_LOG)) {
      throw wrong("unknown scenario '%s': must be activity-log".formatted(name));
    }
    if (json || traffic.hasRate()) {
      throw wrong("--scenario cannot be combined with --rate or --json");
    }
  }
}
