package dev.utsushi.lambda;

import dev.utsushi.core.index.Deadline;
import dev.utsushi.core.index.EngineIndex;
import dev.utsushi.core.index.IndexRebuild;
import dev.utsushi.core.replication.Replication;
import dev.utsushi.core.run.Run;
import dev.utsushi.core.run.Run.Kind;
import dev.utsushi.core.run.RunStore;
import dev.utsushi.core.run.Segment;
import dev.utsushi.core.run.Segment.Count;
import dev.utsushi.core.run.SegmentQueue.Task;
import dev.utsushi.core.search.HttpCaller;
import dev.utsushi.core.search.SocketCaller;
import dev.utsushi.core.settings.Settings;
import dev.utsushi.local.dynamodb.LocalDynamoDb;
import dev.utsushi.local.search.SearchEngine;
import dev.utsushi.run.SegmentWorker;
import dev.utsushi.run.SegmentWorker.Result;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import software.amazon.awssdk.services.dynamodb.model.AttributeDefinition;
import software.amazon.awssdk.services.dynamodb.model.BillingMode;
import software.amazon.awssdk.services.dynamodb.model.KeySchemaElement;
import software.amazon.awssdk.services.dynamodb.model.KeyType;
import software.amazon.awssdk.services.dynamodb.model.ScalarAttributeType;

/** A table, its index and its table of runs, with workers that run in this JVM. */
final class RunWorld {
  private static final AtomicInteger WORLDS = new AtomicInteger();
  static final Duration SETTLE = Duration.ofMillis(400);

  final StreamedTable table;
  final RunStore store;
  final String index = "runs-" + UUID.randomUUID();
  private final SearchEngine engine;
  private final Map<String, String> extra;

  RunWorld(LocalDynamoDb dynamoDb, SearchEngine engine) {
    this(dynamoDb, engine, Map.of());
  }

  /** The same with other settings. */
  RunWorld(LocalDynamoDb dynamoDb, SearchEngine engine, Map<String, String> extra) {
    this.engine = engine;
    this.extra = extra;
    table = new StreamedTable(dynamoDb);
    String runs = "runs_" + WORLDS.incrementAndGet();
    dynamoDb
        .client()
        .createTable(
            create ->
                create
                    .tableName(runs)
                    .attributeDefinitions(
                        attribute(RunStore.PARTITION_KEY, ScalarAttributeType.S),
                        attribute(RunStore.SORT_KEY, ScalarAttributeType.N))
                    .keySchema(
                        key(RunStore.PARTITION_KEY, KeyType.HASH),
                        key(RunStore.SORT_KEY, KeyType.RANGE))
                    .billingMode(BillingMode.PAY_PER_REQUEST));
    store = new RunStore(dynamoDb.client(), runs, InstantSource.system());
  }

  private RunWorld(RunWorld other, Map<String, String> extra) {
    engine = other.engine;
    table = other.table;
    store = other.store;
    this.extra = extra;
  }

  /** Returns the same table with other settings. */
  RunWorld with(Map<String, String> other) {
    return new RunWorld(this, other);
  }

  private static AttributeDefinition attribute(String name, ScalarAttributeType type) {
    return AttributeDefinition.builder().attributeName(name).attributeType(type).build();
  }

  private static KeySchemaElement key(String name, KeyType type) {
    return KeySchemaElement.builder().attributeName(name).keyType(type).build();
  }

  EngineIndex engineIndex() {
    return new EngineIndex(engine.endpoint(), index);
  }

  /** Starts a run of this many segments. */
  Run start(Kind kind, int segments, boolean repair) {
    return start(kind, segments, repair, SETTLE);
  }

  Run start(Kind kind, int segments, boolean repair, Duration settle) {
    Run run =
        Run.of(UUID.randomUUID().toString(), kind, segments, 1, 0, repair, settle, Instant.now());
    if (!store.start(run)) {
      throw new IllegalStateException("another run is running");
    }
    return run;
  }

  SegmentWorker worker() {
    return worker(new SocketCaller());
  }

  IndexRebuild rebuild() {
    return Assembly.indexRebuild(
        Settings.readRuns(environment()).replication(), new SocketCaller(), Assembly.nowhere());
  }

  SegmentWorker worker(HttpCaller caller) {
    return worker(caller, store);
  }

  SegmentWorker worker(HttpCaller caller, RunStore store) {
    return Assembly.segmentWorker(
        Settings.readRuns(environment()), caller, store, Assembly.nowhere());
  }

  Map<String, String> environment() {
    Map<String, String> environment = new HashMap<>();
    environment.put("UTSUSHI_SEARCH_ENDPOINT", engine.endpoint().toString());
    environment.put("UTSUSHI_SEARCH_AUTH", "none");
    environment.put("UTSUSHI_INDEX", index);
    environment.put("UTSUSHI_PARTITION_KEY", "id");
    environment.put("UTSUSHI_TABLE_ARN", table.arn());
    environment.put("UTSUSHI_RUN_TABLE", store.table());
    environment.put("UTSUSHI_SEGMENT_QUEUE_URL", "https://sqs/segments");
    environment.put("UTSUSHI_MAXIMUM_CONCURRENCY", "2");
    environment.putAll(extra);
    return environment;
  }

  /** Returns the flow of changes to the index. */
  Replication replication() {
    return replication(new SocketCaller());
  }

  Replication replication(HttpCaller caller) {
    return Assembly.replication(
        Settings.readRuns(environment()).replication(), caller, Assembly.nowhere());
  }

  Result work(Run run, int segment) {
    return worker().work(new Task(run.id(), segment), deadline());
  }

  static Deadline deadline() {
    return Deadline.in(Duration.ofMinutes(1), InstantSource.system());
  }

  /** Runs all of it. */
  Run finish(Run run) {
    SegmentWorker worker = worker();
    for (int segment : IntStream.range(0, run.parts()).toArray()) {
      Result result = worker.work(new Task(run.id(), segment), deadline());
      if (!(result instanceof Result.Over
          || result instanceof Result.Verified
          || result instanceof Result.Begins)) {
        throw new AssertionError("segment " + segment + " ended with " + result);
      }
    }
    return store.last().orElseThrow();
  }

  long count(Run run, Count count) {
    return store.segments(run).stream().mapToLong(segment -> segment.count(count)).sum();
  }

  List<Segment.Finding> findings(Run run) {
    return store.segments(run).stream().flatMap(segment -> segment.findings().stream()).toList();
  }
}
