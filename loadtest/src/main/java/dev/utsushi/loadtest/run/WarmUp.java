package dev.utsushi.loadtest.run;

import dev.utsushi.loadtest.measurement.TestedPipeline;
import dev.utsushi.loadtest.traffic.PlannedWrite;
import dev.utsushi.loadtest.traffic.PlannedWrite.Operation;
import dev.utsushi.local.lambda.InvocationResult.InitFailed;
import dev.utsushi.testbed.pipeline.EmbeddedPipeline;
import java.time.Duration;
import java.util.Optional;

/**
 * Starts the environment of every lane, and sends changes through table, engine and function until
 * more of them make nothing faster. In production SnapStart or provisioned concurrency does the
 * first, weeks of running the second; the p99 of some thousand changes would only show a cold
 * start.
 */
public final class WarmUp {
  private static final int WRITES_PER_ROUND = 200;

  /** A round must be at least a twentieth faster than the fastest before it to count as faster. */
  private static final double FASTER = 0.95;

  private static final int SLOW_ROUNDS = 2;
  private static final Duration LONGEST_ROUND = Duration.ofMinutes(2);
  private static final Duration FIRST_CHANGE = Duration.ofSeconds(45);

  /** The items of no plan: a key distribution has fewer. */
  private static final int FIRST_ITEM = 9_000_000;

  private final EmbeddedTarget target;
  private final EmbeddedPipeline pipeline;
  private final LoadListener listener;
  private int written;

  public WarmUp(EmbeddedTarget target, LoadListener listener) {
    this.target = target;
    this.listener = listener;
    pipeline = target.embedded();
  }

  /**
   * Returns when everything that it wrote is indexed.
   *
   * @param longest no round starts later
   * @throws LoadTestException if the function does not start or the changes do not arrive
   */
  public void run(Duration longest) throws InterruptedException {
    if (target.pipeline() instanceof TestedPipeline.Embedded function) {
      startEnvironments(function.lanes());
    }
    long start = System.nanoTime();
    long fastest = Long.MAX_VALUE;
    int slow = 0;
    while (slow < SLOW_ROUNDS && System.nanoTime() - start < longest.toNanos()) {
      long took = write(WRITES_PER_ROUND, LONGEST_ROUND, "warming up").toNanos();
      slow = took < FASTER * fastest ? 0 : slow + 1;
      fastest = Math.min(fastest, took);
    }
  }

  /**
   * Writes one change, which starts the function's first environment.
   *
   * @return how long it took to be indexed
   * @throws LoadTestException if it does not arrive
   */
  public Duration firstChange() throws InterruptedException {
    return write(1, FIRST_CHANGE, "starting the function");
  }

  private void startEnvironments(int count) throws InterruptedException {
    for (int i = 1; i <= count; i++) {
      listener.status("starting the function, JVM %d of %d …".formatted(i, count));
      Optional<InitFailed> failure = pipeline.function().initialize();
      if (failure.isPresent()) {
        throw new LoadTestException("The function does not start: " + failure.get().errorType());
      }
    }
  }

  private Duration write(int writes, Duration longest, String what) throws InterruptedException {
    long start = System.nanoTime();
    for (int i = 0; i < writes; i++) {
      written++;
      target.write(new PlannedWrite(-written, 0, FIRST_ITEM + written, Operation.INSERT, 0));
    }
    int left =
        Standstill.await(
            () -> Math.toIntExact(written - indexed()),
            longest,
            _ -> listener.status("%s: %,d of %,d changes".formatted(what, indexed(), written)));
    if (left > 0) {
      throw new LoadTestException("The first changes do not arrive in the index.");
    }
    return Duration.ofNanos(System.nanoTime() - start);
  }

  private long indexed() {
    if (target.pipeline() instanceof TestedPipeline.Worker) {
      return target.settled();
    }
    return pipeline.count(
        counters ->
            counters.settledRecords() - counters.deliveredRecords() - counters.droppedRecords());
  }
}
