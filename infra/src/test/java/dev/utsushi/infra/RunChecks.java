package dev.utsushi.infra;

import static org.assertj.core.api.Assertions.assertThat;

import dev.utsushi.core.run.Run;
import dev.utsushi.core.run.Run.Kind;
import dev.utsushi.core.run.Run.State;
import dev.utsushi.core.run.RunStore;
import dev.utsushi.core.run.Segment.Count;
import dev.utsushi.core.run.SegmentQueue;
import dev.utsushi.core.run.SegmentQueue.Task;
import dev.utsushi.core.settings.Settings.Setting;
import dev.utsushi.lambda.RunHandler;
import dev.utsushi.local.template.RunningTemplate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** What a running stack's worker of runs must do, once an operator has started a run. */
record RunChecks(ReplicationChecks replication) {
  private static final int ITEMS = 30;
  private static final int SEGMENTS = 3;
  private static final Duration SETTLE = Duration.ofSeconds(1);

  /**
   * A backfill makes the index equal, and a verification says so.
   *
   * @param stream one whose changes nobody reads
   */
  void aBackfillCopiesWhatWasThereBefore(String stream) throws Exception {
    List<String> ids = Stream.generate(() -> replication.put(stream)).limit(ITEMS).toList();
    assertThat(maximumConcurrency(stream)).isEqualTo(2);

    RunStore runs = store(stream);
    Run backfill = run(stream, Kind.BACKFILL);
    assertThat(count(runs, backfill, Count.ITEMS)).isEqualTo(ITEMS);
    replication.isInTheIndex(stream, ids.getFirst());
    replication.isInTheIndex(stream, ids.getLast());

    Run verification = run(stream, Kind.VERIFY);
    assertThat(count(runs, verification, Count.EQUAL)).isEqualTo(ITEMS);
    assertThat(count(runs, verification, Count.DOCUMENTS)).isEqualTo(ITEMS);
  }

  /** The schedule's message reaches the worker, which starts the run and finishes it. */
  void aScheduleStartsAVerification(String stream) throws Exception {
    Run run = await(stream);
    assertThat(run.kind()).isEqualTo(Kind.VERIFY);
    assertThat(run.readCapacity()).isEqualTo(100);
  }

  /** Starts a run as an operator does, and waits for its end. */
  private Run run(String stream, Kind kind) throws Exception {
    RunStore runs = store(stream);
    Run run = Run.of(null, kind, SEGMENTS, 1, 0, false, SETTLE, Instant.now());
    assertThat(runs.start(run)).isTrue();
    var queue =
        new SegmentQueue(
            replication.running().aws().sqs().client(),
            variable(stream, Setting.SEGMENT_QUEUE_URL));
    queue.send(
        IntStream.range(0, run.parts()).mapToObj(number -> new Task(run.id(), number)).toList(),
        Duration.ZERO);
    await(stream);
    return run;
  }

  private Run await(String stream) throws Exception {
    RunStore runs = store(stream);
    replication.await(
        "an end of the run",
        () -> runs.last().filter(last -> last.state() == State.FINISHED).isPresent());
    return runs.last().orElseThrow();
  }

  private RunStore store(String stream) {
    return new RunStore(
        replication.running().aws().dynamoDb().client(),
        variable(stream, Setting.RUN_TABLE),
        InstantSource.system());
  }

  private static long count(RunStore runs, Run run, Count count) {
    return runs.segments(run).stream().mapToLong(segment -> segment.count(count)).sum();
  }

  private int maximumConcurrency(String stream) {
    return replication.running().parts(RunningTemplate.QueueMapping.class).stream()
        .filter(mapping -> mapping.logicalId().startsWith(stream + "Run"))
        .findFirst()
        .orElseThrow()
        .settings()
        .maximumConcurrency()
        .orElseThrow();
  }

  /** Of the function's variables, as operators find them. */
  private String variable(String stream, Setting setting) {
    Map<String, String> variables =
        replication.running().parts(RunningTemplate.Function.class).stream()
            .map(function -> function.function().configuration())
            .filter(it -> it.handler().startsWith(RunHandler.class.getName() + "::"))
            .map(it -> it.environment())
            .filter(it -> stream.equals(it.get(Setting.INDEX.variable())))
            .findFirst()
            .orElseThrow();
    return variables.getOrDefault(setting.variable(), "");
  }
}
