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
 * A load test that is over.
 *
 * @param pipeline under test; of a deployed one, invocations and lanes were not measured
 */
public record LoadRun(
    String name,
    Instant startedAt,
    Machine machine,
    Traffic traffic,
    TestedPipeline pipeline,
    LoadMeasurement measurement,
    Conclusion conclusion) {

  /** Both clocks are read in milliseconds. */
  private static final Duration CLOCKS_AGREE = Duration.ofMillis(5);

  /** The share from which everything on the machine waits for a processor. */
  private static final double NO_PROCESSOR_LEFT = 0.9;

  /** The share from which it waits often enough to show in its times. */
  private static final double FEW_PROCESSORS_LEFT = 0.7;

  /** Returns {@code 63 writes/s, factor 3, batch size 1}, or the name of the deployed stream. */
  public String title() {
    double rate = traffic.profile().meanPerSecond();
    String writes = rate == Math.rint(rate) ? "%.0f".formatted(rate) : "%.1f".formatted(rate);
    return switch (pipeline) {
      case TestedPipeline.Embedded settings ->
          "%s writes/s, %sfactor %d, batch size %d%s"
              .formatted(
                  writes,
                  source(settings.kinesisShards()),
                  settings.factor(),
                  settings.batchSize(),
                  settings.targets() == 1 ? "" : ", %d indexes".formatted(settings.targets()));
      case TestedPipeline.Worker worker ->
          "%s writes/s, %sworker with %d lanes a shard, batch size %d"
              .formatted(
                  writes, source(worker.kinesisShards()), worker.writers(), worker.batchSize());
      case TestedPipeline.Deployed stream ->
          "%s writes/s to %s of stack %s, %s"
              .formatted(writes, stream.index(), stream.stack(), stream.region());
    };
  }

  private static String source(int shards) {
    return shards == 0 ? "" : "Kinesis with %d shards, ".formatted(shards);
  }

  /**
   * Returns the settings of the embedded pipeline.
   *
   * @throws IllegalStateException if something else was under test
   */
  public TestedPipeline.Embedded settings() {
    return switch (pipeline) {
      case TestedPipeline.Embedded settings -> settings;
      case TestedPipeline.Worker _, TestedPipeline.Deployed _ ->
          throw new IllegalStateException("no event source mapping was measured");
    };
  }

  /** Returns whether the pipeline kept up, in a sentence, and then each reason to doubt that. */
  public List<String> findings() {
    List<String> findings = new ArrayList<>();
    findings.add(pace());
    addProcessors(findings);
    addLateWrites(findings);
    if (measurement.failedInvocations() > 0) {
      findings.add("%,d invocations failed.".formatted(measurement.failedInvocations()));
    }
    if (conclusion.deadLetters() > 0) {
      findings.add(
          "%,d messages are in the dead-letter queue.".formatted(conclusion.deadLetters()));
    }
    if (measurement.notFound() > 0) {
      findings.add(
          "%,d sampled changes were indexed, but no search found them."
              .formatted(measurement.notFound()));
    }
    if (pipeline instanceof TestedPipeline.Deployed(_, _, _, Duration apart)
        && apart.compareTo(CLOCKS_AGREE) > 0) {
      findings.add(
          "The clocks of this machine and of the function are at least %s apart. Lag to indexed is off by that, lag to searchable is not."
              .formatted(DurationText.print(apart)));
    }
    return findings;
  }

  private String pace() {
    var backlog = measurement.backlog();
    if (!backlog.fallingBehind()) {
      return "The pipeline kept up: %,d changes were not yet indexed when the writes ended, %,d at most."
          .formatted(backlog.changes(), backlog.most());
    }
    return "The pipeline fell behind: %,d changes were waiting when the writes ended, %,.0f more each second. The maximum lag was %s.%s"
        .formatted(
            backlog.changes(),
            backlog.growthPerSecond(),
            DurationText.print(measurement.indexed().max()),
            capacity());
  }

  /** Returns why a pipeline cannot keep up, if its invocations were measured. */
  private String capacity() {
    if (!(pipeline instanceof TestedPipeline.Embedded settings) || measurement.invocations() == 0) {
      return "";
    }
    Duration invocation = measurement.invocationTime().mean();
    double perSecond = measurement.recordsPerInvocation() * 1e9 / invocation.toNanos();
    return " An invocation took %s on average, of which the settings demand %s: factor %d then takes %,.0f changes per second, if they are spread evenly."
        .formatted(
            DurationText.print(invocation),
            DurationText.print(settings.shortestInvocation()),
            settings.factor(),
            settings.factor() * perSecond);
  }

  /** Whether table, engine and function had no processor left, so that the figures are theirs. */
  public boolean machineIsBottleneck() {
    return measurement.processorsBusy() >= NO_PROCESSOR_LEFT;
  }

  private void addProcessors(List<String> findings) {
    double busy = measurement.processorsBusy();
    if (busy >= FEW_PROCESSORS_LEFT) {
      findings.add(
          "The processors of this machine were %.0f %% busy: table, engine and function share them. %s"
              .formatted(
                  busy * 100,
                  machineIsBottleneck()
                      ? "The machine is the bottleneck, not the configuration."
                      : "Part of the time of an invocation was spent waiting for a processor."));
    }
  }

  /** Adds lateness that is not the pipeline's. */
  private void addLateWrites(List<String> findings) {
    Punctuality punctuality = measurement.punctuality();
    switch (punctuality.bottleneck()) {
      case NONE -> {}
      case GENERATOR ->
          findings.add(
              "The load generator was late, p99 %s: this machine is too busy. The traffic was not exactly as planned, and everything here runs slower than it could."
                  .formatted(DurationText.print(punctuality.dispatch().percentile(99))));
      case TABLE ->
          findings.add(
              "The table was slow: p99 %s to answer, p99 %s of waiting for it, %,d failed writes. The traffic was not as planned."
                  .formatted(
                      DurationText.print(punctuality.table().percentile(99)),
                      DurationText.print(punctuality.waiting().percentile(99)),
                      punctuality.failed()));
    }
  }
}
