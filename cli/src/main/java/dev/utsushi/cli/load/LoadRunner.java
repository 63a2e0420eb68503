package dev.utsushi.cli.load;

import dev.utsushi.cli.demo.DemoException;
import dev.utsushi.cli.terminal.Terminal;
import dev.utsushi.loadtest.generator.LoadGenerator;
import dev.utsushi.loadtest.generator.WriteTimes;
import dev.utsushi.loadtest.measurement.LoadMeasurement;
import dev.utsushi.loadtest.measurement.RunRecorder;
import dev.utsushi.loadtest.measurement.SearchableProbe;
import dev.utsushi.loadtest.report.Conclusion;
import dev.utsushi.loadtest.report.Conclusion.Verdict;
import dev.utsushi.loadtest.report.LoadRun;
import dev.utsushi.loadtest.traffic.WritePlan;
import dev.utsushi.local.LocalAws;
import dev.utsushi.local.dynamodb.LocalDynamoDb;
import dev.utsushi.local.lambda.LogLine;
import dev.utsushi.testbed.activity.NumberedActions;
import dev.utsushi.testbed.comparison.ComparisonReport;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.LongSupplier;

/** Runs one request after the other on servers that go on running. */
final class LoadRunner {
  private static final int MOST_DIFFERENCES_SHOWN = 20;
  private static final long INTERVAL_MILLIS = 100;

  /** Failing changes take four attempts with growing waits before they are given up. */
  private static final Duration STANDSTILL = Duration.ofSeconds(45);

  /** The last changes' refresh, on a machine that has other things to do. */
  private static final Duration LAST_SEARCHES = Duration.ofSeconds(30);

  private final LocalAws aws;
  private final Path functionJar;
  private final Terminal terminal;
  private final boolean debug;
  private final InstantSource clock;
  private int runs;

  LoadRunner(
      LocalAws aws, Path functionJar, Terminal terminal, boolean debug, InstantSource clock) {
    this.aws = aws;
    this.functionJar = functionJar;
    this.terminal = terminal;
    this.debug = debug;
    this.clock = clock;
  }

  /**
   * Runs it to its end, or until this thread is interrupted: then what was measured so far is the
   * result, and its conclusion says so.
   *
   * @throws InterruptedException if it was interrupted before there was anything to measure
   * @throws DemoException if the function does not start
   */
  LoadRun run(LoadRequest request) throws InterruptedException {
    WritePlan plan = request.traffic().plan();
    var actions = new NumberedActions(request.traffic().seed());
    try (var database = LocalDynamoDb.start();
        var pipeline =
            new EmbeddedPipeline(
                aws,
                database,
                "action-logs-%d".formatted(++runs),
                request.settings(),
                functionJar,
                this::echo)) {
      pipeline.start();
      var warmUp = new WarmUp(pipeline, actions, request.longestWarmUp(), terminal);
      long before = warmUp.run(request.settings().factor());
      LoadRun run = new Measured(request, plan, actions, pipeline, before).run();
      if (run.conclusion().verdict() != Verdict.INTERRUPTED) {
        pipeline.forget();
      }
      return run;
    }
  }

  /** The function's lines, except for metrics: one for each invocation. */
  private void echo(LogLine line) {
    if (debug && !line.text().contains("\"_aws\"")) {
      terminal.line("[" + line.pid() + "] " + line.text());
    }
  }

  /** The part that counts. */
  private final class Measured {
    private final LoadRequest request;
    private final EmbeddedPipeline pipeline;
    private final WriteTimes times;
    private final RunRecorder recorder;
    private final LoadGenerator generator;
    private final SearchableProbe probe;
    private final Instant startedAt = clock.instant();
    private final long settledBefore;
    private final LiveView view;

    Measured(
        LoadRequest request,
        WritePlan plan,
        NumberedActions actions,
        EmbeddedPipeline pipeline,
        long settledBefore) {
      this.request = request;
      this.pipeline = pipeline;
      this.settledBefore = settledBefore;
      long start = System.nanoTime();
      LongSupplier nanos = () -> System.nanoTime() - start;
      times = new WriteTimes(plan.size());
      recorder = new RunRecorder(plan, times, nanos);
      var target = new ActivityTarget(pipeline.dynamoDb(), pipeline.name(), actions, startedAt);
      generator = new LoadGenerator(plan, target, times, nanos);
      probe =
          new SearchableProbe(
              recorder, new ActivityReader(pipeline.search(), pipeline.name(), actions));
      view = new LiveView(request, plan, times, recorder, terminal);
    }

    LoadRun run() throws InterruptedException {
      pipeline.watch().recordTo(recorder);
      probe.start();
      boolean interrupted = !completed();
      var measurement = LoadMeasurement.of(recorder, request.settings().factor());
      var conclusion = interrupted ? brokenOff() : conclude();
      return new LoadRun(
          request.name(),
          startedAt,
          request.traffic(),
          request.settings(),
          measurement,
          conclusion);
    }

    /** Whether it came to its end. What happens after that is no part of the test. */
    private boolean completed() {
      try (generator;
          probe) {
        return awaitAll();
      }
    }

    private boolean awaitAll() {
      try {
        var processors = new Processors();
        write();
        recorder.processors(processors.use());
        drain();
        awaitSearches();
        return true;
      } catch (InterruptedException _) {
        return false;
      } finally {
        pipeline.watch().stopRecording();
      }
    }

    private void write() throws InterruptedException {
      CompletableFuture<Void> writing = new CompletableFuture<>();
      Thread thread =
          Thread.ofPlatform().name("load-generator").daemon().start(() -> writeInto(writing));
      try {
        while (!writing.isDone()) {
          view.show();
          Thread.sleep(INTERVAL_MILLIS);
        }
        writing.join();
      } catch (CompletionException e) {
        throw new DemoException("the traffic could not be made: " + e.getCause(), e);
      } finally {
        thread.interrupt();
      }
    }

    private void writeInto(CompletableFuture<Void> writing) {
      try {
        generator.run();
        writing.complete(null);
      } catch (InterruptedException | RuntimeException e) {
        writing.completeExceptionally(e);
      }
    }

    /** Until every change is settled: those that come last are the latest, and must count. */
    private void drain() throws InterruptedException {
      long lastMove = System.nanoTime();
      long settled = settled();
      while (settled < times.acknowledgedCount()) {
        if (System.nanoTime() - lastMove > STANDSTILL.toNanos()) {
          return;
        }
        view.show();
        Thread.sleep(INTERVAL_MILLIS / 4);
        if (settled() != settled) {
          settled = settled();
          lastMove = System.nanoTime();
        }
      }
    }

    private long settled() {
      return pipeline.counters().settledRecords() - settledBefore;
    }

    private void awaitSearches() throws InterruptedException {
      long start = System.nanoTime();
      while (probe.left() > 0 && System.nanoTime() - start < LAST_SEARCHES.toNanos()) {
        view.show();
        Thread.sleep(INTERVAL_MILLIS / 2);
      }
    }

    private Conclusion conclude() throws InterruptedException {
      terminal.status("comparing table and index …");
      long missing = times.acknowledgedCount() - settled();
      if (missing > 0) {
        return new Conclusion(
            Verdict.INCOMPLETE,
            "%,d changes did not arrive: nothing moved for %d s"
                .formatted(missing, STANDSTILL.toSeconds()),
            pipeline.deadLetters());
      }
      ComparisonReport report = pipeline.compare();
      report.differences().stream()
          .limit(MOST_DIFFERENCES_SHOWN)
          .forEach(difference -> terminal.line("  " + difference.line()));
      return new Conclusion(
          report.equal() ? Verdict.EQUAL : Verdict.DIFFERENT,
          report.line(),
          pipeline.deadLetters());
    }

    private Conclusion brokenOff() {
      return new Conclusion(
          Verdict.INTERRUPTED, "interrupted: table and index were not compared", 0);
    }
  }
}
