package dev.utsushi.cli.load;

import dev.utsushi.cli.load.Load.Outcome;
import dev.utsushi.cli.terminal.Terminal;
import dev.utsushi.loadtest.report.LoadJson;
import dev.utsushi.loadtest.report.LoadPage;
import dev.utsushi.loadtest.report.LoadRun;
import dev.utsushi.loadtest.traffic.PlannedWrite;
import dev.utsushi.loadtest.traffic.PlannedWrite.Operation;
import dev.utsushi.loadtest.traffic.Traffic;
import dev.utsushi.loadtest.traffic.WritePlan;
import dev.utsushi.operations.stack.AwsErrors;
import dev.utsushi.operations.stack.OperationException;
import dev.utsushi.operations.stack.StackSelector;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.exception.SdkException;

/**
 * A load test on a deployed stream: writes items of its own to the real table, measures, and
 * deletes them, whatever ends it.
 */
public final class StackLoad {
  private final StackSelector selector;
  private final Traffic traffic;
  private final ReportFiles files;
  private final Terminal terminal;
  private final @Nullable BufferedReader answers;

  /**
   * A test.
   *
   * @param directory for the report; made if it is not there
   * @param answers where the answer to the question is read; null if it is not asked
   * @throws IllegalArgumentException if the options make no sense
   */
  public StackLoad(
      StackSelector selector,
      LoadOptions traffic,
      Path directory,
      Terminal terminal,
      @Nullable BufferedReader answers) {
    this.selector = selector;
    this.traffic = traffic.insertsOnly();
    files = new ReportFiles(directory, terminal);
    this.terminal = terminal;
    this.answers = answers;
  }

  /**
   * Asks, writes, measures, deletes.
   *
   * @throws OperationException if it can't; nothing of it is left then, or it is told
   * @throws InterruptedException if it was interrupted before there was anything to measure
   */
  public Outcome run() throws InterruptedException {
    WritePlan plan = traffic.plan();
    terminal.status("finding the stream …");
    try (Deployment deployment = Deployment.reach(selector)) {
      var items =
          new OwnItems(deployment.table(), deployment.stream().lagAttribute(), new SecureRandom());
      if (!isWanted(deployment, items, plan)) {
        terminal.line("Nothing was written.");
        return Outcome.DIFFERENT;
      }
      return new Test(deployment, items, plan).run();
    }
  }

  private boolean isWanted(Deployment deployment, OwnItems items, WritePlan plan) {
    String table = deployment.table().tableName();
    terminal.line(
        "This writes %,d new items to table %s (%s), at %s, with keys of their own: %s."
            .formatted(
                plan.size(), table, deployment.place(), traffic.profile(), items.keyRange()));
    terminal.line(
        "They go through %s, beside its other changes, and are deleted afterwards at the same rate."
            .formatted(deployment.stream().title()));
    BufferedReader reader = answers;
    if (reader == null) {
      return true;
    }
    terminal.line("Type the name of the table, %s, to go on:".formatted(table));
    try {
      String answer = reader.readLine();
      return answer != null && answer.strip().equals(table);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What was wanted. */
  private final class Test {
    private final Deployment deployment;
    private final OwnItems items;
    private final WritePlan plan;
    private final OwnDocuments documents;
    private final BitSet written = new BitSet();

    Test(Deployment deployment, OwnItems items, WritePlan plan) {
      this.deployment = deployment;
      this.items = items;
      this.plan = plan;
      documents = new OwnDocuments(deployment.search(), deployment.stream().index(), items);
    }

    Outcome run() throws InterruptedException {
      boolean clean = false;
      boolean interrupted = true;
      Outcome outcome = Outcome.INTERRUPTED;
      try {
        trial();
        outcome = measure();
        interrupted = outcome == Outcome.INTERRUPTED;
      } finally {
        clean = cleanUp(interrupted);
      }
      return outcome == Outcome.FAITHFUL && !clean ? Outcome.DIFFERENT : outcome;
    }

    private OwnItemsTarget target(Instant start) {
      return new OwnItemsTarget(
          deployment.dynamoDb(), deployment.table().tableName(), items, start);
    }

    /** One item there and back: whoever may not delete, or has a broken pipeline, learns it now. */
    private void trial() throws InterruptedException {
      int number = plan.size();
      terminal.status("writing one item, to see that it arrives and can be deleted …");
      var one = target(Instant.now());
      try {
        one.write(new PlannedWrite(number, 0, number, Operation.INSERT, 0));
      } catch (SdkException e) {
        throw AwsErrors.failure("dynamodb:PutItem", e);
      } finally {
        written.or(one.written());
      }
      BitSet left = new BitSet();
      left.set(number);
      new Sweep(left, numbers -> documents.find(numbers, false).keySet())
          .run(DeployedRun.STANDSTILL, _ -> {});
      AwsErrors.call(
          "dynamodb:DeleteItem",
          () ->
              deployment
                  .dynamoDb()
                  .deleteItem(
                      delete ->
                          delete.tableName(deployment.table().tableName()).key(items.key(number))));
      if (!left.isEmpty()) {
        throw OperationException.failed(
            "a first item did not arrive in the index in %d s, so nothing more was written: look at the stream's alarms, and at utsushi dlq list"
                .formatted(DeployedRun.STANDSTILL.toSeconds()));
      }
    }

    private Outcome measure() {
      Instant start = Instant.now();
      var own = target(start);
      try {
        var measured = new DeployedRun(deployment, items, own, traffic, plan, terminal, start);
        LoadRun run = measured.run();
        new RunSummary(terminal).print(run);
        tellFailure(measured.firstFailure());
        files.write("load.json", LoadJson.of(run));
        files.write("load.html", LoadPage.of(run));
        files.tell("load");
        return Outcome.of(List.of(run));
      } finally {
        stop(own);
        written.or(own.written());
      }
    }

    private void tellFailure(@Nullable Throwable failure) {
      if (failure instanceof SdkException e) {
        terminal.bad(
            "  The first write that failed: "
                + AwsErrors.failure("dynamodb:PutItem", e).getMessage());
      }
    }

    /** An interruption must not leave a write under way that nobody deletes. */
    private void stop(OwnItemsTarget own) {
      boolean stopped = false;
      while (!stopped) {
        try {
          own.stop();
          stopped = true;
        } catch (InterruptedException _) {
          // Each write under way ends by itself, in time.
        }
      }
    }

    /** Whether nothing is left in the table or to be found in the index. */
    private boolean cleanUp(boolean hurry) {
      if (written.isEmpty()) {
        return true;
      }
      var removal =
          new OwnItemsRemoval(
              deployment.dynamoDb(),
              deployment.table().tableName(),
              items,
              written,
              traffic.profile().meanPerSecond(),
              terminal);
      if (hurry) {
        removal.hurry();
      }
      boolean interrupted = removal.run();
      BitSet gone = (BitSet) written.clone();
      gone.andNot(removal.left());
      awaitGone(gone);
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
      return tell(removal.left().cardinality(), gone.cardinality());
    }

    /** What is left of them is what readers still find. */
    private void awaitGone(BitSet left) {
      boolean interrupted = false;
      while (true) {
        try {
          new Sweep(left, this::gone)
              .run(
                  DeployedRun.STANDSTILL,
                  count ->
                      terminal.status("waiting until %,d documents are gone".formatted(count)));
          break;
        } catch (InterruptedException _) {
          interrupted = true;
        }
      }
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }

    private List<Integer> gone(List<Integer> numbers) throws InterruptedException {
      var found = documents.find(numbers, false).keySet();
      return numbers.stream().filter(number -> !found.contains(number)).toList();
    }

    private boolean tell(int inTable, int inIndex) {
      if (inTable > 0) {
        terminal.bad(
            "%,d items of the test could not be deleted from table %s: delete those with %s"
                .formatted(inTable, deployment.table().tableName(), items.keyRange()));
      }
      if (inIndex > 0) {
        terminal.bad(
            "%,d documents of deleted items are still found: the pipeline is behind, or gave them up (utsushi dlq list)"
                .formatted(inIndex));
      }
      if (inTable == 0 && inIndex == 0) {
        terminal.good("The test's items are deleted, and readers find none of their documents.");
      }
      return inTable == 0 && inIndex == 0;
    }
  }
}
