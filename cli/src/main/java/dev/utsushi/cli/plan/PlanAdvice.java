package dev.utsushi.cli.plan;

import dev.utsushi.loadtest.plan.CapacityPlan;
import dev.utsushi.loadtest.plan.KinesisCost;
import dev.utsushi.loadtest.plan.PlanCell;
import dev.utsushi.loadtest.traffic.ArrivalProfile;
import dev.utsushi.loadtest.units.DurationText;
import java.util.ArrayList;
import java.util.List;

/**
 * What to put into the settings file, and the limits of the plan and of the stream.
 *
 * @param consumers readers of the stream, including this one
 * @param readsKinesis whether the stream is one of Kinesis
 */
record PlanAdvice(CapacityPlan plan, int consumers, boolean readsKinesis) {

  /** The limit of a partition of a table, and so of a shard of its stream. */
  private static final int WRITES_PER_SHARD = 1000;

  private static final int READERS_PER_SHARD = 2;

  List<String> recommendation() {
    return plan.cheapest().map(this::take).orElseGet(this::none);
  }

  private List<String> take(PlanCell cell) {
    var mapping = cell.mapping();
    List<String> lines = new ArrayList<>();
    lines.add("Recommended: %s. In utsushi.yaml, for the stream:".formatted(described(cell)));
    lines.add("    parallelizationFactor: " + mapping.factor());
    lines.add("    batchSize: " + mapping.batchSize());
    if (mapping.window().toSeconds() > 0) {
      lines.add("    batchingWindowSeconds: " + mapping.window().toSeconds());
    }
    if (mapping.batchSize() > 1) {
      var time = plan.inputs().setup().function().time().mean(mapping.batchSize());
      lines.add(
          "The time of a full batch of %d, %s, is extrapolated from --per-record. Check it against the function's Duration metric."
              .formatted(mapping.batchSize(), DurationText.print(time)));
      plan.singleRecords()
          .ifPresent(
              single ->
                  lines.add(
                      "With one change per invocation, no change waits for the retry of another: %s."
                          .formatted(described(single))));
    }
    return lines;
  }

  private List<String> none() {
    var target = plan.inputs().target();
    return List.of(
        "No setting has a %s of %s or less with room to spare."
            .formatted(target.name(), DurationText.print(target.lag())),
        plan.fastest()
            .map(cell -> "The fastest is %s.".formatted(described(cell)))
            .orElse("All settings fall behind."));
  }

  private String described(PlanCell cell) {
    var target = plan.inputs().target();
    return "factor %d with batch size %d, %s %s, lanes at most %s %% busy, %s US$ per month"
        .formatted(
            cell.mapping().factor(),
            cell.mapping().batchSize(),
            target.name(),
            DurationText.print(target.lagOf(cell.result().lag())),
            PlanPrinter.percent(cell.result().busiestLaneUse()),
            PlanPrinter.dollars(cell.dollarsPerMonth()));
  }

  List<String> limits() {
    List<String> lines = new ArrayList<>(shards());
    if (consumers > READERS_PER_SHARD && !readsKinesis) {
      lines.add(
          "Readers: DynamoDB Streams allows two per shard, not %d. The others need Kinesis, or a reader that forwards changes."
              .formatted(consumers));
    }
    if (plan.cheapest().isEmpty()) {
      lines.add("Reason: " + reason());
    }
    lines.addAll(readsKinesis ? ofKinesis() : ofDynamoDb());
    return lines;
  }

  private List<String> ofDynamoDb() {
    PlanCell strongest = plan.strongest();
    double most = strongest.result().capacityPerSecond();
    return List.of(
        "DynamoDB Streams allows ten lanes per shard (here %,.0f changes/s with batch size %d), two readers per shard, and replay for 24 hours."
            .formatted(most, strongest.mapping().batchSize()),
        "Kinesis Data Streams goes beyond that: " + kinesis(),
        "Cheaper: DynamoDB Streams, whose reads by Lambda are free, up to %,.0f changes/s. Above that Kinesis, since it takes more shards: --source kinesis --shards N."
            .formatted(most));
  }

  private List<String> ofKinesis() {
    return List.of(
        "Kinesis Data Streams: " + kinesis(),
        "Cheaper: DynamoDB Streams at every rate that its lanes can follow, which --source dynamodb"
            + " says. Kinesis serves more than two readers, and replays for up to a year.");
  }

  private List<String> shards() {
    int shards = plan.inputs().setup().stream().shards();
    double peak = profile().peakPerSecond();
    List<String> lines = new ArrayList<>();
    String limit =
        readsKinesis
            ? "A shard of Kinesis takes 1,000 changes/s and 1 MB/s."
            : "DynamoDB has one for each partition of the table, and a partition takes about 1,000"
                + " writes/s.";
    lines.add("Shards: planned with %d. %s".formatted(shards, limit));
    if (peak > shards * WRITES_PER_SHARD) {
      lines.add(
          "  The peak of %,.0f writes/s needs at least %.0f: set --shards."
              .formatted(peak, Math.ceil(peak / WRITES_PER_SHARD)));
    }
    return lines;
  }

  private String reason() {
    var leastLag = plan.leastLag();
    if (plan.inputs().target().lag().compareTo(leastLag) < 0) {
      return "with every setting, a change waits up to %s for a poll and its own invocation%s. Kinesis with enhanced fan-out does not poll."
          .formatted(
              DurationText.print(leastLag),
              plan.inputs().setup().refresh().isZero() ? "" : " and the refresh");
    }
    if (plan.hasHotItem()) {
      return "one item makes its lane far busier than the others, because all its changes take one"
          + " lane, in order. A larger batch or a faster invocation helps. More lanes, shards or"
          + " Kinesis do not.";
    }
    if (plan.strongest().result().capacityPerSecond() < profile().peakPerSecond()) {
      return "no setting takes the peak rate. Try larger --batch-sizes, then a faster invocation,"
          + " or Kinesis with enough shards.";
    }
    return "the settings keep up, but bursts, slow invocations or failures make some changes late.";
  }

  private String kinesis() {
    var cost =
        KinesisCost.of(
            profile().meanPerSecond(),
            plan.inputs().setup().stream().recordBytes(),
            plan.inputs().pricing().prices());
    return "with %d shard%s for this traffic it costs %s US$ per month, or %s on demand, in addition to the function."
        .formatted(
            cost.shards(),
            cost.shards() == 1 ? "" : "s",
            PlanPrinter.dollars(cost.provisioned()),
            PlanPrinter.dollars(cost.onDemand()));
  }

  private ArrivalProfile profile() {
    return plan.inputs().writes().traffic().profile();
  }
}
