package dev.utsushi.cli.plan;

import dev.utsushi.loadtest.measurement.InvocationMeasurement;
import dev.utsushi.loadtest.plan.CapacityPlan;
import dev.utsushi.loadtest.plan.FunctionPricing;
import dev.utsushi.loadtest.plan.FunctionPricing.Architecture;
import dev.utsushi.loadtest.plan.Grid;
import dev.utsushi.loadtest.plan.LagTarget;
import dev.utsushi.loadtest.plan.Prices;
import dev.utsushi.loadtest.simulation.FunctionModel;
import dev.utsushi.loadtest.simulation.InvocationTime;
import dev.utsushi.loadtest.simulation.MappingModel;
import dev.utsushi.loadtest.simulation.Setup;
import dev.utsushi.loadtest.simulation.StreamModel;
import dev.utsushi.loadtest.traffic.Traffic;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Option;

/** Options that describe the function, the stream, and the settings to try. */
public final class PlanOptions {
  private static final Duration DYNAMODB_POLLS = Duration.ofMillis(250);
  private static final Duration KINESIS_POLLS = Duration.ofSeconds(1);

  @Option(
      names = "--warm-up",
      paramLabel = "DURATION",
      defaultValue = "10s",
      description = "traffic before the measured part (default: ${DEFAULT-VALUE})")
  private Duration warmUp = Duration.ZERO;

  @Option(
      names = "--invocation",
      paramLabel = "TIME",
      description =
          "time of an invocation with one change: constant (40ms), or as CloudWatch shows Duration"
              + " (p50=38ms,p99=120ms)")
  private Optional<InvocationTime> invocation = Optional.empty();

  @Option(
      names = "--load-result",
      paramLabel = "FILE",
      description = "takes the invocation time from the result of a load test")
  private Optional<Path> loadResult = Optional.empty();

  @Option(
      names = "--per-record",
      paramLabel = "TIME",
      defaultValue = "0.3ms",
      description = "time for each further change of a batch (default: ${DEFAULT-VALUE})")
  private Duration perRecord = Duration.ZERO;

  @Option(
      names = "--cold-start",
      paramLabel = "TIME",
      defaultValue = "0s",
      description =
          "added to the first invocation of an environment; visible with --warm-up 0s (default:"
              + " ${DEFAULT-VALUE})")
  private Duration coldStart = Duration.ZERO;

  @Option(
      names = "--concurrency",
      paramLabel = "N",
      description =
          "invocations at the same time, reserved or the account's (default: ${DEFAULT-VALUE})")
  private int concurrency = 1000;

  @Option(
      names = "--failures",
      paramLabel = "SHARE",
      defaultValue = "0",
      description = "share of the invocations that fail, 0 to 1 (default: ${DEFAULT-VALUE})")
  private double failures;

  @Option(
      names = "--memory",
      paramLabel = "MIB",
      description =
          "memory of the function in MiB, 128 to 10240 (default: ${DEFAULT-VALUE}, one vCPU)")
  private int memory = 1769;

  @Option(
      names = "--architecture",
      paramLabel = "NAME",
      defaultValue = "arm64",
      description = "arm64 or x86_64 (default: ${DEFAULT-VALUE})")
  private Architecture architecture = Architecture.ARM64;

  @Option(
      names = "--prices",
      paramLabel = "FILE",
      description = "prices of your region, lines such as lambda-gb-second-arm64=0.0000133334")
  private Optional<Path> prices = Optional.empty();

  /** The stream that delivers the table's changes. */
  private enum Source {
    DYNAMODB,
    KINESIS
  }

  @Option(
      names = "--source",
      paramLabel = "STREAM",
      defaultValue = "dynamodb",
      description = "the stream that is read, dynamodb or kinesis (default: ${DEFAULT-VALUE})")
  private Source source = Source.DYNAMODB;

  @Option(
      names = "--shards",
      paramLabel = "N",
      description =
          "shards of the stream, 1 to 1000: DynamoDB has one for each partition of the table, and a"
              + " partition takes about 1,000 writes per second (default: ${DEFAULT-VALUE})")
  private int shards = 1;

  @Option(
      names = "--record-bytes",
      paramLabel = "N",
      description =
          "size of a change in bytes: a poll returns up to 1 MB, a batch holds up to 6 MB (default:"
              + " ${DEFAULT-VALUE})")
  private int recordBytes = 1024;

  @Option(
      names = "--stream-delay",
      paramLabel = "DURATION",
      defaultValue = "10ms",
      description = "time from a write until a poll finds it (default: ${DEFAULT-VALUE})")
  private Duration visibleAfter = Duration.ZERO;

  @Option(
      names = "--poll-interval",
      paramLabel = "DURATION",
      description =
          "pause between polls of a shard; Lambda polls DynamoDB 4 times per second, and Kinesis"
              + " once (default: 250ms or 1s)")
  private Optional<Duration> pollInterval = Optional.empty();

  @Option(
      names = "--refresh",
      paramLabel = "DURATION",
      defaultValue = "0s",
      description =
          "refresh interval of the index: lag ends when a change is searchable; 0s: when it is"
              + " indexed (default: ${DEFAULT-VALUE})")
  private Duration refresh = Duration.ZERO;

  @Option(
      names = "--consumers",
      paramLabel = "N",
      description = "readers of the stream, including this one (default: ${DEFAULT-VALUE})")
  private int consumers = 1;

  @Option(
      names = "--target",
      paramLabel = "TARGET",
      defaultValue = "p99=1s",
      description = "lag to meet: p99=1s, p99.9=3s, max=5s (default: ${DEFAULT-VALUE})")
  private LagTarget target = new LagTarget(99, Duration.ofSeconds(1));

  @Option(
      names = {"--factors", "--factor"},
      paramLabel = "N",
      split = ",",
      description = "parallelization factors to try (default: 1 to 10)")
  private List<Integer> factors = Grid.ALL_FACTORS;

  @Option(
      names = {"--batch-sizes", "--batch-size"},
      paramLabel = "N",
      split = ",",
      description = "batch sizes to try, 1 to 10000 (default: 1,2,5,10,25,100)")
  private List<Integer> batchSizes = Grid.USUAL_BATCH_SIZES;

  @Option(
      names = "--window",
      paramLabel = "DURATION",
      defaultValue = "0s",
      description = "batching window, 0s to 300s (default: ${DEFAULT-VALUE})")
  private Duration window = Duration.ZERO;

  @Option(
      names = "--retries",
      paramLabel = "N",
      description = "retries of a failing batch, 0 to 10000 (default: ${DEFAULT-VALUE})")
  private int retries = 3;

  /**
   * Returns what the plan is made for.
   *
   * @throws IllegalArgumentException if an option is missing or out of range
   * @throws java.io.UncheckedIOException if a file can't be read
   */
  public CapacityPlan.Inputs inputs(Traffic traffic) {
    if (consumers < 1) {
      throw new IllegalArgumentException("--consumers must be 1 or more, not " + consumers);
    }
    var grid = new Grid(factors, batchSizes);
    var stream =
        new StreamModel(
            shards,
            visibleAfter,
            pollInterval.orElse(readsKinesis() ? KINESIS_POLLS : DYNAMODB_POLLS),
            StreamModel.ofShards(shards).pollTime(),
            recordBytes);
    var mapping =
        new MappingModel(grid.factors().getFirst(), grid.batchSizes().getFirst(), window, retries);
    var function = new FunctionModel(invocationTime(), coldStart, concurrency, failures);
    var pricing =
        new FunctionPricing(
            prices.map(Prices::read).orElseGet(Prices::usEast1), architecture, memory);
    return new CapacityPlan.Inputs(
        traffic.simulated(warmUp),
        new Setup(stream, mapping, function, refresh),
        grid,
        target,
        pricing);
  }

  private InvocationTime invocationTime() {
    if (loadResult.isPresent() == invocation.isPresent()) {
      throw new IllegalArgumentException("give --invocation or --load-result, and not both");
    }
    return loadResult
        .map(file -> InvocationMeasurement.read(file).time(perRecord))
        .or(() -> invocation.map(time -> time.withPerRecord(perRecord)))
        .orElseThrow();
  }

  /** Returns whether a Kinesis stream is read. */
  public boolean readsKinesis() {
    return source == Source.KINESIS;
  }

  /** Returns the number of readers of the stream. */
  public int consumers() {
    return consumers;
  }
}
