package dev.utsushi.cli.load;

import dev.utsushi.cli.terminal.Terminal;
import dev.utsushi.loadtest.plan.LagTarget;
import dev.utsushi.loadtest.report.Conclusion.Verdict;
import dev.utsushi.loadtest.report.EarlierRun;
import dev.utsushi.loadtest.report.LoadReport;
import dev.utsushi.loadtest.report.LoadRun;
import dev.utsushi.loadtest.run.LoadTest;
import dev.utsushi.loadtest.run.StackTarget;
import dev.utsushi.loadtest.traffic.Traffic;
import dev.utsushi.operations.stack.AwsClients;
import dev.utsushi.operations.stack.AwsErrors;
import dev.utsushi.operations.stack.StackSelector;
import java.io.BufferedReader;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.exception.SdkException;

/**
 * Runs a load test on a deployed stream: asks, writes, measures, and deletes what it wrote.
 *
 * @param traffic of new items only
 * @param directory for the report
 * @param target for the lag to indexed; a test that misses it counts as different
 * @param earlier to compare the result with
 * @param answers reads the user's answer; null if the user is not asked
 */
public record StackLoad(
    StackSelector selector,
    Traffic traffic,
    Path directory,
    Terminal terminal,
    Optional<LagTarget> target,
    Optional<EarlierRun> earlier,
    @Nullable BufferedReader answers) {

  /**
   * Runs the test, and deletes its items whatever ends it.
   *
   * @throws InterruptedException if it was interrupted before anything was measured; nothing is
   *     left of it then, or it prints what is
   */
  public Verdict run() throws InterruptedException {
    int writes = traffic.plan().size();
    terminal.status("finding the stream …");
    try (var clients = AwsClients.of(selector);
        var target = new StackTarget(clients, selector)) {
      if (!isConfirmed(target, writes)) {
        terminal.line("Nothing was written.");
        return Verdict.DIFFERENT;
      }
      return run(target, writes);
    }
  }

  private boolean isConfirmed(StackTarget target, int writes) throws InterruptedException {
    terminal.line(
        "This writes %,d new items to table %s (%s), at %s. Their keys are unique to this test, %s: %s."
            .formatted(
                writes,
                target.items().table(),
                target.place(),
                traffic.profile(),
                target.items().run(),
                target.items().keyRange()));
    terminal.line(
        "They go through %s together with its other changes, and are deleted afterwards at the same rate. If this test is killed: utsushi load clean %s %s"
            .formatted(target.stream().title(), selector.options(), target.items().run()));
    if (answers == null) {
      return true;
    }
    terminal.line("Type the name of the table, %s, to continue:".formatted(target.items().table()));
    String answer = Terminal.answer(answers);
    return answer != null && answer.strip().equals(target.items().table());
  }

  private Verdict run(StackTarget target, int writes) throws InterruptedException {
    Verdict verdict = Verdict.INTERRUPTED;
    StackTarget.Remains remains;
    var printer = new LoadPrinter(terminal, true);
    try {
      terminal.status("writing one item, to check that it is indexed and can be deleted …");
      target.trial(writes);
      verdict = measure(target, printer);
    } finally {
      double perSecond = traffic.profile().meanPerSecond();
      remains = target.cleanUp(perSecond, verdict == Verdict.INTERRUPTED, printer);
      printer.print(remains, target.items(), selector);
    }
    terminal.line(
        "Next: compare %s with what utsushi plan predicts."
            .formatted(directory.resolve("load.html")));
    return verdict == Verdict.EQUAL && !remains.isEmpty() ? Verdict.DIFFERENT : verdict;
  }

  private Verdict measure(StackTarget target, LoadPrinter printer) throws InterruptedException {
    var test = new LoadTest("load", traffic, target, printer);
    LoadRun run = test.run();
    printer.print(run);
    if (test.firstFailure() instanceof SdkException e) {
      terminal.bad(
          "  The first write that failed: "
              + AwsErrors.failure("dynamodb:PutItem", e).getMessage());
    }
    earlier.ifPresent(each -> printer.print(each, run));
    printer.report(directory, "load", LoadReport.json(run, earlier), LoadReport.page(run, earlier));
    boolean met = this.target.map(each -> printer.print(each, run)).orElse(true);
    Verdict verdict = run.conclusion().verdict();
    return verdict == Verdict.EQUAL && !met ? Verdict.DIFFERENT : verdict;
  }
}
