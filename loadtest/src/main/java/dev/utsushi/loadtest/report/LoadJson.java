package dev.utsushi.loadtest.report;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.utsushi.loadtest.measurement.LaneUse;
import dev.utsushi.loadtest.measurement.LoadMeasurement;
import dev.utsushi.loadtest.measurement.Second;
import dev.utsushi.loadtest.measurement.TestedPipeline;
import dev.utsushi.loadtest.units.LagHistogram;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;

/**
 * Results as JSON. One run is one object, which {@code utsushi plan --load-result} takes; several
 * are the member {@code runs} of one. Times are in milliseconds.
 */
public final class LoadJson {
  private static final JsonFactory JSON = new JsonFactory();
  private static final double[] PERCENTILES = {50, 90, 99, 99.9};

  private LoadJson() {}

  public static String of(LoadRun run) {
    return text(json -> write(json, run));
  }

  /** The runs of a scenario. */
  public static String of(ScenarioResult scenario) {
    return text(
        json -> {
          json.writeStartObject();
          json.writeStringField("scenario", scenario.name());
          json.writeArrayFieldStart("runs");
          for (LoadRun run : scenario.runs()) {
            write(json, run);
          }
          json.writeEndArray();
          json.writeEndObject();
        });
  }

  private interface Part {
    void writeTo(JsonGenerator json) throws IOException;
  }

  private static String text(Part part) {
    var text = new StringWriter();
    try (JsonGenerator json = JSON.createGenerator(text).useDefaultPrettyPrinter()) {
      part.writeTo(json);
    } catch (IOException e) {
      throw new UncheckedIOException("A string can't fail to be written to", e);
    }
    return text + "\n";
  }

  private static void write(JsonGenerator json, LoadRun run) throws IOException {
    var measurement = run.measurement();
    json.writeStartObject();
    json.writeStringField("name", run.name());
    json.writeStringField("startedAt", run.startedAt().toString());
    writeTraffic(json, run);
    writePipeline(json, run);
    writeVerdict(json, run);
    writeCounts(json, run);
    json.writeObjectFieldStart("lag");
    writeLags(json, "indexed", measurement.indexed());
    writeLags(json, "searchable", measurement.searchable());
    writeLags(json, "indexedFromSchedule", measurement.fromSchedule());
    json.writeEndObject();
    writeGenerator(json, measurement);
    if (run.sawInvocations()) {
      writeInvocations(json, measurement);
    }
    writeSeconds(json, run);
    json.writeEndObject();
  }

  private static void writeInvocations(JsonGenerator json, LoadMeasurement measurement)
      throws IOException {
    json.writeNumberField("iteratorAgeMaxMillis", millis(measurement.iteratorAge()));
    if (measurement.invocation().isPresent()) {
      measurement.invocation().get().writeTo(json);
    }
    writeLanes(json, measurement.lanes());
  }

  private static void writeTraffic(JsonGenerator json, LoadRun run) throws IOException {
    var traffic = run.traffic();
    json.writeObjectFieldStart("traffic");
    json.writeStringField("rate", traffic.profile().toString());
    json.writeStringField("arrivals", traffic.pattern().name());
    json.writeStringField("keys", traffic.keys().toString());
    json.writeStringField("mix", traffic.mix().toString());
    json.writeStringField("itemSize", traffic.size().toString());
    json.writeNumberField("seed", traffic.seed());
    json.writeEndObject();
  }

  private static void writePipeline(JsonGenerator json, LoadRun run) throws IOException {
    switch (run.pipeline()) {
      case TestedPipeline.Embedded settings -> writeSettings(json, settings);
      case TestedPipeline.Deployed stream -> writeDeployed(json, stream);
    }
  }

  /** What is not seen from outside is named, and nowhere a zero. */
  private static void writeDeployed(JsonGenerator json, TestedPipeline.Deployed stream)
      throws IOException {
    json.writeObjectFieldStart("deployed");
    json.writeStringField("stack", stream.stack());
    json.writeStringField("region", stream.region());
    json.writeStringField("index", stream.index());
    json.writeStringField("indexedBy", "the function's clock");
    json.writeNumberField("clocksApartMillis", millis(stream.clocksApart()));
    json.writeArrayFieldStart("notMeasured");
    for (String each : List.of("invocations", "lanes", "iteratorAge", "deadLetters")) {
      json.writeString(each);
    }
    json.writeEndArray();
    json.writeEndObject();
  }

  private static void writeSettings(JsonGenerator json, TestedPipeline.Embedded settings)
      throws IOException {
    json.writeObjectFieldStart("settings");
    json.writeNumberField("factor", settings.factor());
    json.writeNumberField("batchSize", settings.batchSize());
    json.writeNumberField("windowMillis", millis(settings.window()));
    json.writeNumberField("invokeOverheadMillis", millis(settings.invocationOverhead()));
    json.writeNumberField("leastInvocationMillis", millis(settings.leastInvocation()));
    json.writeNumberField("searchRttMillis", millis(settings.searchRoundTrip()));
    json.writeEndObject();
  }

  private static void writeVerdict(JsonGenerator json, LoadRun run) throws IOException {
    json.writeObjectFieldStart("verdict");
    json.writeStringField("comparison", run.conclusion().verdict().name());
    json.writeStringField("line", run.conclusion().line());
    if (run.sawInvocations()) {
      json.writeNumberField("deadLetters", run.conclusion().deadLetters());
      json.writeNumberField("processorsBusy", run.measurement().processorsBusy());
    }
    json.writeBooleanField("fallingBehind", run.measurement().backlog().fallingBehind());
    json.writeStringField("bottleneck", run.measurement().punctuality().bottleneck().name());
    json.writeArrayFieldStart("findings");
    for (String finding : run.findings()) {
      json.writeString(finding);
    }
    json.writeEndArray();
    json.writeEndObject();
  }

  private static void writeCounts(JsonGenerator json, LoadRun run) throws IOException {
    LoadMeasurement measurement = run.measurement();
    json.writeObjectFieldStart("counts");
    json.writeNumberField("planned", measurement.planned());
    json.writeNumberField("sent", measurement.sent());
    json.writeNumberField("acknowledged", measurement.acknowledged());
    json.writeNumberField("failedWrites", measurement.punctuality().failed());
    json.writeNumberField("indexed", measurement.arrived());
    json.writeNumberField("behindAtEndOfTraffic", measurement.backlog().changes());
    json.writeNumberField("behindAtMost", measurement.backlog().most());
    json.writeNumberField("behindMorePerSecond", measurement.backlog().growthPerSecond());
    json.writeNumberField("missing", measurement.missing());
    json.writeNumberField("sampledForSearch", measurement.searchable().count());
    json.writeNumberField("notFoundBySearch", measurement.notFound());
    if (run.sawInvocations()) {
      json.writeNumberField("invocations", measurement.invocations());
      json.writeNumberField("failedInvocations", measurement.failedInvocations());
    }
    json.writeNumberField("trafficMillis", millis(measurement.traffic()));
    json.writeNumberField("watchedMillis", millis(measurement.watched()));
    json.writeEndObject();
  }

  private static void writeGenerator(JsonGenerator json, LoadMeasurement measurement)
      throws IOException {
    json.writeObjectFieldStart("generator");
    writeLags(json, "scheduledToDispatched", measurement.punctuality().dispatch());
    writeLags(json, "dispatchedToSent", measurement.punctuality().waiting());
    writeLags(json, "sentToAcknowledged", measurement.punctuality().table());
    json.writeEndObject();
  }

  private static void writeLags(JsonGenerator json, String name, LagHistogram lags)
      throws IOException {
    json.writeObjectFieldStart(name);
    json.writeNumberField("count", lags.count());
    json.writeNumberField("mean", millis(lags.mean()));
    for (double each : PERCENTILES) {
      String percentile = each == Math.rint(each) ? "p%.0f".formatted(each) : "p" + each;
      json.writeNumberField(percentile, millis(lags.percentile(each)));
    }
    json.writeNumberField("max", millis(lags.max()));
    json.writeEndObject();
  }

  private static void writeLanes(JsonGenerator json, List<LaneUse> lanes) throws IOException {
    json.writeArrayFieldStart("lanes");
    for (LaneUse lane : lanes) {
      json.writeStartObject();
      json.writeNumberField("lane", lane.lane());
      json.writeNumberField("busy", lane.share());
      json.writeEndObject();
    }
    json.writeEndArray();
  }

  private static void writeSeconds(JsonGenerator json, LoadRun run) throws IOException {
    json.writeArrayFieldStart("seconds");
    for (Second each : run.measurement().seconds()) {
      json.writeStartObject();
      json.writeNumberField("second", each.number());
      json.writeNumberField("planned", each.planned());
      json.writeNumberField("acknowledged", each.acknowledged());
      json.writeNumberField("indexed", each.indexed());
      json.writeNumberField("behind", each.behind());
      if (each.lagged() > 0) {
        json.writeNumberField("p50", millis(each.p50()));
        json.writeNumberField("p99", millis(each.p99()));
        json.writeNumberField("max", millis(each.max()));
      }
      if (run.sawInvocations()) {
        json.writeNumberField("iteratorAge", millis(each.iteratorAge()));
      }
      json.writeEndObject();
    }
    json.writeEndArray();
  }

  private static double millis(Duration duration) {
    return duration.toNanos() / 1e6;
  }
}
