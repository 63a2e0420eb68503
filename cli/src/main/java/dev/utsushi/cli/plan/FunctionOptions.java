package dev.utsushi.cli.plan;

import dev.utsushi.loadtest.measurement.InvocationMeasurement;
import dev.utsushi.loadtest.plan.Architecture;
import dev.utsushi.loadtest.plan.Prices;
import dev.utsushi.loadtest.plan.Pricing;
import dev.utsushi.loadtest.simulation.FunctionModel;
import dev.utsushi.loadtest.simulation.InvocationTime;
import dev.utsushi.loadtest.units.DurationText;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.Option;

/** Options that say what an invocation takes and costs. */
public final class FunctionOptions {
  private static final Pattern PERCENTILES = Pattern.compile("p50=([^,]+),p99=([^,]+)");

  @Option(
      names = "--invocation",
      paramLabel = "TIME",
      description =
          "what an invocation with one change takes: always the same (40ms), or as CloudWatch shows"
              + " Duration (p50=38ms,p99=120ms)")
  private Optional<String> invocation = Optional.empty();

  @Option(
      names = "--load-result",
      paramLabel = "FILE",
      description = "the same, as a load test measured it")
  private Optional<Path> loadResult = Optional.empty();

  @Option(
      names = "--per-record",
      paramLabel = "TIME",
      defaultValue = "0.3ms",
      description = "what each further change of a batch adds (default ${DEFAULT-VALUE})")
  private String perRecord = "";

  @Option(
      names = "--cold-start",
      paramLabel = "TIME",
      defaultValue = "0s",
      description =
          "what the first invocation of an environment adds; shows with --warm-up 0s (default"
              + " ${DEFAULT-VALUE})")
  private String coldStart = "";

  @Option(
      names = "--concurrency",
      paramLabel = "N",
      defaultValue = "1000",
      description =
          "invocations at the same time, reserved or the account's (default ${DEFAULT-VALUE})")
  private int concurrency;

  @Option(
      names = "--failures",
      paramLabel = "SHARE",
      defaultValue = "0",
      description = "share of the invocations that fail, 0 to 1 (default ${DEFAULT-VALUE})")
  private double failures;

  @Option(
      names = "--memory",
      paramLabel = "MIB",
      defaultValue = "1769",
      description = "of the function, 128 to 10240 (default ${DEFAULT-VALUE}, one vCPU)")
  private int memory;

  @Option(
      names = "--architecture",
      paramLabel = "NAME",
      defaultValue = "arm64",
      description = "arm64 or x86_64 (default ${DEFAULT-VALUE})")
  private Architecture architecture = Architecture.ARM64;

  @Option(
      names = "--prices",
      paramLabel = "FILE",
      description = "your region's prices, lines such as lambda-gb-second-arm64=0.0000133334")
  private Optional<Path> prices = Optional.empty();

  FunctionModel function() {
    return new FunctionModel(time(), DurationText.parse(coldStart), concurrency, failures);
  }

  private InvocationTime time() {
    Duration further = DurationText.parse(perRecord);
    if (loadResult.isPresent() && invocation.isPresent()) {
      throw new IllegalArgumentException("--invocation and --load-result don't go together");
    }
    if (loadResult.isPresent()) {
      return InvocationMeasurement.read(loadResult.get()).time(further);
    }
    return parse(
            invocation.orElseThrow(
                () ->
                    new IllegalArgumentException(
                        "--invocation or --load-result says what an invocation takes")))
        .withPerRecord(further);
  }

  private static InvocationTime parse(String text) {
    Matcher percentiles = PERCENTILES.matcher(text.strip());
    return percentiles.matches()
        ? InvocationTime.percentiles(
            DurationText.parse(percentiles.group(1)), DurationText.parse(percentiles.group(2)))
        : InvocationTime.constant(DurationText.parse(text));
  }

  Pricing pricing() {
    return new Pricing(prices.map(Prices::read).orElseGet(Prices::usEast1), architecture, memory);
  }
}
