package dev.utsushi.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static software.amazon.awssdk.services.dynamodb.model.AttributeValue.fromN;
import static software.amazon.awssdk.services.dynamodb.model.AttributeValue.fromS;

import dev.utsushi.core.run.Run;
import dev.utsushi.core.run.Run.Kind;
import dev.utsushi.core.run.Run.State;
import dev.utsushi.core.run.Segment.Count;
import dev.utsushi.local.LocalAws;
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
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.dynamodb.model.ScalarAttributeType;

/** The worker's JVM is killed around the write of a page, and messages come doubled. */
class WorkerKillIT {
  private static final int ITEMS = 400;
  private static final int SEGMENTS = 4;

  private final Queue<Moment> moments = new ConcurrentLinkedQueue<>();
  private final AtomicInteger killed = new AtomicInteger();
  private final AtomicReference<EmbeddedWorker> worker = new AtomicReference<>();

  @Test
  void nothingIsMissedAndNothingCountsTwice() throws Exception {
    Path jar = Path.of(System.getProperty("utsushi.home"), "function/target/utsushi-function.jar");
    var items =
        IntStream.range(0, ITEMS)
            .mapToObj(i -> Map.of("deal", fromS("deal-" + i), "n", fromN(Integer.toString(i))))
            .toList();
    var options =
        PipelineOptions.of("kills", jar, List.of(new KeyAttribute("deal", ScalarAttributeType.S)))
            .withItemsBeforeStream(items)
            .withWorkerTimeout(Duration.ofSeconds(30))
            .withProxy(engine -> new FaultProxy(engine, this::action, ProxyListener.SILENT));
    try (var aws = LocalAws.start();
        var pipeline = new EmbeddedPipeline(aws, options)) {
      worker.set(pipeline.worker());
      moments.addAll(List.of(Moment.values()));
      Run run =
          Run.of(null, Kind.BACKFILL, SEGMENTS, 1, 0, false, Duration.ofSeconds(1), Instant.now());
      pipeline.worker().start(run);
      RunProgress end =
          Awaitility.await()
              .atMost(Duration.ofMinutes(2))
              .pollInterval(Duration.ofSeconds(1))
              .until(() -> wakeAgain(run), it -> it.run().state() == State.FINISHED);

      assertThat(moments).isEmpty();
      assertThat(killed.get()).isGreaterThanOrEqualTo(Moment.values().length);
      assertThat(end.sum(Count.ITEMS)).isEqualTo(ITEMS);
      assertThat(end.sum(Count.WRITTEN) + end.sum(Count.SUPERSEDED)).isEqualTo(ITEMS);
      assertThat(pipeline.compare().differences()).isEmpty();
    }
  }

  /** Every segment that is not done has one more message each time. */
  private RunProgress wakeAgain(Run run) {
    EmbeddedWorker here = worker.get();
    here.wake(run);
    return new RunProgress(
        here.runs().last().orElseThrow(), here.runs().segments(run), Instant.now());
  }

  private ProxyAction action(FaultProxy.Request request) {
    @Nullable Moment moment = request.path().contains("/_bulk") ? moments.poll() : null;
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
