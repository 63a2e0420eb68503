package dev.utsushi.cli;

import dev.utsushi.cli.plan.PlanJson;
import dev.utsushi.cli.plan.PlanOptions;
import dev.utsushi.cli.plan.PlanPrinter;
import dev.utsushi.cli.plan.ScenarioPrinter;
import dev.utsushi.loadtest.plan.CapacityPlan;
import dev.utsushi.operations.runs.RunEstimate;
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

  /** The default of the setting backfill.maximumConcurrency. */
  private static final int WORKERS = 5;

  /** Of an item of DynamoDB. */
  private static final long MOST_BYTES = 400 << 10;

  @Mixin private TrafficOptions traffic = new TrafficOptions(60);
  @Mixin private PlanOptions options = new PlanOptions();

  @Option(
      names = "--scenario",
      paramLabel = "NAME",
      description = "activity-log: four published runs beside their prediction")
  private Optional<String> scenario = Optional.empty();

  @Option(
      names = "--backfill",
      paramLabel = "ITEMS",
      description = "also says what a backfill of that many items takes")
  private Optional<Long> backfill = Optional.empty();

  @Option(
      names = "--item-bytes",
      paramLabel = "N",
      defaultValue = "1024",
      description = "size of an item of the backfill in bytes (default: ${DEFAULT-VALUE})")
  private long itemBytes;

  @Option(
      names = "--read-capacity",
      paramLabel = "N",
      defaultValue = "0",
      description =
          "most read units a second of the backfill; 0: no limit (default: ${DEFAULT-VALUE})")
  private int readCapacity;

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
    Optional<RunEstimate> estimate = backfill.map(this::estimate);
    CapacityPlan.Inputs inputs = inputs();
    long start = System.nanoTime();
    CapacityPlan plan = CapacityPlan.of(inputs);
    Duration took = Duration.ofNanos(System.nanoTime() - start);
    if (json) {
      spec().commandLine().getOut().println(PlanJson.of(plan, estimate));
    } else {
      new PlanPrinter(terminal(), plan)
          .print(options.consumers(), options.readsKinesis(), details, took);
      estimate.ifPresent(
          it -> terminal().line("Backfill of " + RunPrinter.text(it, 1, WORKERS) + "."));
    }
    return plan.cheapest().isPresent() ? OK : DIFFERENT;
  }

  private RunEstimate estimate(long items) {
    if (items < 1 || itemBytes < 1 || itemBytes > MOST_BYTES || readCapacity < 0) {
      throw wrong(
          "--backfill takes 1 item or more, --item-bytes 1 to %,d, --read-capacity 0 or more"
              .formatted(MOST_BYTES));
    }
    return RunEstimate.of(items, valid(() -> bytes(items)), readCapacity, WORKERS);
  }

  private long bytes(long items) {
    try {
      return Math.multiplyExact(items, itemBytes);
    } catch (ArithmeticException _) {
      throw new IllegalArgumentException("no table is that large");
    }
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
