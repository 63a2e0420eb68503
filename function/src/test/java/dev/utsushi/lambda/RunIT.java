package dev.utsushi.lambda;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.utsushi.core.document.ExactJson;
import dev.utsushi.core.index.Deadline;
import dev.utsushi.core.index.Engines;
import dev.utsushi.core.record.SdkRecords;
import dev.utsushi.core.run.Run;
import dev.utsushi.core.run.Run.Kind;
import dev.utsushi.core.run.Run.State;
import dev.utsushi.core.run.RunStore;
import dev.utsushi.core.run.Segment.Count;
import dev.utsushi.core.run.Segment.Finding;
import dev.utsushi.core.run.Segment.Progress;
import dev.utsushi.core.run.SegmentQueue.Start;
import dev.utsushi.core.run.SegmentQueue.Task;
import dev.utsushi.core.search.HttpCaller;
import dev.utsushi.core.search.SocketCaller;
import dev.utsushi.core.telemetry.Metric;
import dev.utsushi.local.LocalClients;
import dev.utsushi.local.proxy.FaultProxy;
import dev.utsushi.local.proxy.ProxyAction;
import dev.utsushi.local.proxy.ProxyListener;
import dev.utsushi.local.search.SearchEngine;
import dev.utsushi.run.SegmentWorker.Result;
import java.io.IOException;
import java.math.BigDecimal;
import java.net.ConnectException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** Backfill and verification of a table that was there before its stream. */
final class RunIT {
  private static final int ITEMS = 300;
  private static final int SEGMENTS = 20;
  private static final String DIGITS = "1234567890123456789012345678901234567.8";

  private static RunWorld world(SearchEngine engine) {
    return new RunWorld(SharedServers.dynamoDb(), engine);
  }

  private static SearchEngine engine(String name) {
    return name.equals("opensearch") ? Engines.openSearch() : Engines.elasticsearch7();
  }

  private static void fill(RunWorld world) {
    for (int i = 0; i < ITEMS; i++) {
      world.table.put(
          Map.of(
              "id", AttributeValue.fromS("deal " + i + "|%"),
              "memo", AttributeValue.fromS("memo " + i),
              "amount", AttributeValue.fromN(DIGITS),
              "_id", AttributeValue.fromS("overflow"),
              "tags", AttributeValue.fromSs(List.of("a", "b", "c"))));
    }
  }

  private static Run backfill(RunWorld world) {
    return world.finish(world.start(Kind.BACKFILL, 7, false));
  }

  @ParameterizedTest
  @ValueSource(strings = {"opensearch", "elasticsearch7"})
  void whatWasThereBeforeIsCopiedAndEqual(String name) {
    RunWorld world = world(engine(name));
    fill(world);
    Run run = backfill(world);
    assertThat(run.state()).isEqualTo(State.FINISHED);
    assertThat(world.count(run, Count.ITEMS)).isEqualTo(ITEMS);
    assertThat(world.count(run, Count.WRITTEN)).isEqualTo(ITEMS);

    Run again = backfill(world);
    assertThat(world.count(again, Count.SUPERSEDED)).isEqualTo(ITEMS);

    Run verified = world.finish(world.start(Kind.VERIFY, 7, false));
    assertThat(world.findings(verified)).isEmpty();
    assertThat(world.count(verified, Count.EQUAL)).isEqualTo(ITEMS);
    assertThat(world.count(verified, Count.DOCUMENTS)).isEqualTo(ITEMS);
  }

  @ParameterizedTest
  @ValueSource(strings = {"opensearch", "elasticsearch7"})
  void driftOfEachKindIsFoundToldByKeyAndRepaired(String name) throws IOException {
    RunWorld world = world(engine(name));
    fill(world);
    backfill(world);
    var index = world.engineIndex();
    delete(world, 0);
    edit(world, 1, source -> source.put("memo", "another"));
    edit(world, 2, source -> source.put("amount", new BigDecimal(DIGITS.replace('8', '9'))));
    edit(world, 3, source -> ((ObjectNode) source.get("_replication")).remove("overflow"));
    edit(world, 4, source -> source.put("extra", 1));
    edit(world, 5, source -> ((ObjectNode) source.get("_replication")).put("deleted", true));
    ObjectNode ghost = source(world, id(6));
    put(world, "nobody", ghost.deepCopy().put("id", "nobody"));
    put(world, "%N6", ghost);
    put(world, "%#broken", ghost);
    ghost.remove("_replication");
    put(world, id(7), ghost);
    index.send("POST", "/" + world.index + "/_refresh", "");

    Run found = world.finish(world.start(Kind.VERIFY, 5, false));
    assertThat(world.findings(found))
        .containsExactlyInAnyOrder(
            new Finding(Count.MISSING, id(0), ""),
            new Finding(Count.STALE, id(1), "memo"),
            new Finding(Count.STALE, id(2), "amount"),
            new Finding(Count.STALE, id(3), "_id"),
            new Finding(Count.STALE, id(4), "extra"),
            new Finding(Count.TOMBSTONED, id(5), ""),
            new Finding(Count.STALE, id(7), "_replication"),
            new Finding(Count.GHOST, "nobody", ""),
            new Finding(Count.GHOST, "%N6", ""),
            new Finding(Count.GHOST, "%#broken", ""));

    Run repaired = world.finish(world.start(Kind.VERIFY, 5, true));
    assertThat(world.findings(repaired)).hasSize(10);
    assertThat(world.count(repaired, Count.REPAIRED)).isEqualTo(10);

    Run after = world.finish(world.start(Kind.VERIFY, 5, false));
    assertThat(world.findings(after)).isEmpty();
    assertThat(world.count(after, Count.EQUAL)).isEqualTo(ITEMS);
    index.send("POST", "/" + world.index + "/_refresh", "");
    assertThat(index.found()).hasSize(ITEMS);
  }

  @ParameterizedTest
  @ValueSource(strings = {"opensearch", "elasticsearch7"})
  void anIndexThatWasNeverThereHasNoDocuments(String name) {
    RunWorld world = world(engine(name));
    fill(world);
    Run verified = world.finish(world.start(Kind.VERIFY, 3, false));
    assertThat(world.count(verified, Count.MISSING)).isEqualTo(ITEMS);
  }

  private static String id(int item) {
    return "deal " + item + "%7C%25";
  }

  private static void edit(RunWorld world, int item, Consumer<ObjectNode> edit) throws IOException {
    ObjectNode source = source(world, id(item));
    edit.accept(source);
    put(world, id(item), source);
  }

  private static ObjectNode source(RunWorld world, String id) throws IOException {
    return (ObjectNode)
        ExactJson.parse(
            world
                .engineIndex()
                .send("GET", "/" + world.index + "-000001/_source/" + id, "")
                .toString());
  }

  private static void put(RunWorld world, String id, JsonNode source) {
    world.engineIndex().send("PUT", "/" + world.index + "-000001/_doc/" + id, source.toString());
  }

  private static void delete(RunWorld world, int item) {
    world.engineIndex().send("DELETE", "/" + world.index + "-000001/_doc/" + id(item), "");
  }

  /** A worker that dies after any step of a page, and a second one on the same segment. */
  @Test
  void countsAreExactWhateverDies() {
    RunWorld world = world(Engines.openSearch());
    fill(world);
    Run run = world.start(Kind.BACKFILL, 4, false);
    HttpCaller dying =
        call -> {
          new SocketCaller().send(call);
          throw new StackOverflowError("killed after the write");
        };
    try {
      world.worker(dying).work(new Task(run.id(), 0), RunWorld.deadline());
    } catch (StackOverflowError e) {
      // The message comes again.
    }
    var stale = world.store.segment(run, 1);
    assertThat(world.work(run, 1)).isInstanceOf(Result.Over.class);
    assertThat(world.store.save(run, stale.after(new Progress(), Map.of())))
        .as("the page was saved by another worker")
        .isFalse();
    world.store.fail(run, stale, "too late");
    assertThat(world.store.segment(run, 1).failure()).isNull();
    world.finish(run);
    world.finish(run);
    assertThat(world.count(run, Count.ITEMS)).isEqualTo(ITEMS);
    assertThat(world.count(run, Count.WRITTEN) + world.count(run, Count.SUPERSEDED))
        .isEqualTo(ITEMS);
    assertThat(world.store.last().orElseThrow().openSegments()).isZero();
  }

  /** DynamoDB cancels one of two transactions that change one item at once. */
  @Test
  void aSegmentThatEndsBesideAnotherIsSavedAgain() {
    RunWorld world = world(Engines.openSearch());
    fill(world);
    Run run = world.start(Kind.BACKFILL, 1, false);
    AtomicReference<ProxyAction> conflict =
        new AtomicReference<>(
            new ProxyAction.Answer(
                400,
                """
                {"__type":"com.amazonaws.dynamodb.v20120810#TransactionCanceledException",
                 "CancellationReasons":[{"Code":"None"},{"Code":"TransactionConflict"}]}
                """));
    var forward = new ProxyAction.Forward();
    try (var proxy =
            new FaultProxy(
                SharedServers.dynamoDb().endpoint(),
                request ->
                    request.body().contains("TransactItems")
                        ? conflict.getAndSet(forward)
                        : forward,
                ProxyListener.SILENT);
        var client = LocalClients.build(DynamoDbClient.builder(), proxy.endpoint())) {
      var store = new RunStore(client, world.store.table(), InstantSource.system());
      var worker = world.worker(new SocketCaller(), store);
      Task task = new Task(run.id(), 0);
      assertThat(worker.work(task, RunWorld.deadline())).isInstanceOf(Result.Waits.class);
      assertThat(worker.work(task, RunWorld.deadline())).isInstanceOf(Result.Over.class);
    }
    assertThat(world.store.last().orElseThrow().state()).isEqualTo(State.FINISHED);
    assertThat(world.count(run, Count.ITEMS)).isEqualTo(ITEMS);
    assertThat(world.store.segment(run, 0).failure()).isNull();
  }

  /** Each segment has one page: what it used is waited for before the next segment. */
  @Test
  void aSmallTableIsReadWithinTheReadCapacityToo() {
    RunWorld world = world(Engines.openSearch());
    fill(world);
    Run run = Run.of("paced", Kind.BACKFILL, SEGMENTS, 1, 2, false, RunWorld.SETTLE, Instant.EPOCH);
    assertThat(world.store.start(run)).isTrue();
    AtomicReference<Instant> now = new AtomicReference<>(Instant.EPOCH);
    for (int segment = 0; segment < SEGMENTS; segment++) {
      assertThat(world.worker().work(new Task(run.id(), segment), in(Duration.ofMinutes(1), now)))
          .isInstanceOf(Result.Over.class);
    }
    assertThat(world.store.last().orElseThrow().state()).isEqualTo(State.FINISHED);
    // A unit at least for each, and this worker is one of two until the last segment.
    assertThat(now.get()).isAfterOrEqualTo(Instant.EPOCH.plusSeconds(SEGMENTS - 1));
  }

  @Test
  void aStoppedRunGoesOnLater() {
    RunWorld world = world(Engines.openSearch());
    fill(world);
    Run run = world.start(Kind.BACKFILL, 3, false);
    world.work(run, 0);
    assertThat(world.store.change(run, State.STOPPED)).isTrue();
    world.work(run, 1);
    assertThat(world.store.segment(run, 1).page()).isZero();
    assertThat(world.store.change(run, State.RUNNING)).isTrue();
    assertThat(world.finish(run).state()).isEqualTo(State.FINISHED);
    assertThat(world.count(run, Count.ITEMS)).isEqualTo(ITEMS);
  }

  /** Returns a deadline of a clock that only waiting moves. */
  private static Deadline in(Duration time, AtomicReference<Instant> now) {
    return new Deadline(
        now.get().plus(time), now::get, pause -> now.updateAndGet(before -> before.plus(pause)));
  }

  /** Meanwhile the table goes on, and the item where a segment stopped is no more. */
  @ParameterizedTest
  @EnumSource(names = {"BACKFILL", "VERIFY"})
  void aRunThatWasStoppedInAPageGoesOnADayLater(Kind kind) {
    RunWorld world = world(Engines.openSearch());
    fill(world);
    if (kind == Kind.VERIFY) {
      backfill(world);
    }
    Run run = Run.of("slow", kind, 2, 1, 2, false, RunWorld.SETTLE, Instant.now());
    assertThat(world.store.start(run)).isTrue();
    AtomicReference<Instant> now = new AtomicReference<>(Instant.now());
    assertThat(world.worker().work(new Task(run.id(), 0), in(Duration.ofSeconds(20), now)))
        .isInstanceOf(Result.GoesOn.class);
    var stopped = world.store.segment(run, 0);
    assertThat(stopped.page()).isPositive();
    assertThat(world.store.change(run, State.STOPPED)).isTrue();

    world.table.delete(Objects.requireNonNull(stopped.cursor().get("id")).s());
    world.table.put("deal 1|%", "changed");
    world.table.put("new", "since yesterday");
    world
        .replication()
        .replicate(
            world.table.streamed().stream()
                .map(each -> SdkRecords.of(each.streamRecord(), world.table.stream))
                .toList(),
            RunWorld.deadline());

    Instant nextDay = now.updateAndGet(before -> before.plus(Duration.ofDays(1)));
    var store = new RunStore(world.store.dynamoDb(), world.store.table(), now::get);
    assertThat(store.change(run, State.RUNNING)).isTrue();
    var worker = world.worker(new SocketCaller(), store);
    for (Task task : store.tasks(run)) {
      worker.work(task, in(Duration.ofMinutes(5), now));
    }
    assertThat(store.last().orElseThrow().state()).isEqualTo(State.FINISHED);
    assertThat(store.segment(run, 0).updatedAt()).isAfterOrEqualTo(nextDay);
    assertThat(world.findings(run)).isEmpty();
    assertThat(world.count(run, Count.ITEMS)).isBetween(ITEMS - 1L, ITEMS + 1L);
    Run verified = world.finish(world.start(Kind.VERIFY, 4, false));
    assertThat(world.findings(verified)).isEmpty();
    assertThat(world.count(verified, Count.EQUAL)).isEqualTo(ITEMS);
  }

  @Test
  void oneRunAtATime() {
    RunWorld world = world(Engines.openSearch());
    Run run = world.start(Kind.BACKFILL, 3, false);
    assertThat(
            world.store.start(
                Run.of("other", Kind.VERIFY, 1, 1, 0, false, RunWorld.SETTLE, run.startedAt())))
        .isFalse();
    world.finish(run);
    assertThat(
            world.store.start(
                Run.of("other", Kind.VERIFY, 1, 1, 0, false, RunWorld.SETTLE, run.startedAt())))
        .isTrue();
  }

  /** The engine is away: the segment says so, and goes on later. */
  @Test
  void anEngineThatIsAwayIsWaitedFor() {
    RunWorld world = world(Engines.openSearch());
    fill(world);
    Run run = world.start(Kind.BACKFILL, 1, false);
    HttpCaller away =
        _ -> {
          throw new ConnectException();
        };
    Deadline brief = Deadline.in(Duration.ofSeconds(16), InstantSource.system());
    assertThat(world.worker(away).work(new Task(run.id(), 0), brief))
        .isInstanceOf(Result.Waits.class);
    assertThat(world.store.segment(run, 0).failure()).contains("ConnectException");
    world.finish(run);
    assertThat(world.store.segment(run, 0).failure()).isNull();
    assertThat(world.count(run, Count.WRITTEN)).isEqualTo(ITEMS);
  }

  /** Only a verification that compared everything tells of no drift. */
  @Test
  void whatWasNotComparedIsNoZero() {
    RunWorld world = world(Engines.openSearch());
    assertThat(figures(world, Count.STALE))
        .isEqualTo(Map.of(Metric.DRIFT, 1L, Metric.REPAIRED, 0L, Metric.NOT_COMPARED, 0L));
    assertThat(figures(world, Count.STALE, Count.GHOST, Count.REPAIRED))
        .isEqualTo(Map.of(Metric.DRIFT, 1L, Metric.REPAIRED, 1L, Metric.NOT_COMPARED, 0L));
    assertThat(figures(world, Count.BUSY))
        .isEqualTo(Map.of(Metric.REPAIRED, 0L, Metric.NOT_COMPARED, 1L));
    assertThat(figures(world, Count.MISSING, Count.BUSY))
        .isEqualTo(Map.of(Metric.DRIFT, 1L, Metric.REPAIRED, 0L, Metric.NOT_COMPARED, 1L));

    Run stopped = world.start(Kind.VERIFY, 1, false);
    save(world, stopped, 0);
    assertThat(world.store.change(stopped, State.STOPPED)).isTrue();
    assertThat(world.work(stopped, 1)).isInstanceOf(Result.Over.class);
    save(world, stopped, 1);
    Run purge = world.start(Kind.PURGE, 1, false);
    save(world, purge, 0, Count.PURGED);
    assertThat(world.work(purge, 0)).as("no verification").isInstanceOf(Result.Over.class);
    assertThat(world.work(stopped, 1)).as("not the last run").isInstanceOf(Result.Over.class);
  }

  private static Map<Metric, Long> figures(RunWorld world, Count... counts) {
    Run run = world.start(Kind.VERIFY, 1, false);
    save(world, run, 0);
    save(world, run, 1, counts);
    return ((Result.Verified) world.work(run, 1)).figures();
  }

  private static void save(RunWorld world, Run run, int segment, Count... counts) {
    Progress progress = new Progress();
    List.of(counts).forEach(count -> progress.count(count, 1));
    assertThat(world.store.save(run, world.store.segment(run, segment).after(progress, Map.of())))
        .isTrue();
  }

  /** A message of a schedule; SQS may deliver it twice, and before or after the run is over. */
  @Test
  void aMessageStartsOneRun() throws Exception {
    RunWorld world = world(Engines.openSearch());
    fill(world);
    backfill(world);
    delete(world, 0);
    Start start = Start.parse("{\"start\":\"VERIFY\",\"repair\":true}").orElseThrow();
    Result tasks = world.worker().start("message", start, RunWorld.deadline());
    assertThat(tasks).isInstanceOf(Result.Begins.class);
    assertThat(world.worker().start("message", start, RunWorld.deadline()))
        .as("its worker died")
        .isEqualTo(tasks);
    assertThat(world.worker().start("other", start, RunWorld.deadline()))
        .as("one of its kind is running")
        .isInstanceOf(Result.Over.class);
    Start purge = Start.parse("{\"start\":\"PURGE\"}").orElseThrow();
    assertThat(world.worker().start("early", purge, RunWorld.deadline()))
        .as("one run at a time")
        .isInstanceOf(Result.Waits.class);
    Run run = world.finish(world.store.last().orElseThrow());
    assertThat(run.state()).isEqualTo(State.FINISHED);
    assertThat(world.count(run, Count.REPAIRED)).isEqualTo(1);
    assertThat(world.worker().start("message", start, RunWorld.deadline()))
        .as("it is over")
        .isInstanceOf(Result.Over.class);

    assertThat(world.worker().start("next", purge, RunWorld.deadline()))
        .isInstanceOf(Result.Begins.class);
    assertThat(world.store.last().orElseThrow().settle()).isEqualTo(Duration.ofDays(16));
    world.finish(world.store.last().orElseThrow());
    assertThat(world.worker().start("message", start, RunWorld.deadline()))
        .as("another run followed")
        .isInstanceOf(Result.Over.class);
    world.rebuild().start(RunWorld.deadline());
    assertThat(world.worker().start("last", purge, RunWorld.deadline()))
        .as("the index is rebuilt")
        .isInstanceOf(Result.Over.class);
    assertThat(world.worker().start("last", start, RunWorld.deadline()))
        .as("the run of the rebuild stays the last one")
        .isInstanceOf(Result.Over.class);
    assertThat(Start.parse("{\"run\":\"message\",\"segment\":0}")).isEmpty();
    assertThat(Start.parse("{\"start\":\"BACKFILL\"}")).isEmpty();
    assertThat(Start.parse("")).isEmpty();
  }
}
