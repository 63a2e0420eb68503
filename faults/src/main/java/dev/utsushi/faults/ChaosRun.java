package dev.utsushi.faults;

import dev.utsushi.core.run.Run;
import dev.utsushi.core.run.Run.Kind;
import dev.utsushi.faults.checker.Checker;
import dev.utsushi.faults.checker.FinalState;
import dev.utsushi.faults.history.ChaosException;
import dev.utsushi.faults.history.DeliveryObserver;
import dev.utsushi.faults.history.History;
import dev.utsushi.faults.history.History.Count;
import dev.utsushi.faults.history.ItemName;
import dev.utsushi.faults.history.Operation.Event;
import dev.utsushi.faults.history.Operation.ItemBefore;
import dev.utsushi.faults.history.Operation.Malfunction;
import dev.utsushi.faults.history.Operation.StreamChange;
import dev.utsushi.faults.history.QueueObserver;
import dev.utsushi.faults.history.StreamObserver;
import dev.utsushi.faults.nemesis.FaultPoints;
import dev.utsushi.faults.nemesis.FaultSchedule;
import dev.utsushi.faults.nemesis.MappedFunction;
import dev.utsushi.faults.nemesis.Nemesis;
import dev.utsushi.faults.nemesis.StreamConsumer;
import dev.utsushi.faults.nemesis.StreamWorkers;
import dev.utsushi.local.LocalAws;
import dev.utsushi.local.lambda.LogLine;
import dev.utsushi.local.mapping.MappingCounters;
import dev.utsushi.local.mapping.MappingEvent;
import dev.utsushi.testbed.pipeline.EmbeddedPipeline;
import dev.utsushi.testbed.pipeline.EmbeddedServers;
import dev.utsushi.testbed.pipeline.FunctionLog;
import dev.utsushi.testbed.pipeline.PipelineOptions;
import dev.utsushi.testbed.pipeline.StreamWorker;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.BooleanSupplier;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** One run: the nemesis injects faults while the pipeline works, and the checker judges. */
public final class ChaosRun {

  /** Receives the progress of a run. */
  public interface Listener {
    /** The current state in one line, several times a second. */
    void status(String text);

    /** A fault, or a line that the function logs. */
    void log(String line);
  }

  private static final int SEGMENTS = 4;

  /** Units a second; what the backfill reads grows with the run. */
  private static final double READ_CAPACITY = 40;

  /** A message that the worker reported as failed would come again only after its time-out. */
  private static final Duration WAKING = Duration.ofSeconds(5);

  private static final Duration LONGEST_CAPTURE = Duration.ofMinutes(3);

  /** A busy machine needs a while to start a function's first JVM. */
  private static final Duration PATIENCE = Duration.ofMinutes(3);

  private static final Duration LONGEST_STANDSTILL = Duration.ofSeconds(45);

  /** The library first looks for missing leases a minute after a worker's start. */
  private static final Duration LONGEST_STANDSTILL_OF_WORKERS = Duration.ofMinutes(2);

  private static final Duration QUIET = Duration.ofSeconds(1);
  private static final Duration LONGEST_LOG_DELAY = Duration.ofSeconds(5);
  private static final Duration INTERVAL = Duration.ofMillis(250);

  private final long start = System.nanoTime();
  private final History history;
  private final PlantedSecret secret;
  private final ChaosTargets targets;
  private final FunctionLog log;
  private final ChaosOptions options;
  private final Listener listener;
  private final ChaosPipeline parts;
  private final EmbeddedPipeline pipeline;
  private final DeliveryObserver deliveries;
  private final StreamObserver streams;
  private final ChaosWorkload workload;
  private final StreamConsumer consumer;
  private final Nemesis nemesis;

  private ChaosRun(ChaosOptions options, Listener listener, LocalAws aws) {
    this.options = options;
    this.listener = listener;
    history = new History(InstantSource.system(), listener::log);
    secret = new PlantedSecret(options.seed(), history);
    targets =
        new ChaosTargets(ChaosPipeline.NAME, options.targets(), options.seed(), secret.text());
    log = new FunctionLog(listener::log);
    deliveries = new DeliveryObserver(history, ChaosPipeline.SINCE);
    streams =
        options.kinesisShards() == 0
            ? new StreamObserver(aws.dynamoDb().streams(), history)
            : new StreamObserver(aws.kinesis().client(), ChaosPipeline.SINCE, history);
    var queue =
        new QueueObserver(history, message -> secret.search("a message of Lambda's", message));
    var points = new FaultPoints(history, deliveries, queue);
    parts =
        ChaosPipeline.start(
            options, aws, points, history, streams, queue, targets, secret, this::adapt);
    pipeline = parts.pipeline();
    FinalState.items(pipeline).forEach(item -> history.append(itemBefore(item)));
    workload =
        new ChaosWorkload(
            pipeline.dynamoDb(),
            pipeline.name(),
            options.seed(),
            options.itemsBefore(),
            targets,
            history);
    consumer =
        options.workerJars().isEmpty() ? new MappedFunction(pipeline) : new StreamWorkers(pipeline);
    nemesis =
        new Nemesis(
            pipeline, consumer, points, deliveries, streams, history, workload::whileNobodyWrites);
  }

  private PipelineOptions adapt(PipelineOptions usual) {
    return usual.withListener(this::observe).withLog(this::observe);
  }

  /**
   * Runs everything on new servers: what one run breaks must not reach the next.
   *
   * @throws ChaosException if it can't go on, so that there is no verdict
   */
  public static ChaosReport run(ChaosOptions options, Listener listener)
      throws InterruptedException {
    String status = "seed %d: starting the servers …".formatted(options.seed());
    try (var aws =
        EmbeddedServers.start(
            ChaosPipeline.engineSettings(options.seed()), _ -> listener.status(status))) {
      return new ChaosRun(options, listener, aws).run();
    }
  }

  private static ItemBefore itemBefore(Map<String, AttributeValue> item) {
    return new ItemBefore(new StreamChange(StreamChange.BACKFILL, ItemName.of(item), false, item));
  }

  private void observe(MappingEvent event) {
    if (event instanceof MappingEvent.ShardFinished
        || event instanceof MappingEvent.Trimmed
        || event instanceof MappingEvent.Problem) {
      history.append(new Event("mapping: " + event));
    }
    if (event instanceof MappingEvent.Problem(_, Exception cause)
        && !(cause instanceof SdkException)) {
      history.append(new Malfunction("the mapping failed: " + event));
    }
  }

  /** The replay has metrics of its own, and is no delivery. */
  private void observe(LogLine line) {
    secret.search("the log of " + line.functionName(), line.text());
    if (line.functionName().equals(StreamWorker.LOG_NAME)) {
      listener.log(line.text());
      return;
    }
    if (line.functionName().equals(pipeline.function().configuration().functionName())) {
      log.accept(line);
    }
  }

  private ChaosReport run() throws InterruptedException {
    try (parts) {
      writeFirstChange();
      backfill();
      injectFaults();
      drain();
      consumer.stop();
      if (!await(LONGEST_CAPTURE, () -> pipeline.failures() == 0)) {
        history.append(new Malfunction("failures that were never captured"));
      }
      listener.status("seed %d: replaying dead letters …".formatted(options.seed()));
      var kept = new DeadLetterReplay(pipeline.replay(), history).run();
      await(PATIENCE, () -> pipeline.requestsInFlight() == 0);
      await(LONGEST_LOG_DELAY, () -> log.records() >= history.count(Count.ANSWERED_RECORDS));
      secret.searchLeft(pipeline, targets.expected());
      var state = FinalState.read(pipeline, targets.expected(), kept, log);
      secret.search("the report", String.join("\n", report(state).lines()));
      return report(state);
    }
  }

  private ChaosReport report(FinalState state) {
    return new ChaosReport(
        options,
        Checker.check(history, state),
        history,
        state,
        streams.streamArns().size(),
        secret.searched(),
        since(start));
  }

  /** So that the indexes exist, and the faults find a function that runs. */
  private void writeFirstChange() throws InterruptedException {
    nemesis.startConsumer(pipeline.sourceArn());
    workload.putFirst();
    boolean arrived =
        await(
            PATIENCE,
            () -> {
              listener.status("seed %d: starting the function …".formatted(options.seed()));
              streams.read();
              return history.changes().size() == options.targets() && history.pending() == 0;
            });
    if (!arrived) {
      throw new ChaosException("the first change does not reach the index: is the machine busy?");
    }
    consumer.rememberCheckpoints();
  }

  private void backfill() {
    Instant now = Instant.now();
    pipeline
        .worker()
        .start(Run.of(null, Kind.BACKFILL, SEGMENTS, 1, READ_CAPACITY, false, Duration.ZERO, now));
  }

  private void injectFaults() throws InterruptedException {
    long injectionStart = System.nanoTime();
    List<Callable<Void>> tasks = List.of(this::write, () -> watch(injectionStart));
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Void>> running = tasks.stream().map(threads::submit).toList();
      try {
        nemesis.run(
            FaultSchedule.of(options.seed(), options.duration(), options.workerJars().isPresent()));
        Thread.sleep(options.duration().minus(since(injectionStart)));
        for (Future<Void> task : running) {
          if (task.state() == Future.State.FAILED) {
            throw new ChaosException("the run broke off: " + task.exceptionNow());
          }
        }
      } finally {
        threads.shutdownNow();
      }
    }
  }

  private Void write() throws InterruptedException {
    workload.run(options.writesPerSecond());
    return null;
  }

  private Void watch(long injectionStart) throws InterruptedException {
    for (int i = 1; ; i++) {
      Thread.sleep(INTERVAL);
      streams.read();
      if (i % 4 == 0) {
        consumer.rememberCheckpoints();
      }
      status(injecting(since(injectionStart), options.duration()));
    }
  }

  /** A fault that is still being injected may end after the planned time. */
  static String injecting(Duration elapsed, Duration planned) {
    return "injecting faults, %d of %d s"
        .formatted(Math.min(elapsed.toSeconds(), planned.toSeconds()), planned.toSeconds());
  }

  /** Waits until no change is pending and nothing moves, or nothing has moved for long. */
  private void drain() throws InterruptedException {
    workload.deleteExpiring();
    workload.put(ChaosWorkload.LAST);
    pipeline.awaitForwarded();
    long lastMove = System.nanoTime();
    long lastWaking = System.nanoTime();
    long moves = -1;
    Duration longest =
        options.workerJars().isEmpty() ? LONGEST_STANDSTILL : LONGEST_STANDSTILL_OF_WORKERS;
    while (since(lastMove).compareTo(longest) < 0) {
      Thread.sleep(INTERVAL);
      streams.read();
      status("draining");
      if (since(lastWaking).compareTo(WAKING) > 0) {
        lastWaking = System.nanoTime();
        wakeWorkers();
      }
      long now =
          history.count(Count.DELIVERIES)
              + history.count(Count.CHECKPOINTS)
              + history.count(Count.PAGES_READ);
      if (now != moves) {
        moves = now;
        lastMove = System.nanoTime();
      } else if (isDrained() && since(lastMove).compareTo(QUIET) > 0) {
        return;
      }
    }
  }

  private void wakeWorkers() {
    pipeline.worker().wake(lastRun());
  }

  private Run lastRun() {
    return pipeline.worker().runs().last().orElseThrow();
  }

  private boolean isDrained() {
    return lastRun().openSegments() == 0
        && history.changes().stream().anyMatch(each -> each.item().equals(ChaosWorkload.LAST))
        && history.pending() == 0
        && pipeline.count(MappingCounters::unsettledRecords) == 0
        && deliveries.inFlight() == 0
        && pipeline.requestsInFlight() == 0;
  }

  private void status(String phase) {
    listener.status(
        "seed %d, %s: written %,d, pending %,d, deliveries %,d (%,d failed), backfill %,d pages, faults %,d, dead letters %,d"
            .formatted(
                options.seed(),
                phase,
                history.count(Count.TABLE_WRITES),
                history.pending(),
                history.count(Count.DELIVERIES),
                history.count(Count.FAILED_DELIVERIES),
                history.count(Count.PAGES_READ),
                history.count(Count.FAULTS),
                history.deadLetters()));
  }

  private static boolean await(Duration longest, BooleanSupplier condition)
      throws InterruptedException {
    long start = System.nanoTime();
    while (!condition.getAsBoolean()) {
      if (since(start).compareTo(longest) > 0) {
        return false;
      }
      Thread.sleep(INTERVAL.dividedBy(5));
    }
    return true;
  }

  private static Duration since(long startNanos) {
    return Duration.ofNanos(System.nanoTime() - startNanos);
  }
}
