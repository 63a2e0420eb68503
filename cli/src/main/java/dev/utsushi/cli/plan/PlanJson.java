package dev.utsushi.cli.plan;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.utsushi.loadtest.plan.CapacityPlan;
import dev.utsushi.loadtest.plan.PlanCell;
import dev.utsushi.loadtest.simulation.SimulationResult;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;

/** A plan for programs: all figures of every setting. Lags and times are in milliseconds. */
public final class PlanJson {
  private static final JsonFactory FACTORY =
      JsonFactory.builder().build().disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET);

  private final PlanRequest request;
  private final CapacityPlan plan;

  public PlanJson(PlanRequest request, CapacityPlan plan) {
    this.request = request;
    this.plan = plan;
  }

  /**
   * Prints one object.
   *
   * @throws UncheckedIOException if it can't
   */
  public void print(PrintWriter out) {
    try (JsonGenerator json = FACTORY.createGenerator(out).useDefaultPrettyPrinter()) {
      json.writeStartObject();
      writeInputs(json);
      Optional<PlanCell> cheapest = plan.cheapest();
      if (cheapest.isPresent()) {
        json.writeFieldName("recommended");
        write(json, cheapest.get());
      } else {
        json.writeNullField("recommended");
      }
      json.writeArrayFieldStart("settings");
      for (PlanCell each : plan.cells()) {
        write(json, each);
      }
      json.writeEndArray();
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException("the plan can't be written", e);
    }
    out.println();
  }

  private void writeInputs(JsonGenerator json) throws IOException {
    json.writeStringField("rate", request.traffic().profile().toString());
    json.writeStringField("arrivals", lowerCase(request.traffic().pattern()));
    json.writeStringField("keys", request.traffic().keys().toString());
    json.writeNumberField("seed", request.traffic().seed());
    json.writeNumberField("shards", request.setup().stream().shards());
    json.writeNumberField(
        "invocationMeanMillis", millis(request.setup().function().time().mean(1)));
    json.writeNumberField("refreshMillis", millis(request.setup().refresh()));
    json.writeObjectFieldStart("target");
    json.writeNumberField("percentile", request.target().percentile());
    json.writeNumberField("lagMillis", millis(request.target().lag()));
    json.writeEndObject();
    json.writeStringField("prices", request.pricing().prices().source());
  }

  private static void write(JsonGenerator json, PlanCell cell) throws IOException {
    SimulationResult outcome = cell.outcome();
    json.writeStartObject();
    json.writeNumberField("parallelizationFactor", cell.mapping().factor());
    json.writeNumberField("batchSize", cell.mapping().batchSize());
    json.writeStringField("verdict", lowerCase(cell.verdict()));
    writeLag(json, outcome);
    json.writeBooleanField("fallingBehind", outcome.fallingBehind());
    json.writeNumberField("backlog", outcome.backlog());
    json.writeNumberField("backlogGrowthPerSecond", outcome.growthPerSecond());
    json.writeNumberField("capacityPerSecond", outcome.capacityPerSecond());
    json.writeArrayFieldStart("laneUse");
    for (double use : outcome.laneUse()) {
      json.writeNumber(use);
    }
    json.writeEndArray();
    json.writeNumberField("meanConcurrency", outcome.meanConcurrency());
    json.writeNumberField("maxConcurrency", outcome.maxConcurrency());
    json.writeNumberField("invocationsPerSecond", outcome.invocationsPerSecond());
    json.writeNumberField("throttles", outcome.throttles());
    json.writeNumberField("failures", outcome.failures());
    json.writeNumberField("discarded", outcome.discarded());
    json.writeNumberField("dollarsAMonth", cell.cost().total());
    json.writeEndObject();
  }

  private static void writeLag(JsonGenerator json, SimulationResult outcome) throws IOException {
    json.writeObjectFieldStart("lagMillis");
    json.writeNumberField("mean", millis(outcome.lag().mean()));
    json.writeNumberField("p50", millis(outcome.lag().percentile(50)));
    json.writeNumberField("p99", millis(outcome.lag().percentile(99)));
    json.writeNumberField("max", millis(outcome.lag().max()));
    json.writeEndObject();
  }

  private static double millis(Duration duration) {
    return duration.toNanos() / 1e6;
  }

  private static String lowerCase(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }
}
