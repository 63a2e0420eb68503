package dev.utsushi.cli.load;

import dev.utsushi.cli.activity.NumberedActions;
import dev.utsushi.cli.demo.DemoException;
import dev.utsushi.cli.terminal.Terminal;
import dev.utsushi.loadtest.generator.Operation;
import dev.utsushi.loadtest.generator.PlannedWrite;
import dev.utsushi.loadtest.measurement.PipelineSettings;
import dev.utsushi.local.lambda.InvocationResult.InitFailed;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * Brings every lane's environment up, and through its first invocations, before anything is
 * measured: SnapStart and provisioned concurrency do that in production, and a cold start among
 * some thousand changes would be all that their p99 tells. Leaves nothing on its way.
 */
final class WarmUp {
  private static final int INVOCATIONS_A_LANE = 40;
  private static final int MOST_WRITES = 800;
  private static final Duration LONGEST = Duration.ofMinutes(2);
  private static final long INTERVAL_MILLIS = 20;

  /** Items that no plan has: a key distribution has fewer. */
  private static final int FIRST_ITEM = 9_000_000;

  private final EmbeddedPipeline pipeline;
  private final NumberedActions actions;
  private final Terminal terminal;

  WarmUp(EmbeddedPipeline pipeline, NumberedActions actions, Terminal terminal) {
    this.pipeline = pipeline;
    this.actions = actions;
    this.terminal = terminal;
  }

  /**
   * Returns when everything it wrote is in the index.
   *
   * @return how many changes that were
   * @throws DemoException if the function does not start, or they don't arrive
   */
  long run(PipelineSettings settings) throws InterruptedException {
    for (int i = 1; i <= settings.factor(); i++) {
      terminal.status("starting the function, JVM %d of %d …".formatted(i, settings.factor()));
      Optional<InitFailed> failure = pipeline.initialize();
      if (failure.isPresent()) {
        throw new DemoException("the function does not start: " + failure.get().errorType());
      }
    }
    int writes =
        Math.min(
            MOST_WRITES,
            INVOCATIONS_A_LANE * settings.factor() * Math.min(settings.batchSize(), 10));
    var target = new ActivityTarget(pipeline.dynamoDb(), pipeline.name(), actions, Instant.EPOCH);
    for (int i = 1; i <= writes; i++) {
      target.write(new PlannedWrite(-i, 0, FIRST_ITEM + i, Operation.INSERT, 0));
    }
    await(writes);
    return writes;
  }

  private void await(int writes) throws InterruptedException {
    long start = System.nanoTime();
    while (pipeline.counters().settledRecords() < writes) {
      if (System.nanoTime() - start > LONGEST.toNanos()) {
        throw new DemoException("the first changes do not arrive: is the machine busy?");
      }
      terminal.status(
          "warming up: %,d of %,d changes".formatted(pipeline.counters().settledRecords(), writes));
      Thread.sleep(INTERVAL_MILLIS);
    }
  }
}
