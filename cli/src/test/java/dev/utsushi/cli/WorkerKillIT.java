package dev.utsushi.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static software.amazon.awssdk.services.dynamodb.model.AttributeValue.fromN;
import static software.amazon.awssdk.services.dynamodb.model.AttributeValue.fromS;

import dev.utsushi.core.run.Run;
import dev.utsushi.core.run.Run.Kind;
import dev.utsushi.core.run.Run.State;
import dev.utsushi.core.run.Segment;
import dev.utsushi.core.run.Segment.Count;
import dev.utsushi.local.LocalAws;
import dev.utsushi.local.lambda.Invocable;
import dev.utsushi.local.lambda.InvocationResult;
import dev.utsushi.local.proxy.FaultProxy;
import dev.utsushi.local.proxy.ProxyAction;
import dev.utsushi.local.proxy.ProxyAction.Moment;
import dev.utsushi.local.proxy.ProxyListener;
import dev.utsushi.operations.runs.RunProgress;
import dev.utsushi.testbed.comparison.TableKeys.KeyAttribute;
import dev.utsushi.testbed.pipeline.EmbeddedPipeline;
import dev.utsushi.testbed.pipeline.EmbeddedWorker;
import dev.utsushi.testbed.pipeline.PipelineOptions;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import software.amazon.awssdk.services.dynamodb.model.ScalarAttributeType;

/** The worker's JVM is killed around the write of a page, and messages come doubled. */
class WorkerKillIT {
  private static final int ITEMS = 400;
  private static final int SEGMENTS = 4;
  private static final Duration LONGEST = Duration.ofMinutes(2);
  private static final Path JAR =
      Path.of(System.getProperty("utsushi.home"), "function/target/utsushi-function.jar");

  private final Queue<Moment> moments = new ConcurrentLinkedQueue<>();
  private final AtomicInteger killed = new AtomicInteger();
  private final AtomicReference<EmbeddedWorker> worker = new AtomicReference<>();

  @Test
  void nothingIsMissedAndNothingCountsTwice() throws Exception {
    try (var aws = LocalAws.start();
        var pipeline = new EmbeddedPipeline(aws, options("kills", this::action))) {
      worker.set(pipeline.worker());
      moments.addAll(List.of(Moment.values()));
      Run run =
          Run.of(null, Kind.BACKFILL, SEGMENTS, 1, 0, false, Duration.ofSeconds(1), Instant.now());
      pipeline.worker().start(run);
      RunProgress end =
          Awaitility.await()
              .atMost(LONGEST)
              .pollInterval(Duration.ofSeconds(1))
              .until(() -> wakeAgain(run), it -> it.run().state() == State.FINISHED);

      assertThat(moments).isEmpty();
      assertThat(killed.get()).isGreaterThanOrEqualTo(Moment.values().length);
      assertThat(end.sum(Count.ITEMS)).isEqualTo(ITEMS);
      assertThat(end.sum(Count.WRITTEN) + end.sum(Count.SUPERSEDED)).isEqualTo(ITEMS);
      assertThat(pipeline.compare().differences()).isEmpty();
    }
  }

  /** What the worker does with a page, by a word of the request; it dies when that is done. */
  private static Stream<Arguments> steps() {
    return Stream.of(
        Arguments.of(Kind.VERIFY, List.of("TotalSegments", "_mget", "_bulk", "_search", "#page")),
        Arguments.of(Kind.REINDEX, List.of("TotalSegments", "_mget", "_bulk", "_search", "#page")));
  }

  @ParameterizedTest
  @MethodSource("steps")
  void aRunOfAnyKindOutlivesItsWorkers(Kind kind, List<String> steps) throws Exception {
    Set<String> left = ConcurrentHashMap.newKeySet();
    Function<FaultProxy.Request, ProxyAction> plan =
        request ->
            left.stream()
                .filter(step -> (request.path() + request.body()).contains(step))
                .findFirst()
                .filter(left::remove)
                .<ProxyAction>map(_ -> new ProxyAction.Interrupt(Moment.DONE, this::kill))
                .orElseGet(ProxyAction.Forward::new);
    try (var aws = LocalAws.start();
        var tables = new FaultProxy(aws.dynamoDb().endpoint(), plan, ProxyListener.SILENT);
        var pipeline =
            new EmbeddedPipeline(
                aws,
                options("outlived", plan)
                    .withEnvironment(
                        Map.of("AWS_ENDPOINT_URL_DYNAMODB", tables.endpoint().toString())))) {
      worker.set(pipeline.worker());
      finish(Kind.BACKFILL);
      pipeline.search().send("DELETE", "/outlived-000001/_doc/deal-1", "");
      pipeline
          .search()
          .send("POST", "/outlived-000001/_update/deal-2?refresh=true", "{\"doc\":{\"n\":-1}}");
      if (kind == Kind.REINDEX) {
        ask(pipeline, "REBUILD");
      }
      left.addAll(steps);
      RunProgress end = finish(kind);

      assertThat(left).isEmpty();
      assertThat(end.run().openSegments()).isZero();
      assertThat(
              end.sum(Count.EQUAL)
                  + end.sum(Count.MISSING)
                  + end.sum(Count.STALE)
                  + end.sum(Count.BUSY))
          .isEqualTo(ITEMS);
      assertThat(end.sum(Count.ITEMS)).isEqualTo(kind == Kind.REINDEX ? 2 * ITEMS : ITEMS);
      if (kind == Kind.REINDEX) {
        assertThat(end.sum(Count.WRITTEN) + end.sum(Count.SUPERSEDED)).isEqualTo(ITEMS);
        ask(pipeline, "CUT_OVER");
      }
      assertThat(pipeline.compare().differences()).isEmpty();
    }
  }

  private static void ask(EmbeddedPipeline pipeline, String step) throws InterruptedException {
    String request = "{\"index\":\"%s\"}".formatted(step);
    assertThat(pipeline.replay().invoke(request.getBytes(UTF_8)))
        .isInstanceOf(InvocationResult.Succeeded.class);
  }

  private RunProgress finish(Kind kind) {
    Run run = Run.of(null, kind, 2, 1, 0, true, Duration.ofSeconds(1), Instant.now());
    worker.get().start(run);
    return Awaitility.await()
        .atMost(LONGEST)
        .pollInterval(Duration.ofSeconds(1))
        .until(() -> wakeAgain(run), it -> it.run().openSegments() <= 0);
  }

  /**
   * Each page is written by two workers, neither of which saves it before both have written: the
   * second one's message comes when the first has written.
   */
  @Test
  void aPageThatTwoWorkersWriteAtOnceCountsOnce() throws Exception {
    var pages = new CyclicBarrier(2);
    var writes = new AtomicInteger();
    var ended = new AtomicInteger();
    AtomicReference<Runnable> another = new AtomicReference<>(() -> {});
    var options =
        options(
                "twice",
                request ->
                    isWrite(request)
                        ? new ProxyAction.Interrupt(
                            Moment.DONE,
                            () -> {
                              if (writes.getAndIncrement() % 2 == 0) {
                                another.get().run();
                              }
                              await(pages);
                            })
                        : new ProxyAction.Forward())
            .withWorker(function -> counting(function, ended));
    try (var aws = LocalAws.start();
        var pipeline = new EmbeddedPipeline(aws, options)) {
      EmbeddedWorker here = pipeline.worker();
      // With a budget, the first page has 25 items: the others as many as the budget allows.
      Run run = Run.of(null, Kind.BACKFILL, 1, 1, 100, false, Duration.ofSeconds(1), Instant.now());
      another.set(() -> here.wake(run));
      here.start(run);
      Awaitility.await()
          .atMost(LONGEST)
          .until(() -> writes.get() > 1 && ended.get() == 1 + writes.get() / 2);

      assertThat(pages.isBroken()).isFalse();
      assertThat(here.runs().last().orElseThrow().openSegments()).isZero();
      Segment segment = here.runs().segment(run, 0);
      // A page that ends with the last item is followed by an empty one, which nobody writes.
      long written = writes.get() / 2;
      assertThat(segment.page()).isGreaterThan(1).isBetween(written, written + 1);
      assertThat(segment.count(Count.ITEMS)).isEqualTo(ITEMS);
      assertThat(segment.count(Count.WRITTEN) + segment.count(Count.SUPERSEDED)).isEqualTo(ITEMS);
      assertThat(segment.failure()).isNull();
      assertThat(pipeline.compare().differences()).isEmpty();
    }
  }

  private static void await(CyclicBarrier barrier) {
    try {
      barrier.await(1, TimeUnit.MINUTES);
    } catch (InterruptedException | BrokenBarrierException | TimeoutException e) {
      throw new IllegalStateException("the other worker never came", e);
    }
  }

  private static Invocable counting(Invocable function, AtomicInteger ended) {
    return new Invocable() {
      @Override
      public InvocationResult invoke(byte[] event) throws InterruptedException {
        InvocationResult result = function.invoke(event);
        ended.incrementAndGet();
        return result;
      }

      @Override
      public String arn() {
        return function.arn();
      }
    };
  }

  private static PipelineOptions options(
      String name, Function<FaultProxy.Request, ProxyAction> plan) {
    var items =
        IntStream.range(0, ITEMS)
            .mapToObj(i -> Map.of("deal", fromS("deal-" + i), "n", fromN(Integer.toString(i))))
            .toList();
    return PipelineOptions.of(name, JAR, List.of(new KeyAttribute("deal", ScalarAttributeType.S)))
        .withItemsBeforeStream(items::stream)
        .withWorkerTimeout(Duration.ofSeconds(30))
        .withProxy(engine -> new FaultProxy(engine, plan, ProxyListener.SILENT));
  }

  private static boolean isWrite(FaultProxy.Request request) {
    return request.path().contains("/_bulk");
  }

  /** Every segment that is not done has one more message each time. */
  private RunProgress wakeAgain(Run run) {
    EmbeddedWorker here = worker.get();
    here.wake(run);
    return new RunProgress(
        here.runs().last().orElseThrow(), here.runs().segments(run), Instant.now());
  }

  private ProxyAction action(FaultProxy.Request request) {
    @Nullable Moment moment = isWrite(request) ? moments.poll() : null;
    return moment == null
        ? new ProxyAction.Forward()
        : new ProxyAction.Interrupt(moment, this::kill);
  }

  private void kill() {
    List<ProcessHandle> running = worker.get().function().environments();
    running.forEach(ProcessHandle::destroyForcibly);
    killed.addAndGet(running.size());
  }
}
