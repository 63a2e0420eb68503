package dev.utsushi.cli.load;

import dev.utsushi.cli.terminal.Terminal;
import dev.utsushi.cli.terminal.TextTable;
import dev.utsushi.cli.terminal.TextTable.Column;
import dev.utsushi.loadtest.measurement.LoadMeasurement;
import dev.utsushi.loadtest.measurement.RunRecorder;
import dev.utsushi.loadtest.measurement.RunRecorder.Moment;
import dev.utsushi.loadtest.measurement.TestedPipeline;
import dev.utsushi.loadtest.plan.LagTarget;
import dev.utsushi.loadtest.plan.PlanCell;
import dev.utsushi.loadtest.report.EarlierRun;
import dev.utsushi.loadtest.report.LoadRun;
import dev.utsushi.loadtest.report.Scenario;
import dev.utsushi.loadtest.report.Scenario.Entry;
import dev.utsushi.loadtest.report.Scenario.Group;
import dev.utsushi.loadtest.run.LoadListener;
import dev.utsushi.loadtest.run.StackTarget;
import dev.utsushi.loadtest.run.TestItems;
import dev.utsushi.loadtest.scenario.Validation;
import dev.utsushi.loadtest.scenario.Validation.Compared;
import dev.utsushi.loadtest.units.DurationText;
import dev.utsushi.loadtest.units.LagHistogram;
import dev.utsushi.operations.stack.AwsErrors;
import dev.utsushi.operations.stack.StackSelector;
import dev.utsushi.testbed.comparison.ComparisonReport;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/**
 * Prints the progress of load tests and their results.
 *
 * @param deployed whether the pipeline is a deployed one, which shows what is indexed only after
 *     the traffic
 */
record LoadPrinter(Terminal terminal, boolean deployed) implements LoadListener {
  private static final int MOST_DIFFERENCES = 20;
  private static final int BAR = 20;

  private static final List<Column<Entry<LoadRun>>> PUBLISHED =
      List.of(
          new Column<>("writes/s", entry -> rate(entry.test())),
          new Column<>("factor", entry -> Integer.toString(entry.test().settings().factor())),
          new Column<>("batch", entry -> Integer.toString(entry.test().settings().batchSize())),
          new Column<>("published", Entry::published),
          new Column<>("invocation", entry -> millis(measured(entry).invocationTime().mean())),
          new Column<>("mean", entry -> seconds(measured(entry).indexed().mean())),
          new Column<>("p50", entry -> seconds(measured(entry).indexed().percentile(50))),
          new Column<>("p99", entry -> seconds(measured(entry).indexed().percentile(99))),
          new Column<>("max", entry -> seconds(measured(entry).indexed().max())),
          new Column<>(
              "searchable p99", entry -> seconds(measured(entry).searchable().percentile(99))),
          new Column<>("lane", entry -> percent(measured(entry).busiestLane())),
          new Column<>("", entry -> ending(entry.test())));

  private static final List<Column<Compared>> PREDICTED =
      List.of(
          new Column<>("writes/s", each -> rate(each.run())),
          new Column<>("factor", each -> Integer.toString(each.run().settings().factor())),
          new Column<>("batch", each -> Integer.toString(each.run().settings().batchSize())),
          new Column<>("lane", each -> percent(each.run().measurement().busiestLane())),
          new Column<>("predicted", each -> percent(each.predicted().busiestLaneUse())),
          new Column<>("p50", each -> millis(each.measuredLag(50))),
          new Column<>("predicted", each -> millis(each.predictedLag(50))),
          new Column<>("off", each -> "%+.0f%%".formatted(each.error(50) * 100)),
          new Column<>("p99", each -> millis(each.measuredLag(99))),
          new Column<>("predicted", each -> millis(each.predictedLag(99))),
          new Column<>("off", each -> "%+.0f%%".formatted(each.error(99) * 100)),
          new Column<>("", LoadPrinter::note));

  private static final List<Column<EarlierRun.Figure>> COMPARED =
      List.of(
          new Column<>("", EarlierRun.Figure::name),
          new Column<>("earlier", EarlierRun.Figure::earlier),
          new Column<>("now", EarlierRun.Figure::now),
          new Column<>("now / earlier", EarlierRun.Figure::ratio));

  @Override
  public void status(String line) {
    terminal.status(line);
  }

  /** Short enough for a terminal of 120 columns. */
  @Override
  public void progress(Progress progress) {
    var recorder = progress.recorder();
    int full = Math.clamp(Math.round(progress.done() * BAR), 0, BAR);
    terminal.status(
        "%s [%s%s] %s %d/%d s; written %,d, %s"
            .formatted(
                progress.run(),
                "█".repeat(full),
                "░".repeat(BAR - full),
                progress.phase(),
                TimeUnit.NANOSECONDS.toSeconds(recorder.now()),
                TimeUnit.NANOSECONDS.toSeconds(recorder.plan().endNanos()),
                recorder.count(Moment.ACKNOWLEDGED),
                deployed ? unfound(recorder, progress.unfound()) : lags(recorder)));
  }

  private static String unfound(RunRecorder recorder, int unfound) {
    return "failed %,d, indexed %,d; sampled changes not found yet %,d"
        .formatted(recorder.failedCount(), recorder.count(Moment.INDEXED), unfound);
  }

  private static String lags(RunRecorder recorder) {
    int indexed = recorder.count(Moment.INDEXED);
    return indexed == 0
        ? "none indexed yet"
        : "indexed %,d, behind %,d; p50/p99 so far %s/%s"
            .formatted(
                indexed,
                recorder.behind(),
                text(recorder.percentileSoFar(50)),
                text(recorder.percentileSoFar(99)));
  }

  @Override
  public void compared(ComparisonReport report) {
    report.differences().stream()
        .limit(MOST_DIFFERENCES)
        .forEach(difference -> terminal.line("  " + difference.line()));
  }

  /** Prints a run in some lines. */
  void print(LoadRun run) {
    LoadMeasurement measured = run.measurement();
    terminal.heading(run.title());
    terminal.line(
        "  %,d writes in %s, %.1f per second; %,d indexed"
            .formatted(
                measured.acknowledged(),
                text(measured.traffic()),
                measured.writesPerSecond(),
                measured.arrived()));
    terminal.line("  write to indexed:     " + text(measured.indexed()));
    terminal.line(
        "  write to searchable:  %s (%,d sampled)"
            .formatted(text(measured.searchable()), measured.searchable().count()));
    switch (run.pipeline()) {
      case TestedPipeline.Embedded _ -> printInvocations(measured);
      case TestedPipeline.Worker _ ->
          terminal.line("  (to indexed: when the engine replies; a worker has no invocations)");
      case TestedPipeline.Deployed _ ->
          terminal.line("  (to indexed: by the function's clock; invocations are not measured)");
    }
    run.findings().forEach(finding -> terminal.line("  " + finding));
    if (run.conclusion().isFaithful()) {
      terminal.good(run.conclusion().line());
    } else {
      terminal.bad(run.conclusion().line());
    }
  }

  /** Prints whether a run met the target for its lag, and returns that. */
  boolean print(LagTarget target, LoadRun run) {
    var lags = run.measurement().indexed();
    boolean met = lags.count() > 0 && target.isMetBy(lags);
    String line =
        "%s of the lag to indexed: %s; the target, %s, is %s"
            .formatted(
                target.name(),
                text(target.lagOf(lags)),
                text(target.lag()),
                met ? "met" : "missed");
    if (met) {
      terminal.good(line);
    } else {
      terminal.bad(line);
    }
    return met;
  }

  private void printInvocations(LoadMeasurement measured) {
    terminal.line(
        "  invocations: %,d of %s on average (p99 %s), %.1f changes each; oldest change when invoked %s"
            .formatted(
                measured.invocations(),
                text(measured.invocationTime().mean()),
                text(measured.invocationTime().percentile(99)),
                measured.recordsPerInvocation(),
                text(measured.iteratorAge())));
    terminal.line(
        "  lanes busy: "
            + measured.lanes().stream()
                .map(lane -> "%.0f %%".formatted(lane.share() * 100))
                .collect(Collectors.joining(", ")));
  }

  /** Prints a run beside an earlier one. */
  void print(EarlierRun earlier, LoadRun run) {
    terminal.heading("Compared with the test of " + earlier.startedAt());
    terminal.table(TextTable.of(COMPARED, earlier.figures(run)));
    earlier.warnings(run).forEach(terminal::bad);
  }

  /** Prints several runs beside the published figures. */
  void print(Scenario<LoadRun> scenario) {
    terminal.heading(scenario.title());
    terminal.line("Lags from write to indexed, in seconds; an invocation in milliseconds.");
    for (Group<LoadRun> group : scenario.groups()) {
      if (!group.entries().isEmpty()) {
        terminal.heading(group.heading());
        terminal.wholeTable(TextTable.of(PUBLISHED, group.entries()));
      }
    }
  }

  private static LoadMeasurement measured(Entry<LoadRun> entry) {
    return entry.test().measurement();
  }

  private static String ending(LoadRun run) {
    String pace = run.measurement().backlog().fallingBehind() ? "falls behind" : "keeps up";
    String machine = run.machineIsBottleneck() ? ", limited by this machine" : "";
    String copy =
        switch (run.conclusion().verdict()) {
          case EQUAL -> run.conclusion().isFaithful() ? "" : ", DEAD LETTERS";
          case DIFFERENT, INCOMPLETE -> ", NOT EQUAL";
          case INTERRUPTED -> ", interrupted";
        };
    return pace + machine + copy;
  }

  /** Prints predictions beside measurements. */
  void print(List<Compared> compared) {
    terminal.heading("Predicted against measured: write to indexed, in milliseconds");
    terminal.table(TextTable.of(PREDICTED, compared));
    List<Compared> counting = compared.stream().filter(Compared::counts).toList();
    terminal.line(
        "%d of %d settings with lanes less than %.0f %% busy have p50 and p99 predicted within %.0f %%."
            .formatted(
                counting.stream().filter(Compared::isClose).count(),
                counting.size(),
                PlanCell.MAX_LANE_USE * 100,
                Validation.TOLERANCE * 100));
  }

  private static String note(Compared compared) {
    if (!compared.counts()) {
      return "no room";
    }
    return compared.isClose() ? "close" : "off";
  }

  /**
   * Writes a report, and prints where it is.
   *
   * @throws UncheckedIOException if it cannot be written
   */
  void report(Path directory, String name, String json, String page) {
    Path file = directory.resolve(name + ".html");
    try {
      Files.createDirectories(directory);
      Files.writeString(directory.resolve(name + ".json"), json);
      Files.writeString(file, page);
    } catch (IOException e) {
      throw new UncheckedIOException(file + " cannot be written", e);
    }
    terminal.line("");
    terminal.line("Report: %s and .json".formatted(file));
  }

  /** Prints what a test on a stack left behind. */
  void print(StackTarget.Remains remains, TestItems items, StackSelector selector) {
    if (remains.inTable() > 0) {
      terminal.bad(
          "%,d items of the test could not be deleted from table %s. Later: utsushi load clean %s %s"
              .formatted(remains.inTable(), items.table(), selector.options(), items.run()));
    }
    if (remains.failure() != null) {
      terminal.bad(
          "The first deletion that failed: "
              + AwsErrors.failure("dynamodb:DeleteItem", remains.failure()).getMessage());
    }
    if (remains.inIndex() > 0) {
      terminal.bad(
          "Readers still find %,d documents of deleted items. The pipeline is behind or has given up: see utsushi dlq list."
              .formatted(remains.inIndex()));
    }
    if (remains.isEmpty()) {
      terminal.good("The test's items are deleted, and readers find none of their documents.");
    }
  }

  private static String rate(LoadRun run) {
    return "%.0f".formatted(run.traffic().profile().meanPerSecond());
  }

  private static String text(LagHistogram lags) {
    return "mean %s, p50 %s, p99 %s, max %s"
        .formatted(
            text(lags.mean()),
            text(lags.percentile(50)),
            text(lags.percentile(99)),
            text(lags.max()));
  }

  private static String text(Duration duration) {
    return DurationText.print(duration);
  }

  private static String percent(double share) {
    return "%.0f%%".formatted(share * 100);
  }

  private static String millis(Duration duration) {
    return "%,.0f".formatted(duration.toNanos() / 1e6);
  }

  private static String seconds(Duration duration) {
    return "%,.2f".formatted(duration.toNanos() / 1e9);
  }
}
