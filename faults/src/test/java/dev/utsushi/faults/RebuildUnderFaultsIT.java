package dev.utsushi.faults;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.stream.Collectors.joining;
import static java.util.stream.Collectors.toMap;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.utsushi.core.run.Run;
import dev.utsushi.core.run.Run.Kind;
import dev.utsushi.core.run.Run.State;
import dev.utsushi.faults.history.DeliveryObserver;
import dev.utsushi.faults.history.EngineObserver;
import dev.utsushi.faults.history.History;
import dev.utsushi.faults.history.History.Count;
import dev.utsushi.faults.history.History.Entry;
import dev.utsushi.faults.history.ItemName;
import dev.utsushi.faults.history.Operation.DeliveredRecord;
import dev.utsushi.faults.history.Operation.Delivery;
import dev.utsushi.faults.history.Operation.Source;
import dev.utsushi.faults.history.Operation.StreamChange;
import dev.utsushi.faults.history.Operation.TableWrite;
import dev.utsushi.faults.history.QueueObserver;
import dev.utsushi.faults.history.StreamObserver;
import dev.utsushi.faults.nemesis.FaultPoints;
import dev.utsushi.faults.nemesis.FaultSchedule;
import dev.utsushi.faults.nemesis.MappedFunction;
import dev.utsushi.faults.nemesis.Nemesis;
import dev.utsushi.local.lambda.InvocationResult;
import dev.utsushi.local.mapping.EventSourceMappingSettings;
import dev.utsushi.local.proxy.FaultProxy;
import dev.utsushi.local.proxy.ProxyListener;
import dev.utsushi.testbed.comparison.Difference;
import dev.utsushi.testbed.pipeline.EmbeddedPipeline;
import dev.utsushi.testbed.pipeline.EmbeddedServers;
import dev.utsushi.testbed.pipeline.PipelineOptions;
import dev.utsushi.testbed.search.SearchApi;
import dev.utsushi.testbed.search.SearchException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/**
 * A new index is built, filled, compared and cut over, back and over again in a storm of faults,
 * while a reader polls by the alias. It shares everything with a run of chaos but the checker,
 * which knows one index.
 */
class RebuildUnderFaultsIT {
  private static final String NAME = "rebuilt";
  private static final long SEED = 7;
  private static final Duration STORM = Duration.ofSeconds(12);
  private static final int WRITES_PER_SECOND = 40;
  private static final int WRITES_BEFORE = 250;
  private static final int BATCH = 50;
  private static final Duration LONGEST = Duration.ofMinutes(4);
  private static final Duration INTERVAL = Duration.ofMillis(200);

  /** How many intervals apart. */
  private static final int WAKING = 15;

  private static final Duration BETWEEN_STEPS = Duration.ofSeconds(1);

  private final History history = new History(InstantSource.system(), _ -> {});
  private final DeliveryObserver deliveries = new DeliveryObserver(history);
  private final FaultPoints points =
      new FaultPoints(history, deliveries, new QueueObserver(history, _ -> {}));
  private final Queue<String> seenWrong = new ConcurrentLinkedQueue<>();
  private volatile Instant stepBegan = Instant.MIN;
  private volatile boolean over;
  private long polls;

  @Test
  void readersMissNothingAndBothIndexesEqualTheTable() throws Exception {
    try (var aws = EmbeddedServers.start(Map.of("http.max_content_length", "64kb"), _ -> {});
        var tables =
            new FaultProxy(
                aws.dynamoDb().endpoint(), points::onTableRequest, ProxyListener.SILENT);
        var pipeline = new EmbeddedPipeline(aws, options(tables));
        var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var streams = new StreamObserver(pipeline.database().streams(), history);
      var workload =
          new ChaosWorkload(
              pipeline.dynamoDb(), NAME, SEED, 0, new ChaosTargets(NAME, 1, SEED, ""), history);
      var consumer = new MappedFunction(pipeline);
      var nemesis =
          new Nemesis(
              pipeline,
              consumer,
              points,
              deliveries,
              streams,
              history,
              workload::whileNobodyWrites);
      nemesis.startConsumer(pipeline.streamArn());
      workload.put(ChaosWorkload.FIRST);
      await(() -> history.count(Count.ENGINE_WRITES) > 0);
      consumer.rememberCheckpoints();
      Future<?> writer = threads.submit(() -> writeAll(workload));
      Future<?> reader = threads.submit(() -> poll(pipeline));
      Future<?> storm = threads.submit(() -> blow(nemesis));

      // So that there is something to copy, and what has been removed as well.
      await(() -> history.count(Count.ENGINE_WRITES) > WRITES_BEFORE);
      step(pipeline, "REBUILD", false);
      fill(pipeline);
      for (String step : List.of("CUT_OVER", "ROLL_BACK", "CUT_OVER")) {
        Thread.sleep(BETWEEN_STEPS);
        step(pipeline, step, step.equals("CUT_OVER"));
      }
      storm.get(LONGEST.toSeconds(), TimeUnit.SECONDS);
      writer.cancel(true);
      workload.deleteExpiring();
      workload.put(ChaosWorkload.LAST);
      drain(streams);
      over = true;
      reader.get(LONGEST.toSeconds(), TimeUnit.SECONDS);
      pipeline.stopMappings();
      await(() -> pipeline.failures() == 0);
      new DeadLetterReplay(pipeline.replay(), history).run();
      redeliverWhatIsOutdated(pipeline);

      assertThat(seenWrong).isEmpty();
      assertThat(polls).isPositive();
      assertThat(history.count(Count.FAULTS)).isPositive();
      assertThat(differences(pipeline)).as("the new index").isEmpty();
      step(pipeline, "ROLL_BACK", false);
      assertThat(differences(pipeline)).as("the old index").isEmpty();
      step(pipeline, "CUT_OVER", true);
      assertThat(ask(pipeline, "FINISH").path("rebuild").isNull()).isTrue();
      assertThat(differences(pipeline)).as("the only index").isEmpty();
    }
  }

  private PipelineOptions options(FaultProxy tables) {
    Path jar = Path.of(System.getProperty("utsushi.home"), "function/target/utsushi-function.jar");
    var usual = PipelineOptions.activityLog(NAME, jar);
    Map<String, String> environment = new HashMap<>(usual.environment());
    environment.put("AWS_ENDPOINT_URL_DYNAMODB", tables.endpoint().toString());
    return usual
        .withEnvironment(environment)
        .withFunctionTimeout(Duration.ofSeconds(5))
        .withCaptureTimeout(Duration.ofSeconds(10))
        .withWorkerTimeout(Duration.ofSeconds(30))
        .withMapping(
            EventSourceMappingSettings.defaults()
                .withBatchSize(10)
                .withParallelizationFactor(2)
                .withMaximumRetryAttempts(3)
                .withReportBatchItemFailures(true))
        .withLongestRetryWait(Duration.ofSeconds(2))
        .withProxy(engine -> new FaultProxy(engine, points::onRequest, new EngineObserver(history)))
        .withFunction(points::inFrontOf)
        .withFailureQueue(points::inFrontOf)
        .withWorker(points::inFrontOfWorker);
  }

  private static Void writeAll(ChaosWorkload workload) throws InterruptedException {
    workload.run(WRITES_PER_SECOND);
    return null;
  }

  private static Void blow(Nemesis nemesis) throws InterruptedException {
    nemesis.run(FaultSchedule.of(SEED, STORM, false));
    return null;
  }

  private static void await(Callable<Boolean> condition) throws Exception {
    Instant end = Instant.now().plus(LONGEST);
    while (!condition.call()) {
      assertThat(Instant.now()).isBefore(end);
      Thread.sleep(INTERVAL);
    }
  }

  /** Fills the new index, and compares it; whoever makes no progress is woken again. */
  private static void fill(EmbeddedPipeline pipeline) throws Exception {
    var worker = pipeline.worker();
    Run run = Run.of(null, Kind.REINDEX, 3, 1, 0, true, Duration.ofSeconds(3), Instant.now());
    worker.start(run);
    AtomicInteger polls = new AtomicInteger();
    await(
        () -> {
          Run now = worker.runs().last().orElseThrow();
          if (polls.incrementAndGet() % WAKING == 0) {
            worker.wake(now);
          }
          return now.state() == State.FINISHED;
        });
    assertThat(worker.runs().last().orElseThrow().openSegments()).isZero();
  }

  /** Takes a step until the engine says that it is taken. */
  private void step(EmbeddedPipeline pipeline, String step, boolean cutOver) throws Exception {
    stepBegan = Instant.now();
    await(
        () -> {
          JsonNode rebuild = ask(pipeline, step).path("rebuild");
          return rebuild.isObject() && rebuild.path("cutOver").asBoolean() == cutOver;
        });
  }

  private static JsonNode ask(EmbeddedPipeline pipeline, String step) throws Exception {
    String request = "{\"index\":\"%s\"}".formatted(step);
    return pipeline.replay().invoke(request.getBytes(UTF_8))
            instanceof InvocationResult.Succeeded(_, String reply)
        ? SearchApi.parse(reply)
        : SearchApi.parse("{}");
  }

  private void drain(StreamObserver streams) throws Exception {
    await(
        () -> {
          streams.read();
          return history.pending() == 0
              && deliveries.inFlight() == 0
              && history.changes().stream()
                  .anyMatch(change -> change.item().equals(ChaosWorkload.LAST));
        });
  }

  /** As from dead letters: no change that a newer one has followed may win in either index. */
  private void redeliverWhatIsOutdated(EmbeddedPipeline pipeline) throws InterruptedException {
    Set<String> newest = new HashSet<>();
    history.changes().stream()
        .collect(toMap(StreamChange::item, StreamChange::version, (_, later) -> later))
        .forEach((_, version) -> newest.add(version));
    List<DeliveredRecord> outdated = new ArrayList<>(history.delivered());
    outdated.removeIf(each -> newest.contains(each.version()));
    Collections.shuffle(outdated, new Random(SEED));
    assertThat(outdated).isNotEmpty();
    for (int from = 0; from < outdated.size(); from += BATCH) {
      String event =
          outdated.subList(from, Math.min(outdated.size(), from + BATCH)).stream()
              .map(DeliveredRecord::json)
              .collect(joining(",", "{\"Records\":[", "]}"));
      var _ = deliveries.deliver(event.getBytes(UTF_8), Source.REDELIVERY, pipeline.function());
    }
  }

  /** Those that poison does not explain: the engine takes none. */
  private List<Difference> differences(EmbeddedPipeline pipeline) throws InterruptedException {
    Map<String, Boolean> poison = new HashMap<>();
    history.changes().forEach(change -> poison.put(change.item().text(), change.poison()));
    return pipeline.compare().differences().stream()
        .filter(
            difference ->
                switch (difference) {
                  case Difference.Missing(String key) -> !poison.getOrDefault(key, false);
                  case Difference.Different(String key, _) -> !poison.getOrDefault(key, false);
                  default -> true;
                })
        .toList();
  }

  /** Reads all documents that readers find, again and again. */
  private Void poll(EmbeddedPipeline pipeline) throws Exception {
    Set<String> seen = new HashSet<>();
    while (!over) {
      JsonNode hits;
      Instant began = stepBegan;
      try {
        hits =
            pipeline
                .search()
                .send(
                    "POST",
                    "/" + NAME + "/_search",
                    "{\"size\":10000,\"_source\":[\"_replication.deleted\"]}")
                .path("hits")
                .path("hits");
      } catch (SearchException e) {
        // The engine is away.
        continue;
      }
      polls++;
      Set<String> found = new HashSet<>();
      for (JsonNode hit : hits) {
        if (!found.add(hit.path("_id").asText())) {
          seenWrong.add("found twice: " + hit.path("_id").asText());
        }
        if (hit.at("/_source/_replication/deleted").asBoolean()) {
          seenWrong.add("a tombstone: " + hit.path("_id").asText());
        }
      }
      seen.removeAll(found);
      if (!seen.isEmpty()) {
        List<Entry> entries = history.entries();
        seen.stream()
            .filter(id -> isMissed(id, entries, began))
            .forEach(id -> seenWrong.add("missed: " + id + " at " + hits.size()));
      }
      seen = found;
    }
    return null;
  }

  /**
   * Whether it was never deleted, and the function had acknowledged it when the last step began.
   * One that is still on its way may be in one index already and in the other a moment later.
   */
  private static boolean isMissed(String id, List<Entry> entries, Instant stepBegan) {
    boolean acknowledged = false;
    for (Entry entry : entries) {
      if (entry.operation() instanceof TableWrite(ItemName item, String action)
          && item.documentId().equals(id)
          && (action.equals("delete") || item.deal().equals("expiring"))) {
        return false;
      }
      if (entry.operation() instanceof Delivery delivery && entry.at().isBefore(stepBegan)) {
        acknowledged |=
            delivery.records().subList(0, delivery.acknowledged()).stream()
                .anyMatch(record -> record.item().documentId().equals(id));
      }
    }
    return acknowledged;
  }
}
