package dev.utsushi.loadtest.run;

import com.sun.management.OperatingSystemMXBean;
import dev.utsushi.loadtest.measurement.LoadMeasurement;
import dev.utsushi.loadtest.measurement.RunRecorder;
import dev.utsushi.loadtest.measurement.RunRecorder.Moment;
import dev.utsushi.loadtest.measurement.SearchableProbe;
import dev.utsushi.loadtest.measurement.TestedPipeline;
import dev.utsushi.loadtest.report.Conclusion;
import dev.utsushi.loadtest.report.Conclusion.Verdict;
import dev.utsushi.loadtest.report.LoadRun;
import dev.utsushi.loadtest.report.Machine;
import dev.utsushi.loadtest.run.LoadListener.Progress;
import dev.utsushi.loadtest.traffic.Traffic;
import dev.utsushi.testbed.comparison.ComparisonReport;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.time.Instant;
import java.util.OptionalInt;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.jspecify.annotations.Nullable;

/**
 * One load test: writes as planned, waits until every change has arrived, and compares table and
 * index.
 */
public final class LoadTest {
  private static final Duration INTERVAL = Duration.ofMillis(100);

  /** A failing change takes four attempts with growing waits before Lambda gives up. */
  static final Duration STANDSTILL = Duration.ofSeconds(60);

  /** The refresh after the last change, on a machine with other things to do. */
  private static final Duration LAST_SEARCHES = Duration.ofSeconds(30);

  private final OperatingSystemMXBean machine =
      ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
  private final Instant startedAt = Instant.now();
  private final long startNanos = System.nanoTime();
  private final String name;
  private final Traffic traffic;
  private final LoadTarget target;
  private final LoadListener listener;
  private final RunRecorder recorder;
  private final LoadGenerator generator;
  private final SearchableProbe probe;

  /** Starts the run's clock: the first write is due from now on. */
  public LoadTest(String name, Traffic traffic, LoadTarget target, LoadListener listener) {
    this.name = name;
    this.traffic = traffic;
    this.target = target;
    this.listener = listener;
    recorder = new RunRecorder(traffic.plan(), () -> System.nanoTime() - startNanos);
    target.begin(recorder, startedAt);
    generator = new LoadGenerator(recorder, target::write);
    probe = target.probe();
  }

  /**
   * Runs the test to its end, or until this thread is interrupted: then the result is what was
   * measured so far, and its conclusion says so.
   *
   * @throws LoadTestException if the traffic cannot be made
   */
  public LoadRun run() throws InterruptedException {
    probe.start();
    OptionalInt missing = awaitAll();
    var measurement = LoadMeasurement.of(recorder, lanes());
    var conclusion =
        missing.isPresent()
            ? conclude(missing.getAsInt())
            : new Conclusion(
                Verdict.INTERRUPTED, "interrupted: table and index were not compared", 0);
    return new LoadRun(
        name, startedAt, Machine.here(), traffic, target.pipeline(), measurement, conclusion);
  }

  /** Returns how many changes are missing at the end; empty if the run was interrupted. */
  private OptionalInt awaitAll() {
    try (generator;
        probe) {
      write();
      int missing = Standstill.await(target::missing, STANDSTILL, _ -> showDrain());
      awaitSearches();
      return OptionalInt.of(missing);
    } catch (InterruptedException _) {
      return OptionalInt.empty();
    } finally {
      target.end();
    }
  }

  private void write() throws InterruptedException {
    // The first call begins the interval that the second one measures.
    var _ = machine.getCpuLoad();
    var writing = new FutureTask<@Nullable Void>(this::generate);
    Thread thread = Thread.ofPlatform().name("load-generator").daemon().start(writing);
    try {
      while (!writing.isDone()) {
        show("writing", (double) recorder.now() / recorder.plan().endNanos());
        Thread.sleep(INTERVAL);
      }
      writing.get();
      // The load of another machine's pipeline says nothing about this one.
      recorder.processorsBusy(isElsewhere() ? 0 : Math.max(0, machine.getCpuLoad()));
    } catch (ExecutionException e) {
      throw new LoadTestException("The traffic cannot be made: " + e.getCause(), e);
    } finally {
      thread.interrupt();
    }
  }

  private @Nullable Void generate() throws InterruptedException {
    generator.run();
    return null;
  }

  private void awaitSearches() throws InterruptedException {
    long start = System.nanoTime();
    while (probe.left() > 0 && System.nanoTime() - start < LAST_SEARCHES.toNanos()) {
      showDrain();
      Thread.sleep(INTERVAL);
    }
  }

  private void showDrain() {
    show(
        "waiting for the last",
        (double) recorder.count(Moment.INDEXED) / Math.max(1, recorder.count(Moment.ACKNOWLEDGED)));
  }

  private void show(String phase, double done) {
    listener.progress(new Progress(name, phase, done, recorder, probe.left()));
  }

  private Conclusion conclude(int missing) throws InterruptedException {
    if (missing > 0) {
      return new Conclusion(
          Verdict.INCOMPLETE,
          "%,d changes did not arrive: nothing moved for %d s%s"
              .formatted(missing, STANDSTILL.toSeconds(), whereToLook()),
          target.deadLetters());
    }
    if (recorder.count(Moment.ACKNOWLEDGED) == 0) {
      return new Conclusion(Verdict.INCOMPLETE, "the table confirmed none of the writes", 0);
    }
    listener.status("comparing table and index …");
    ComparisonReport report = target.compare();
    listener.compared(report);
    return new Conclusion(
        report.equal() ? Verdict.EQUAL : Verdict.DIFFERENT,
        target.describe(report),
        target.deadLetters());
  }

  private String whereToLook() {
    return switch (target.pipeline()) {
      case TestedPipeline.Embedded _, TestedPipeline.Worker _ -> "";
      case TestedPipeline.Deployed _ -> "; utsushi dlq list shows what Lambda gave up";
    };
  }

  private boolean isElsewhere() {
    return target.pipeline() instanceof TestedPipeline.Deployed;
  }

  private int lanes() {
    return target.pipeline().lanes();
  }

  /** Returns why the first of the failed writes failed; null if none did. */
  public @Nullable RuntimeException firstFailure() {
    return generator.firstFailure();
  }
}
