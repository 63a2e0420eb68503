package dev.utsushi.cli.load;

import dev.utsushi.cli.terminal.Terminal;
import dev.utsushi.cli.terminal.TextTable;
import dev.utsushi.cli.terminal.TextTable.Column;
import dev.utsushi.loadtest.run.StackTarget;
import dev.utsushi.loadtest.run.StackTarget.Remains;
import dev.utsushi.loadtest.run.TestItems;
import dev.utsushi.operations.stack.AwsClients;
import dev.utsushi.operations.stack.OperationException;
import dev.utsushi.operations.stack.StackSelector;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.SortedMap;

/**
 * Deletes what load tests that were killed left in a table.
 *
 * @param runs whose items to delete; empty for all runs
 * @param perSecond how many items to delete in a second
 * @param asks whether to ask first
 */
public record StackClean(
    StackSelector selector, List<String> runs, double perSecond, boolean asks, Terminal terminal) {
  private static final List<Column<TestItems>> COLUMNS =
      List.of(
          new Column<>("run", TestItems::run),
          new Column<>("items", items -> "%,d".formatted(items.count())),
          new Column<>("keys", TestItems::keyRange));

  /**
   * What was found and deleted, for JSON.
   *
   * @param found how many items
   * @param left how many of them could not be deleted
   * @param inIndex how many documents of deleted items readers still find
   */
  public record Cleaned(String run, int found, int left, int inIndex) {}

  /**
   * The result.
   *
   * @param stack whose table it is
   * @param confirmed whether the user said yes, or was not asked
   */
  public record Result(
      String stack,
      String region,
      String index,
      String table,
      boolean confirmed,
      List<Cleaned> runs) {

    /** Returns whether nothing of the tests is left. */
    public boolean isClean() {
      return confirmed && runs.stream().allMatch(each -> each.left() + each.inIndex() == 0);
    }
  }

  /**
   * Finds the items, asks, and deletes them.
   *
   * @throws OperationException if there is no item of a run that was named, or AWS refuses
   * @throws InterruptedException if it was interrupted; a later one finds the rest
   */
  public Result run() throws InterruptedException {
    terminal.status("finding the stream …");
    try (var clients = AwsClients.of(selector);
        var target = new StackTarget(clients, selector)) {
      var printer = new LoadPrinter(terminal, true);
      Collection<TestItems> found = selected(target.leftBehind(printer), target);
      if (found.isEmpty()) {
        terminal.good("Table %s has no items of load tests".formatted(target.items().table()));
        return result(target, true, List.of());
      }
      terminal.table(TextTable.of(COLUMNS, List.copyOf(found)));
      if (asks && !isConfirmed(target)) {
        terminal.line("Nothing was deleted.");
        return result(target, false, List.of());
      }
      List<Cleaned> cleaned = new ArrayList<>();
      for (TestItems items : found) {
        int count = items.count();
        Remains remains = target.cleanUp(items, perSecond, printer);
        printer.print(remains, items, selector);
        cleaned.add(new Cleaned(items.run(), count, remains.inTable(), remains.inIndex()));
      }
      return result(target, true, cleaned);
    }
  }

  private Collection<TestItems> selected(SortedMap<String, TestItems> found, StackTarget target) {
    for (String run : runs) {
      if (!found.containsKey(run)) {
        throw OperationException.usage(
            "table %s has no items of a load test %s".formatted(target.items().table(), run));
      }
    }
    if (!runs.isEmpty()) {
      found.keySet().retainAll(runs);
    }
    return found.values();
  }

  private boolean isConfirmed(StackTarget target) throws InterruptedException {
    String table = target.items().table();
    terminal.line(
        "This deletes the items of these load tests from table %s (%s), %.0f in a second."
            .formatted(table, target.place(), perSecond));
    terminal.line(
        "The deletions go through %s together with its other changes. A test that still runs loses its items too."
            .formatted(target.stream().title()));
    terminal.line("Type the name of the table, %s, to continue:".formatted(table));
    String answer = Terminal.answer();
    return answer != null && answer.strip().equals(table);
  }

  private static Result result(StackTarget target, boolean confirmed, List<Cleaned> runs) {
    var stream = target.stream();
    return new Result(
        stream.stack(), stream.region(), stream.index(), target.items().table(), confirmed, runs);
  }
}
