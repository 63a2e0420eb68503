package dev.utsushi.cli.plan;

import dev.utsushi.loadtest.plan.CapacityPlan;
import dev.utsushi.loadtest.plan.KinesisCost;
import dev.utsushi.loadtest.plan.PlanCell;
import dev.utsushi.loadtest.plan.PlanCell.Verdict;
import dev.utsushi.loadtest.units.DurationText;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Where what was planned ends, and where DynamoDB Streams does. */
final class Limits {

  /** What a partition of a table takes, and so a shard of its stream. */
  private static final int WRITES_A_SHARD = 1000;

  private static final int READERS_A_SHARD = 2;

  private final PlanRequest request;
  private final CapacityPlan plan;

  Limits(PlanRequest request, CapacityPlan plan) {
    this.request = request;
    this.plan = plan;
  }

  List<String> lines() {
    List<String> lines = new ArrayList<>();
    shards(lines);
    if (request.consumers() > READERS_A_SHARD) {
      lines.add(
          "Readers: DynamoDB Streams serves two a shard, and %d want it: the rest need Kinesis, or one reader that passes changes on."
              .formatted(request.consumers()));
    }
    if (plan.cheapest().isEmpty()) {
      lines.add("Why none: " + reason());
    }
    lines.add(
        "DynamoDB Streams ends at ten lanes a shard (here %,.0f changes/s with batch size %d), two readers a shard, and 24 hours to replay from."
            .formatted(
                strongest().outcome().capacityPerSecond(), strongest().mapping().batchSize()));
    lines.add(kinesis());
    return lines;
  }

  private void shards(List<String> lines) {
    int shards = request.setup().stream().shards();
    double peak = request.traffic().profile().peakPerSecond();
    lines.add(
        "Shards: DynamoDB decides, one for each partition of the table; a partition takes about 1,000 writes/s. Planned with %d."
            .formatted(shards));
    if (peak > shards * WRITES_A_SHARD) {
      lines.add(
          "  %,.0f writes/s at the peak need %.0f of them or more: give --shards."
              .formatted(peak, Math.ceil(peak / WRITES_A_SHARD)));
    }
  }

  private PlanCell strongest() {
    return plan.cells().stream()
        .max(Comparator.comparingDouble(cell -> cell.outcome().capacityPerSecond()))
        .orElseThrow();
  }

  private String reason() {
    if (request.target().lag().compareTo(floor()) < 0) {
      return "a change waits up to %s for a poll and its own invocation%s, whatever the setting. Kinesis with enhanced fan-out does not poll."
          .formatted(
              DurationText.print(floor()),
              request.setup().refresh().isZero() ? "" : " and the refresh");
    }
    if (hasHotItem()) {
      return "one lane has far more to do than the others, because an item's changes take one lane,"
          + " in order. A larger batch or a quicker invocation helps; more lanes, shards or"
          + " Kinesis don't.";
    }
    if (plan.mostCapacity() < request.traffic().profile().peakPerSecond()) {
      return "the strongest setting takes less than the peak. Try larger --batch-sizes; then a"
          + " quicker invocation, or Kinesis with as many shards as it takes.";
    }
    return "it keeps up, but bursts, slow invocations or failures make some changes later than"
        + " that.";
  }

  /** What a change takes that comes at the worst moment and finds everything idle. */
  private Duration floor() {
    var stream = request.setup().stream();
    return stream
        .visibleAfter()
        .plus(stream.pollInterval())
        .plus(stream.pollTime())
        .plus(request.setup().function().time().mean(1))
        .plus(request.setup().refresh());
  }

  private boolean hasHotItem() {
    return plan.cells().stream()
        .filter(cell -> cell.mapping().factor() == request.grid().factors().getLast())
        .filter(cell -> cell.verdict() != Verdict.MEETS_TARGET)
        .anyMatch(
            cell ->
                cell.outcome().busiestLaneUse() > PlanCell.MOST_LANE_USE
                    && cell.outcome().busiestLaneUse() > 1.2 * cell.outcome().meanLaneUse());
  }

  private String kinesis() {
    var cost =
        KinesisCost.of(
            request.writesPerSecond(),
            request.setup().stream().recordBytes(),
            request.pricing().prices());
    return "Beyond that is Kinesis Data Streams, where you set the shards: %d for this traffic, %s US$ a month, or %s on demand, beside the function."
        .formatted(
            cost.shards(), Figures.dollars(cost.provisioned()), Figures.dollars(cost.onDemand()));
  }
}
