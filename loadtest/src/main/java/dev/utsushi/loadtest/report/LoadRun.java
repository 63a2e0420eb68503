package dev.utsushi.loadtest.report;

import dev.utsushi.loadtest.measurement.LoadMeasurement;
import dev.utsushi.loadtest.measurement.Punctuality;
import dev.utsushi.loadtest.measurement.TestedPipeline;
import dev.utsushi.loadtest.traffic.Traffic;
import dev.utsushi.loadtest.units.DurationText;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * One load test, done.
 *
 * @param pipeline what the traffic was sent through; of a deployed one invocations and lanes were
 *     not measured
 */
public record LoadRun(
    String name,
    Instant startedAt,
    Traffic traffic,
    TestedPipeline pipeline,
    LoadMeasurement measurement,
    Conclusion conclusion) {

  /** Both are given in milliseconds. */
  private static final Duration CLOCKS_AGREE = Duration.ofMillis(5);

  /** From here on whatever runs on the machine waits for its turn. */
  private static final double NO_PROCESSOR_LEFT = 0.9;

  /** From here on it waits often enough for that to show in its times. */
  private static final double FEW_PROCESSORS_LEFT = 0.7;

  /** {@code 63 writes/s, factor 3, batch size 1}; or the deployed stream's name. */
  public String title() {
    double rate = traffic.profile().meanPerSecond();
    String writes = rate == Math.rint(rate) ? "%.0f".formatted(rate) : "%.1f".formatted(rate);
    return switch (pipeline) {
      case TestedPipeline.Embedded settings ->
          "%s writes/s, factor %d, batch size %d"
              .formatted(writes, settings.factor(), settings.batchSize());
      case TestedPipeline.Deployed stream ->
          "%s writes/s to %s of stack %s, %s"
              .formatted(writes, stream.index(), stream.stack(), stream.region());
    };
  }

  /**
   * What the embedded parts were set to.
   *
   * @throws IllegalStateException for a deployed stream, whose settings are not known here
   */
  public TestedPipeline.Embedded settings() {
    return switch (pipeline) {
      case TestedPipeline.Embedded settings -> settings;
      case TestedPipeline.Deployed stream ->
          throw new IllegalStateException("the settings of " + stream.index() + " are not known");
    };
  }

  /** Whether invocations and lanes were seen. */
  public boolean sawInvocations() {
    return switch (pipeline) {
      case TestedPipeline.Embedded _ -> true;
      case TestedPipeline.Deployed _ -> false;
    };
  }

  /** Whether the pipeline kept up, in a sentence; then whatever puts that in doubt. */
  public List<String> findings() {
    List<String> findings = new ArrayList<>();
    findings.add(pace());
    findings.addAll(processors());
    findings.addAll(lateWrites());
    if (measurement.failedInvocations() > 0) {
      findings.add("%,d invocations failed.".formatted(measurement.failedInvocations()));
    }
    if (conclusion.deadLetters() > 0) {
      findings.add(
          "%,d messages are in the dead-letter queue.".formatted(conclusion.deadLetters()));
    }
    if (measurement.notFound() > 0) {
      findings.add(
          "%,d sampled changes were indexed and not found by a search."
              .formatted(measurement.notFound()));
    }
    findings.addAll(clocks());
    return findings;
  }

  /** What can't have been so, and makes figures between two clocks doubtful. */
  private List<String> clocks() {
    return switch (pipeline) {
      case TestedPipeline.Embedded _ -> List.of();
      case TestedPipeline.Deployed(_, _, _, Duration apart) ->
          apart.compareTo(CLOCKS_AGREE) <= 0
              ? List.of()
              : List.of(
                  "This machine's clock and the function's are at least %s apart: times to indexed are off by that, times to searchable are not."
                      .formatted(DurationText.print(apart)));
    };
  }

  private String pace() {
    var backlog = measurement.backlog();
    if (!backlog.fallingBehind()) {
      return "The pipeline kept up: %,d changes were on their way as the traffic ended, %,d at most."
          .formatted(backlog.changes(), backlog.most());
    }
    return "The pipeline fell behind: %,d changes were waiting as the traffic ended, %,.0f more each second, the latest %s late.%s"
        .formatted(
            backlog.changes(),
            backlog.growthPerSecond(),
            DurationText.print(measurement.indexed().max()),
            capacity());
  }

  /** Why a pipeline can't keep up, where that is seen. */
  private String capacity() {
    return switch (pipeline) {
      case TestedPipeline.Embedded settings when measurement.invocations() > 0 ->
          capacityOf(settings);
      case TestedPipeline.Embedded _, TestedPipeline.Deployed _ -> "";
    };
  }

  private String capacityOf(TestedPipeline.Embedded settings) {
    Duration invocation = measurement.invocationTime().mean();
    double perSecond = measurement.recordsPerInvocation() * 1e9 / invocation.toNanos();
    return " An invocation took %s on average, where the settings ask for at least %s: at that, factor %d takes %,.0f changes a second, spread evenly."
        .formatted(
            DurationText.print(invocation),
            DurationText.print(settings.shortestInvocation()),
            settings.factor(),
            settings.factor() * perSecond);
  }

  /** Whether table, engine and function had no processor left, so that the figures are theirs. */
  public boolean machineAtItsEnd() {
    return measurement.processorsBusy() >= NO_PROCESSOR_LEFT;
  }

  private List<String> processors() {
    double busy = measurement.processorsBusy();
    if (busy < FEW_PROCESSORS_LEFT) {
      return List.of();
    }
    String line =
        "This machine's processors were %.0f %% busy: table, engine and function share them. %s"
            .formatted(
                busy * 100,
                machineAtItsEnd()
                    ? "The machine is the bottleneck, not the configuration."
                    : "Part of an invocation's time was waiting for a processor.");
    return List.of(line);
  }

  /** Lateness that is not the pipeline's. */
  private List<String> lateWrites() {
    Punctuality punctuality = measurement.punctuality();
    return switch (punctuality.bottleneck()) {
      case NONE -> List.of();
      case GENERATOR ->
          List.of(
              "The generator was late itself, p99 %s: this machine is too busy. The traffic was not quite the planned one, and what runs here is slower than it could be."
                  .formatted(DurationText.print(punctuality.dispatch().percentile(99))));
      case TABLE ->
          List.of(
              "The table was slow: p99 %s to answer, p99 %s of waiting for it, %,d writes failed. The traffic was not the planned one."
                  .formatted(
                      DurationText.print(punctuality.table().percentile(99)),
                      DurationText.print(punctuality.waiting().percentile(99)),
                      punctuality.failed()));
    };
  }
}
