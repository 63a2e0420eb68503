package dev.utsushi.cli.plan;

import dev.utsushi.cli.terminal.TextTable;
import dev.utsushi.loadtest.plan.CapacityPlan;
import dev.utsushi.loadtest.plan.PlanCell;
import dev.utsushi.loadtest.plan.PlanCell.Verdict;
import dev.utsushi.loadtest.simulation.SimulationResult;
import dev.utsushi.loadtest.units.DurationText;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/** Prints a plan: two tables of all settings, the best ones in detail, and advice. */
public final class PlanPrinter {
  private static final int COLUMNS = 120;

  private final PrintWriter out;
  private final CapacityPlan plan;
  private final CapacityPlan.Inputs inputs;
  private final Optional<PlanCell> cheapest;

  public PlanPrinter(PrintWriter out, CapacityPlan plan) {
    this.out = out;
    this.plan = plan;
    inputs = plan.inputs();
    cheapest = plan.cheapest();
  }

  /**
   * Prints all of it.
   *
   * @param details whether to print all figures of every setting
   * @param took the time of the simulations
   */
  public void print(PlanOptions options, boolean details, Duration took) {
    printInputs();
    out.printf(
        "%n%s in ms by parallelization factor and batch size (target %s)%n",
        inputs.target().name(), millis(inputs.target().lag()));
    print(matrix(this::lag));
    out.println("  * recommended   + meets the target   ~ meets it with a lane over 90 % busy");
    out.println("  behind: falls behind, so that lag grows without limit");
    out.println("\nUS$ per month for the function, with this traffic all month");
    print(matrix(this::dollars));
    out.println(details ? "\nAll settings" : "\nCheapest for each batch size (--details: all)");
    print(settings(details));
    out.println();
    var advice = new PlanAdvice(plan, options.consumers());
    advice.recommendation().forEach(out::println);
    out.println();
    advice.limits().forEach(out::println);
    out.printf("%nSimulated %d settings in %s.%n", plan.cells().size(), DurationText.print(took));
  }

  private void printInputs() {
    var traffic = inputs.writes().traffic();
    var stream = inputs.setup().stream();
    var function = inputs.setup().function();
    out.printf(
        "Writes: rate %s, %s arrivals, keys %s, after %s of warm-up, seed %d%n",
        traffic.profile(),
        lowerCase(traffic.pattern()),
        traffic.keys(),
        DurationText.print(inputs.writes().warmUp()),
        traffic.seed());
    out.printf(
        "Stream: %d shard%s, a poll every %s, changes of %,d bytes%n",
        stream.shards(),
        stream.shards() == 1 ? "" : "s",
        DurationText.print(stream.pollInterval()),
        stream.recordBytes());
    out.printf(
        "Function: %s on average for one change, %s for ten; %d MiB, %s%n",
        DurationText.print(function.time().mean(1)),
        DurationText.print(function.time().mean(10)),
        inputs.pricing().memoryMib(),
        lowerCase(inputs.pricing().architecture()));
    Duration refresh = inputs.setup().refresh();
    out.printf(
        "Lag: from write to %s%n",
        refresh.isZero()
            ? "indexed"
            : "searchable, with a refresh every " + DurationText.print(refresh));
    out.printf("Prices: %s%n", inputs.pricing().prices().source());
  }

  private TextTable matrix(Function<PlanCell, String> text) {
    List<Integer> batchSizes = inputs.grid().batchSizes();
    String[] head =
        Stream.concat(Stream.of("factor"), batchSizes.stream().map(size -> "%7d ".formatted(size)))
            .toArray(String[]::new);
    var table = new TextTable(head);
    for (int row = 0; row < inputs.grid().factors().size(); row++) {
      List<String> cells = new ArrayList<>();
      cells.add(inputs.grid().factors().get(row).toString());
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
    return "%7s%s".formatted(millis(inputs.target().lagOf(cell.result().lag())), mark(cell));
  }

  private String mark(PlanCell cell) {
    if (cheapest.filter(cell::equals).isPresent()) {
      return "*";
    }
    return switch (cell.verdict()) {
      case MEETS_TARGET -> "+";
      case NO_ROOM -> "~";
      case TOO_LATE, FALLING_BEHIND -> " ";
    };
  }

  private String dollars(PlanCell cell) {
    boolean counts = cell.verdict() != Verdict.FALLING_BEHIND;
    return "%7s ".formatted(counts ? dollars(cell.dollarsPerMonth()) : "");
  }

  private TextTable settings(boolean details) {
    var table =
        new TextTable(
            "factor",
            "batch",
            "p50 ms",
            "p99 ms",
            "max ms",
            "lanes busy %",
            "busiest %",
            "concurrency",
            "max",
            "capacity/s",
            "US$/month",
            "");
    Stream<PlanCell> shown =
        details
            ? plan.cells().stream()
            : inputs.grid().batchSizes().stream().flatMap(size -> plan.cheapest(size).stream());
    shown.forEach(cell -> table.row(row(cell)));
    return table;
  }

  private static List<String> row(PlanCell cell) {
    SimulationResult result = cell.result();
    boolean behind = cell.verdict() == Verdict.FALLING_BEHIND;
    return List.of(
        Integer.toString(cell.mapping().factor()),
        Integer.toString(cell.mapping().batchSize()),
        behind ? "" : millis(result.lag().percentile(50)),
        behind ? "" : millis(result.lag().percentile(99)),
        behind ? "" : millis(result.lag().max()),
        percent(result.meanLaneUse()),
        percent(result.busiestLaneUse()),
        "%.1f".formatted(result.meanConcurrency()),
        Integer.toString(result.maxConcurrency()),
        "%,.0f".formatted(result.capacityPerSecond()),
        behind ? "" : dollars(cell.dollarsPerMonth()),
        note(cell));
  }

  private static String note(PlanCell cell) {
    return switch (cell.verdict()) {
      case MEETS_TARGET -> "";
      case NO_ROOM -> "no room";
      case TOO_LATE -> "too late";
      case FALLING_BEHIND ->
          "%,d behind, growing by %,.0f/s"
              .formatted(cell.result().backlog(), cell.result().growthPerSecond());
    };
  }

  private void print(TextTable table) {
    table.lines(COLUMNS).forEach(line -> out.println("  " + line));
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

  private static String lowerCase(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }
}
