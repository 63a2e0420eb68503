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
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/** A plan for people: two tables to look at, the settings worth a look, and what to do. */
public final class PlanReport {
  private static final int COLUMNS = 120;

  private final PlanRequest request;
  private final CapacityPlan plan;
  private final Optional<PlanCell> cheapest;
  private final boolean details;
  private final Duration took;

  /**
   * @param details whether every setting is shown with all its figures
   * @param took how long the simulations took
   */
  public PlanReport(PlanRequest request, CapacityPlan plan, boolean details, Duration took) {
    this.request = request;
    this.plan = plan;
    this.details = details;
    this.took = took;
    cheapest = plan.cheapest();
  }

  /** Prints all of it. */
  public void print(PrintWriter out) {
    printInputs(out);
    out.printf(
        "%n%s in ms by parallelization factor and batch size (target %s)%n",
        request.target().name(), Figures.millis(request.target().lag()));
    print(out, matrix(this::lag));
    out.println("  * recommended   + meets the target   ~ meets it with a lane over 90 % busy");
    out.println("  behind: gets later and later");
    out.println("\nUS$ a month for the function, with traffic like this all month");
    print(out, matrix(this::dollars));
    out.println(details ? "\nAll settings" : "\nThe cheapest for each batch size (--details: all)");
    print(out, settings());
    out.println();
    new Recommendation(request, plan).lines().forEach(out::println);
    out.println();
    new Limits(request, plan).lines().forEach(out::println);
    out.printf("%n%d settings in %s.%n", plan.cells().size(), DurationText.print(took));
  }

  private void printInputs(PrintWriter out) {
    var traffic = request.traffic();
    var stream = request.setup().stream();
    out.printf(
        "Writes: rate %s, %s arrivals, over %s; after %s of warm-up; seed %d%n",
        traffic.profile(),
        traffic.pattern().name().toLowerCase(Locale.ROOT),
        traffic.keys(),
        DurationText.print(request.warmUp()),
        traffic.seed());
    out.printf(
        "Stream: %d shard%s, a poll every %s, changes of %,d bytes%n",
        stream.shards(),
        stream.shards() == 1 ? "" : "s",
        DurationText.print(stream.pollInterval()),
        stream.recordBytes());
    printFunctionAndLag(out);
    out.printf("Prices: %s%n", request.pricing().prices().source());
  }

  private void printFunctionAndLag(PrintWriter out) {
    var function = request.setup().function();
    out.printf(
        "Function: %s for one change on average, %s for ten; %d MiB, %s%n",
        DurationText.print(function.time().mean(1)),
        DurationText.print(function.time().mean(10)),
        request.pricing().memoryMib(),
        request.pricing().architecture().name().toLowerCase(Locale.ROOT));
    out.printf(
        "Lag: from the write to %s%n",
        request.setup().refresh().isZero()
            ? "indexed"
            : "searchable, with a refresh every " + DurationText.print(request.setup().refresh()));
  }

  private TextTable matrix(Function<PlanCell, String> text) {
    List<Integer> batchSizes = request.grid().batchSizes();
    String[] head =
        Stream.concat(Stream.of("factor"), batchSizes.stream().map(size -> "%7d ".formatted(size)))
            .toArray(String[]::new);
    var table = new TextTable(head);
    for (int row = 0; row < request.grid().factors().size(); row++) {
      List<String> cells = new ArrayList<>();
      cells.add(request.grid().factors().get(row).toString());
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
    return "%7s%s"
        .formatted(Figures.millis(request.target().lagOf(cell.outcome().lag())), mark(cell));
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
    return "%7s ".formatted(counts ? Figures.dollars(cell.cost().total()) : "");
  }

  private TextTable settings() {
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
            "most",
            "takes/s",
            "US$/month",
            "");
    shown().forEach(cell -> table.row(row(cell)));
    return table;
  }

  private Stream<PlanCell> shown() {
    if (details) {
      return plan.cells().stream();
    }
    return request.grid().batchSizes().stream()
        .flatMap(
            size ->
                plan.cells().stream()
                    .filter(cell -> cell.mapping().batchSize() == size)
                    .filter(cell -> cell.verdict() == Verdict.MEETS_TARGET)
                    .min(Comparator.comparingDouble(cell -> cell.cost().total()))
                    .stream());
  }

  private List<String> row(PlanCell cell) {
    SimulationResult outcome = cell.outcome();
    boolean behind = cell.verdict() == Verdict.FALLING_BEHIND;
    return List.of(
        Integer.toString(cell.mapping().factor()),
        Integer.toString(cell.mapping().batchSize()),
        behind ? "" : Figures.millis(outcome.lag().percentile(50)),
        behind ? "" : Figures.millis(outcome.lag().percentile(99)),
        behind ? "" : Figures.millis(outcome.lag().max()),
        Figures.percent(outcome.meanLaneUse()),
        Figures.percent(outcome.busiestLaneUse()),
        "%.1f".formatted(outcome.meanConcurrency()),
        Integer.toString(outcome.maxConcurrency()),
        "%,.0f".formatted(outcome.capacityPerSecond()),
        behind ? "" : Figures.dollars(cell.cost().total()),
        note(cell));
  }

  private static String note(PlanCell cell) {
    return switch (cell.verdict()) {
      case MEETS_TARGET -> "";
      case NO_ROOM -> "no room";
      case TOO_LATE -> "too late";
      case FALLING_BEHIND ->
          "%,d behind, %,.0f/s more"
              .formatted(cell.outcome().backlog(), cell.outcome().growthPerSecond());
    };
  }

  private static void print(PrintWriter out, TextTable table) {
    table.lines(COLUMNS).forEach(line -> out.println("  " + line));
  }
}
