package dev.utsushi.loadtest.report;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.utsushi.loadtest.measurement.InvocationMeasurement;
import dev.utsushi.loadtest.measurement.LaneUse;
import dev.utsushi.loadtest.measurement.LoadMeasurement;
import dev.utsushi.loadtest.measurement.Second;
import dev.utsushi.loadtest.measurement.TestedPipeline;
import dev.utsushi.loadtest.traffic.Traffic;
import dev.utsushi.loadtest.units.LagHistogram;
import java.time.Duration;
import java.util.List;

/**
 * A run as JSON, times in milliseconds. Has no member for what was not measured on a deployed
 * stream, rather than a zero.
 */
final class RunJson {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final double[] PERCENTILES = {50, 90, 99, 99.9};
  private static final List<String> NOT_MEASURED =
      List.of("invocations", "lanes", "iteratorAge", "deadLetters");
  private static final int BUCKETS_PER_DECADE = 12;

  private final LoadRun run;
  private final LoadMeasurement measured;
  private final boolean embedded;

  private RunJson(LoadRun run) {
    this.run = run;
    measured = run.measurement();
    embedded = run.pipeline() instanceof TestedPipeline.Embedded;
  }

  /** Returns the run as {@code load.json} has it. */
  static ObjectNode of(LoadRun run) {
    return new RunJson(run).json();
  }

  /** Returns the same with a member {@code page}: what the page needs beyond it. */
  static ObjectNode forPage(LoadRun run) {
    var json = new RunJson(run);
    return json.json().set("page", json.page());
  }

  private ObjectNode json() {
    ObjectNode json = JSON.objectNode();
    json.put("name", run.name()).put("startedAt", run.startedAt().toString());
    json.set("machine", MAPPER.valueToTree(run.machine()));
    json.set("traffic", traffic(run.traffic()));
    switch (run.pipeline()) {
      case TestedPipeline.Embedded settings -> json.set("settings", settings(settings));
      case TestedPipeline.Worker worker -> json.set("worker", worker(worker));
      case TestedPipeline.Deployed stream -> json.set("deployed", deployed(stream));
    }
    json.set("verdict", verdict());
    json.set("counts", counts());
    ObjectNode lag = json.putObject("lag");
    lag.set("indexed", lags(measured.indexed()));
    lag.set("searchable", lags(measured.searchable()));
    lag.set("indexedFromSchedule", lags(measured.fromSchedule()));
    ObjectNode generator = json.putObject("generator");
    generator.set("scheduledToDispatched", lags(measured.punctuality().dispatch()));
    generator.set("dispatchedToSent", lags(measured.punctuality().waiting()));
    generator.set("sentToAcknowledged", lags(measured.punctuality().table()));
    if (embedded) {
      addInvocations(json);
    }
    ArrayNode seconds = json.putArray("seconds");
    measured.seconds().forEach(each -> seconds.add(second(each)));
    return json;
  }

  private static ObjectNode traffic(Traffic traffic) {
    return JSON.objectNode()
        .put("rate", traffic.profile().toString())
        .put("arrivals", traffic.pattern().name())
        .put("keys", traffic.keys().toString())
        .put("mix", traffic.mix().toString())
        .put("itemSize", traffic.size().toString())
        .put("seed", traffic.seed());
  }

  private static ObjectNode settings(TestedPipeline.Embedded settings) {
    ObjectNode json = JSON.objectNode().put("factor", settings.factor());
    if (settings.kinesisShards() > 0) {
      json.put("kinesisShards", settings.kinesisShards());
    }
    if (settings.targets() > 1) {
      json.put("targets", settings.targets());
    }
    return json.put("batchSize", settings.batchSize())
        .put("windowMillis", millis(settings.window()))
        .put("invokeOverheadMillis", millis(settings.invocationOverhead()))
        .put("leastInvocationMillis", millis(settings.leastInvocation()))
        .put("searchRttMillis", millis(settings.searchRoundTrip()));
  }

  private static ObjectNode worker(TestedPipeline.Worker worker) {
    ObjectNode json = JSON.objectNode().put("lanes", worker.writers());
    if (worker.kinesisShards() > 0) {
      json.put("kinesisShards", worker.kinesisShards());
    }
    return json.put("batchSize", worker.batchSize())
        .put("searchRttMillis", millis(worker.searchRoundTrip()))
        .put("indexedBy", "the engine's reply");
  }

  private static ObjectNode deployed(TestedPipeline.Deployed stream) {
    ObjectNode json =
        JSON.objectNode()
            .put("stack", stream.stack())
            .put("region", stream.region())
            .put("index", stream.index())
            .put("indexedBy", "the function's clock")
            .put("clocksApartMillis", millis(stream.clocksApart()));
    NOT_MEASURED.forEach(json.putArray("notMeasured")::add);
    return json;
  }

  private ObjectNode verdict() {
    ObjectNode json =
        JSON.objectNode()
            .put("comparison", run.conclusion().verdict().name())
            .put("line", run.conclusion().line());
    if (!(run.pipeline() instanceof TestedPipeline.Deployed)) {
      json.put("deadLetters", run.conclusion().deadLetters())
          .put("processorsBusy", measured.processorsBusy());
    }
    json.put("fallingBehind", measured.backlog().fallingBehind())
        .put("bottleneck", measured.punctuality().bottleneck().name());
    run.findings().forEach(json.putArray("findings")::add);
    return json;
  }

  private ObjectNode counts() {
    ObjectNode json =
        JSON.objectNode()
            .put("planned", measured.planned())
            .put("sent", measured.sent())
            .put("acknowledged", measured.acknowledged())
            .put("failedWrites", measured.punctuality().failed())
            .put("indexed", measured.arrived())
            .put("behindAtEndOfTraffic", measured.backlog().changes())
            .put("behindAtMost", measured.backlog().most())
            .put("behindMorePerSecond", measured.backlog().growthPerSecond())
            .put("missing", measured.missing())
            .put("sampledForSearch", measured.searchable().count())
            .put("notFoundBySearch", measured.notFound());
    if (embedded) {
      json.put("invocations", measured.invocations())
          .put("failedInvocations", measured.failedInvocations());
    }
    return json.put("trafficMillis", millis(measured.traffic()))
        .put("watchedMillis", millis(measured.watched()));
  }

  private void addInvocations(ObjectNode json) {
    json.put("iteratorAgeMaxMillis", millis(measured.iteratorAge()));
    measured
        .invocation()
        .ifPresent(it -> json.set(InvocationMeasurement.MEMBER, MAPPER.valueToTree(it)));
    ArrayNode lanes = json.putArray("lanes");
    for (LaneUse lane : measured.lanes()) {
      lanes.addObject().put("lane", lane.lane()).put("busy", lane.share());
    }
  }

  private ObjectNode second(Second second) {
    ObjectNode json =
        JSON.objectNode()
            .put("second", second.number())
            .put("planned", second.planned())
            .put("acknowledged", second.acknowledged())
            .put("indexed", second.indexed())
            .put("behind", second.behind());
    if (second.lagged() > 0) {
      json.put("p50", millis(second.p50()))
          .put("p99", millis(second.p99()))
          .put("max", millis(second.max()));
    }
    return embedded ? json.put("iteratorAge", millis(second.iteratorAge())) : json;
  }

  private ObjectNode page() {
    ObjectNode page =
        JSON.objectNode()
            .put("title", run.title())
            .put("faithful", run.conclusion().isFaithful())
            .put("machineIsBottleneck", run.machineIsBottleneck());
    ObjectNode histograms = page.putObject("histograms");
    histograms.set("indexed", buckets(measured.indexed()));
    histograms.set("searchable", buckets(measured.searchable()));
    if (run.pipeline() instanceof TestedPipeline.Embedded settings) {
      page.put("waits", settings.waits());
      page.set("invocationTime", lags(measured.invocationTime()));
      histograms.set("invocations", buckets(measured.invocationTime()));
      ArrayNode lanes = page.putArray("laneSeconds");
      for (LaneUse lane : measured.lanes()) {
        lane.perSecond().forEach(lanes.addArray()::add);
      }
    }
    return page;
  }

  private static ObjectNode lags(LagHistogram lags) {
    ObjectNode json = JSON.objectNode().put("count", lags.count()).put("mean", millis(lags.mean()));
    for (double each : PERCENTILES) {
      String name = each == Math.rint(each) ? "p%.0f".formatted(each) : "p" + each;
      json.put(name, millis(lags.percentile(each)));
    }
    return json.put("max", millis(lags.max()));
  }

  /** Returns counts by bucket: bucket i begins at 10 to the power of i / 12, in milliseconds. */
  private static ObjectNode buckets(LagHistogram lags) {
    int first = bucket(lags.percentile(0)) - 1;
    ObjectNode json = JSON.objectNode().put("first", first);
    ArrayNode counts = json.putArray("counts");
    for (int i = first; lags.count() > 0 && i <= bucket(lags.max()) + 1; i++) {
      counts.add(lags.countBetween(edge(i), edge(i + 1)));
    }
    return json;
  }

  private static int bucket(Duration lag) {
    return (int) Math.floor(Math.log10(Math.max(0.1, millis(lag))) * BUCKETS_PER_DECADE);
  }

  private static Duration edge(int bucket) {
    return Duration.ofNanos(Math.round(Math.pow(10, (double) bucket / BUCKETS_PER_DECADE) * 1e6));
  }

  private static double millis(Duration duration) {
    return duration.toNanos() / 1e6;
  }
}
