package dev.utsushi.cli.plan;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.utsushi.loadtest.plan.CapacityPlan;
import dev.utsushi.loadtest.plan.PlanCell;
import dev.utsushi.operations.runs.RunEstimate;
import java.time.Duration;
import java.util.Optional;

/** A plan as {@code --json} prints it: all figures of every setting. */
public final class PlanJson {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private PlanJson() {}

  /** Returns the JSON of a plan, and of the backfill if there is one. */
  public static String of(CapacityPlan plan, Optional<RunEstimate> backfill) {
    var inputs = plan.inputs();
    var traffic = inputs.writes().traffic();
    ObjectNode json =
        JSON.objectNode()
            .put("rate", traffic.profile().toString())
            .put("arrivals", PlanPrinter.lowerCase(traffic.pattern()))
            .put("keys", traffic.keys().toString())
            .put("seed", traffic.seed())
            .put("shards", inputs.setup().stream().shards())
            .put("invocationMeanMillis", millis(inputs.setup().function().time().mean(1)))
            .put("refreshMillis", millis(inputs.setup().refresh()));
    json.putObject("target")
        .put("percentile", inputs.target().percentile())
        .put("lagMillis", millis(inputs.target().lag()));
    json.put("prices", inputs.pricing().prices().source());
    json.set("recommended", plan.cheapest().map(PlanJson::setting).orElse(null));
    backfill.ifPresent(
        it ->
            json.putObject("backfill")
                .put("items", it.items())
                .put("bytes", it.bytes())
                .put("readUnits", it.readUnits())
                .put("dollars", it.dollars())
                .put("seconds", it.time().toSeconds()));
    ArrayNode settings = json.putArray("settings");
    plan.cells().forEach(cell -> settings.add(setting(cell)));
    return json.toPrettyString();
  }

  private static ObjectNode setting(PlanCell cell) {
    var result = cell.result();
    ObjectNode json =
        JSON.objectNode()
            .put("parallelizationFactor", cell.mapping().factor())
            .put("batchSize", cell.mapping().batchSize())
            .put("verdict", PlanPrinter.lowerCase(cell.verdict()));
    json.putObject("lagMillis")
        .put("mean", millis(result.lag().mean()))
        .put("p50", millis(result.lag().percentile(50)))
        .put("p99", millis(result.lag().percentile(99)))
        .put("max", millis(result.lag().max()));
    json.put("fallingBehind", result.fallingBehind())
        .put("backlog", result.backlog())
        .put("backlogGrowthPerSecond", result.growthPerSecond())
        .put("capacityPerSecond", result.capacityPerSecond());
    result.laneUse().forEach(json.putArray("laneUse")::add);
    return json.put("meanConcurrency", result.meanConcurrency())
        .put("maxConcurrency", result.maxConcurrency())
        .put("invocationsPerSecond", result.invocationsPerSecond())
        .put("throttles", result.throttles())
        .put("failures", result.failures())
        .put("discarded", result.discarded())
        .put("dollarsAMonth", cell.dollarsPerMonth());
  }

  private static double millis(Duration duration) {
    return duration.toNanos() / 1e6;
  }
}
