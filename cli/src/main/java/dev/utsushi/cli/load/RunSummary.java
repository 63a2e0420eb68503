package dev.utsushi.cli.load;

import dev.utsushi.cli.terminal.Terminal;
import dev.utsushi.loadtest.measurement.DeployedStream;
import dev.utsushi.loadtest.measurement.LoadMeasurement;
import dev.utsushi.loadtest.measurement.PipelineSettings;
import dev.utsushi.loadtest.report.LoadRun;
import dev.utsushi.loadtest.units.DurationText;
import dev.utsushi.loadtest.units.LagHistogram;
import java.time.Duration;
import java.util.stream.Collectors;

/** A run in some lines. */
final class RunSummary {
  private final Terminal terminal;

  RunSummary(Terminal terminal) {
    this.terminal = terminal;
  }

  void print(LoadRun run) {
    LoadMeasurement measured = run.measurement();
    terminal.heading(run.title());
    terminal.line(
        "  %,d writes in %s, %.1f a second; %,d indexed"
            .formatted(
                measured.acknowledged(),
                DurationText.print(measured.traffic()),
                measured.writesPerSecond(),
                measured.arrived()));
    terminal.line("  write to indexed:     " + lags(measured.indexed()));
    terminal.line(
        "  write to searchable:  %s (%,d sampled)"
            .formatted(lags(measured.searchable()), measured.searchable().count()));
    switch (run.pipeline()) {
      case PipelineSettings _ -> invocations(measured);
      case DeployedStream _ ->
          terminal.line("  (to indexed: by the function's clock; invocations are not measured)");
    }
    run.findings().forEach(finding -> terminal.line("  " + finding));
    conclude(run);
  }

  private void invocations(LoadMeasurement measured) {
    terminal.line(
        "  invocations: %,d of %s on average (p99 %s), %.1f changes each; oldest change when invoked %s"
            .formatted(
                measured.invocations(),
                print(measured.invocationTime().mean()),
                print(measured.invocationTime().percentile(99)),
                measured.recordsPerInvocation(),
                print(measured.iteratorAge())));
    terminal.line(
        "  lanes busy: "
            + measured.lanes().stream()
                .map(lane -> "%.0f %%".formatted(lane.share() * 100))
                .collect(Collectors.joining(", ")));
  }

  private void conclude(LoadRun run) {
    if (run.conclusion().isFaithful()) {
      terminal.good(run.conclusion().line());
    } else {
      terminal.bad(run.conclusion().line());
    }
  }

  private static String lags(LagHistogram lags) {
    return "mean %s, p50 %s, p99 %s, max %s"
        .formatted(
            print(lags.mean()),
            print(lags.percentile(50)),
            print(lags.percentile(99)),
            print(lags.max()));
  }

  private static String print(Duration duration) {
    return DurationText.print(duration);
  }
}
