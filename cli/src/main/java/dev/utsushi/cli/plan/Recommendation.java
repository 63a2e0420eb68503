package dev.utsushi.cli.plan;

import dev.utsushi.loadtest.plan.CapacityPlan;
import dev.utsushi.loadtest.plan.PlanCell;
import dev.utsushi.loadtest.units.DurationText;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What to put into the settings file. */
final class Recommendation {
  private final PlanRequest request;
  private final CapacityPlan plan;

  Recommendation(PlanRequest request, CapacityPlan plan) {
    this.request = request;
    this.plan = plan;
  }

  List<String> lines() {
    return plan.cheapest().map(this::take).orElseGet(this::none);
  }

  private List<String> take(PlanCell cell) {
    List<String> lines = new ArrayList<>();
    lines.add("Recommended: " + described(cell) + ". In infra/utsushi.yaml, for the stream:");
    lines.addAll(yaml(cell));
    int batchSize = cell.mapping().batchSize();
    if (batchSize > 1) {
      lines.add(
          "That a full batch of %d takes %s is --per-record's word: compare it with the function's Duration."
              .formatted(
                  batchSize,
                  DurationText.print(request.setup().function().time().mean(batchSize))));
    }
    Optional<PlanCell> single = plan.singleRecords().filter(other -> batchSize > 1);
    single.ifPresent(
        other ->
            lines.add(
                "With one change an invocation, so that none waits for another's retry: "
                    + described(other)
                    + "."));
    return lines;
  }

  private List<String> yaml(PlanCell cell) {
    List<String> lines = new ArrayList<>();
    lines.add("    parallelizationFactor: " + cell.mapping().factor());
    lines.add("    batchSize: " + cell.mapping().batchSize());
    long window = cell.mapping().window().toSeconds();
    if (window > 0) {
      lines.add("    batchingWindowSeconds: " + window);
    }
    return lines;
  }

  private List<String> none() {
    String wanted =
        "No setting has a %s of %s or less with room to spare."
            .formatted(request.target().name(), DurationText.print(request.target().lag()));
    return plan.quickest(request.target())
        .map(cell -> List.of(wanted, "The quickest is " + described(cell) + "."))
        .orElseGet(() -> List.of(wanted, "All of them fall behind."));
  }

  private String described(PlanCell cell) {
    return "factor %d with batch size %d, %s %s, lanes at most %s %% busy, %s US$ a month"
        .formatted(
            cell.mapping().factor(),
            cell.mapping().batchSize(),
            request.target().name(),
            DurationText.print(request.target().lagOf(cell.outcome().lag())),
            Figures.percent(cell.outcome().busiestLaneUse()),
            Figures.dollars(cell.cost().total()));
  }
}
