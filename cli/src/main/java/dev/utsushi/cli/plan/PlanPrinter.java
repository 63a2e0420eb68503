package dev.utsushi.cli.plan;

import dev.utsushi.cli.terminal.Terminal;
import dev.utsushi.cli.terminal.TextTable;
import dev.utsushi.cli.terminal.TextTable.Column;
import dev.utsushi.loadtest.plan.CapacityPlan;
import dev.utsushi.loadtest.plan.PlanCell;
import dev.utsushi.loadtest.plan.PlanCell.Verdict;
import dev.utsushi.loadtest.units.DurationText;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.stream.Stream;

/** Prints a plan: two tables of all settings, the best ones in detail, and advice. */
public record PlanPrinter(Terminal terminal, CapacityPlan plan) {

  private static final List<Column<PlanCell>> COLUMNS =
      List.of(
          new Column<>("factor", cell -> Integer.toString(cell.mapping().factor())),
          new Column<>("batch", cell -> Integer.toString(cell.mapping().batchSize())),
          new Column<>("p50 ms", cell -> lag(cell, 50)),
          new Column<>("p99 ms", cell -> lag(cell, 99)),
          new Column<>("max ms", cell -> ifKeepingUp(cell, millis(cell.result().lag().max()))),
          new Column<>("lanes busy %", cell -> percent(cell.result().meanLaneUse())),
          new Column<>("busiest %", cell -> percent(cell.result().busiestLaneUse())),
          new Column<>("concurrency", cell -> "%.1f".formatted(cell.result().meanConcurrency())),
          new Column<>("max", cell -> Integer.toString(cell.result().maxConcurrency())),
          new Column<>("capacity/s", cell -> "%,.0f".formatted(cell.result().capacityPerSecond())),
          new Column<>("US$/month", PlanPrinter::dollars),
          new Column<>("", PlanPrinter::note));

  private CapacityPlan.Inputs inputs() {
    return plan.inputs();
  }

  /**
   * Prints all of it.
   *
   * @param consumers readers of the stream, including this one
   * @param kinesis whether a Kinesis stream is read
   * @param details whether to print all figures of every setting
   * @param took the time of the simulations
   */
  public void print(int consumers, boolean kinesis, boolean details, Duration took) {
    printInputs();
    terminal.heading(
        "%s in ms by parallelization factor and batch size (target %s)"
            .formatted(inputs().target().name(), millis(inputs().target().lag())));
    terminal.wholeTable(matrix(this::lag));
    terminal.line("  * recommended   + meets the target   ~ meets it with a lane over 90 % busy");
    terminal.line("  behind: falls behind, so that lag grows without limit");
    terminal.heading("US$ per month for the function, with this traffic all month");
    terminal.wholeTable(matrix(cell -> "%7s ".formatted(dollars(cell))));
    terminal.heading(details ? "All settings" : "Cheapest for each batch size (--details: all)");
    terminal.wholeTable(settings(details));
    terminal.line("");
    var advice = new PlanAdvice(plan, consumers, kinesis);
    advice.recommendation().forEach(terminal::line);
    terminal.line("");
    advice.limits().forEach(terminal::line);
    terminal.line("");
    terminal.line(
        "Simulated %d settings in %s.".formatted(plan.cells().size(), DurationText.print(took)));
  }

  private void printInputs() {
    var traffic = inputs().writes().traffic();
    var stream = inputs().setup().stream();
    var function = inputs().setup().function();
    terminal.line(
        "Writes: rate %s, %s arrivals, keys %s, after %s of warm-up, seed %d"
            .formatted(
                traffic.profile(),
                lowerCase(traffic.pattern()),
                traffic.keys(),
                DurationText.print(inputs().writes().warmUp()),
                traffic.seed()));
    terminal.line(
        "Stream: %d shard%s, a poll every %s, changes of %,d bytes"
            .formatted(
                stream.shards(),
                stream.shards() == 1 ? "" : "s",
                DurationText.print(stream.pollInterval()),
                stream.recordBytes()));
    terminal.line(
        "Function: %s on average for one change, %s for ten; %d MiB, %s"
            .formatted(
                DurationText.print(function.time().mean(1)),
                DurationText.print(function.time().mean(10)),
                inputs().pricing().memoryMib(),
                lowerCase(inputs().pricing().architecture())));
    Duration refresh = inputs().setup().refresh();
    terminal.line(
        "Lag: from write to %s"
            .formatted(
                refresh.isZero()
                    ? "indexed"
                    : "searchable, with a refresh every " + DurationText.print(refresh)));
    terminal.line("Prices: " + inputs().pricing().prices().source());
  }

  private TextTable matrix(Function<PlanCell, String> text) {
    List<Integer> batchSizes = inputs().grid().batchSizes();
    String[] head =
        Stream.concat(Stream.of("factor"), batchSizes.stream().map(size -> "%7d ".formatted(size)))
            .toArray(String[]::new);
    var table = new TextTable(head);
    for (int row = 0; row < inputs().grid().factors().size(); row++) {
      List<String> cells = new ArrayList<>();
      cells.add(inputs().grid().factors().get(row).toString());
      for (int column = 0; column < batchSizes.size(); column++) {
        cells.add(text.apply(plan.cells().get(row * batchSizes.size() + column)));
      }
      table.row(cells);
    }
    return table;
  }

  private String lag(PlanCell cell) {
    if (cell.verdict() == Verdict.FALLING_BEHIND) {
      return " behind ";
    }
    return "%7s%s".formatted(millis(inputs().target().lagOf(cell.result().lag())), mark(cell));
  }

  private static String lag(PlanCell cell, double percentile) {
    return ifKeepingUp(cell, millis(cell.result().lag().percentile(percentile)));
  }

  private String mark(PlanCell cell) {
    if (plan.cheapest().filter(cell::equals).isPresent()) {
      return "*";
    }
    return switch (cell.verdict()) {
      case MEETS_TARGET -> "+";
      case NO_ROOM -> "~";
      case TOO_LATE, FALLING_BEHIND -> " ";
    };
  }

  private static String dollars(PlanCell cell) {
    return ifKeepingUp(cell, dollars(cell.dollarsPerMonth()));
  }

  private TextTable settings(boolean details) {
    return TextTable.of(
        COLUMNS,
        details
            ? plan.cells()
            : inputs().grid().batchSizes().stream()
                .flatMap(size -> plan.cheapest(size).stream())
                .toList());
  }

  /** Returns a figure that means nothing for a setting that falls behind. */
  private static String ifKeepingUp(PlanCell cell, String figure) {
    return cell.verdict() == Verdict.FALLING_BEHIND ? "" : figure;
  }

  private static String note(PlanCell cell) {
    return switch (cell.verdict()) {
      case MEETS_TARGET -> "";
      case NO_ROOM -> "no room";
      case TOO_LATE -> "too late";
      case FALLING_BEHIND ->
          "%,d behind, growing by %,.0f/s"
              .formatted(cell.result().backlog(), Math.max(0, cell.result().growthPerSecond()));
    };
  }

  private static String millis(Duration duration) {
    return "%,.0f".formatted(duration.toNanos() / 1e6);
  }

  static String percent(double share) {
    return "%.0f".formatted(share * 100);
  }

  static String dollars(double amount) {
    return amount < 1000 ? "%.2f".formatted(amount) : "%,.0f".formatted(amount);
  }

  static String lowerCase(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }
}
