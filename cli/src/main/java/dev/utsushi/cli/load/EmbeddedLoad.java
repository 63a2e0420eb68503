package dev.utsushi.cli.load;

import dev.utsushi.cli.terminal.Terminal;
import dev.utsushi.loadtest.plan.LagTarget;
import dev.utsushi.loadtest.report.Conclusion.Verdict;
import dev.utsushi.loadtest.report.EarlierRun;
import dev.utsushi.loadtest.report.LoadReport;
import dev.utsushi.loadtest.report.LoadRun;
import dev.utsushi.loadtest.report.Scenario;
import dev.utsushi.loadtest.run.EmbeddedRuns;
import dev.utsushi.loadtest.run.EmbeddedRuns.Request;
import dev.utsushi.loadtest.scenario.Validation;
import dev.utsushi.testbed.pipeline.FunctionLog;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Runs load tests on the embedded pipeline, and prints and reports them.
 *
 * @param directory for the report
 * @param debug whether to print the functions' log lines
 */
public record EmbeddedLoad(Path functionJar, Path directory, Terminal terminal, boolean debug) {

  /** Runs one test; one that misses its target counts as different. */
  public Verdict run(Request request, Optional<LagTarget> target, Optional<EarlierRun> earlier)
      throws InterruptedException {
    List<LoadRun> runs = run(List.of(request));
    LoadRun run = runs.getFirst();
    earlier.ifPresent(each -> printer().print(each, run));
    printer()
        .report(directory, "load", LoadReport.json(run, earlier), LoadReport.page(run, earlier));
    terminal.line(
        run.measurement().invocation().isEmpty()
            ? "Next: open the page."
            : "Next: open the page, or predict other settings from this run with utsushi plan"
                + " --load-result "
                + directory.resolve("load.json"));
    boolean met = target.map(each -> printer().print(each, run)).orElse(true);
    Verdict verdict = verdict(runs);
    return verdict == Verdict.EQUAL && !met ? Verdict.DIFFERENT : verdict;
  }

  /** Runs the tests of a scenario, and prints them beside the published or predicted figures. */
  public Verdict run(Scenario<Request> scenario) throws InterruptedException {
    List<LoadRun> runs = run(scenario.tests());
    Scenario<LoadRun> result =
        scenario.map(
            test -> runs.stream().filter(run -> run.name().equals(test.name())).findFirst());
    if (scenario.name().equals(Validation.NAME)) {
      printer().print(Validation.compare(runs));
    } else {
      printer().print(result);
    }
    printer().report(directory, result.name(), LoadReport.json(result), LoadReport.page(result));
    terminal.line("Next: open the page; docs/tune.md explains how to read it.");
    return verdict(runs);
  }

  /** Runs one test after the other, until one is interrupted. */
  private List<LoadRun> run(List<Request> requests) throws InterruptedException {
    List<LoadRun> runs = new ArrayList<>();
    var log = new FunctionLog(line -> echo(line));
    try (var embedded = EmbeddedRuns.start(functionJar, log, printer())) {
      for (Request request : requests) {
        LoadRun run = embedded.run(request);
        runs.add(run);
        printer().print(run);
        if (run.conclusion().verdict() == Verdict.INTERRUPTED) {
          break;
        }
      }
    }
    return runs;
  }

  private LoadPrinter printer() {
    return new LoadPrinter(terminal, false);
  }

  private void echo(String line) {
    if (debug) {
      terminal.line(line);
    }
  }

  private static Verdict verdict(List<LoadRun> runs) {
    if (runs.stream().anyMatch(run -> run.conclusion().verdict() == Verdict.INTERRUPTED)) {
      return Verdict.INTERRUPTED;
    }
    return runs.stream().allMatch(run -> run.conclusion().isFaithful())
        ? Verdict.EQUAL
        : Verdict.DIFFERENT;
  }
}
