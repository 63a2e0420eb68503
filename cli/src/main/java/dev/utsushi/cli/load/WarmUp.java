package dev.utsushi.cli.load;

import dev.utsushi.cli.demo.DemoException;
import dev.utsushi.cli.terminal.Terminal;
import dev.utsushi.loadtest.traffic.PlannedWrite;
import dev.utsushi.loadtest.traffic.PlannedWrite.Operation;
import dev.utsushi.local.lambda.InvocationResult.InitFailed;
import dev.utsushi.testbed.activity.NumberedActions;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * Brings every lane's environment up, and table, engine and function through so many changes that
 * more of them make them no quicker, before anything is measured. SnapStart and provisioned
 * concurrency do the first in production, weeks of running the second; a cold start among some
 * thousand changes would be all that their p99 tells. Leaves nothing on its way.
 */
final class WarmUp {
  private static final int WRITES_A_ROUND = 200;

  /** A round that is not a twentieth quicker than the quickest before it has brought nothing. */
  private static final double QUICKER = 0.95;

  private static final int ROUNDS_THAT_BRING_NOTHING = 2;
  private static final Duration LONGEST_ROUND = Duration.ofMinutes(2);
  private static final long INTERVAL_MILLIS = 20;

  /** Items that no plan has: a key distribution has fewer. */
  private static final int FIRST_ITEM = 9_000_000;

  private final EmbeddedPipeline pipeline;
  private final ActivityTarget target;
  private final Duration longest;
  private final Terminal terminal;
  private int written;

  /**
   * @param longest no round begins after it
   */
  WarmUp(EmbeddedPipeline pipeline, NumberedActions actions, Duration longest, Terminal terminal) {
    this.pipeline = pipeline;
    this.longest = longest;
    this.terminal = terminal;
    target = new ActivityTarget(pipeline.dynamoDb(), pipeline.name(), actions, Instant.EPOCH);
  }

  /**
   * Returns when everything it wrote is in the index.
   *
   * @param environments so many function JVMs are started
   * @return how many changes that were
   * @throws DemoException if the function does not start, or they don't arrive
   */
  long run(int environments) throws InterruptedException {
    startEnvironments(environments);
    long start = System.nanoTime();
    long quickest = Long.MAX_VALUE;
    int inVain = 0;
    while (inVain < ROUNDS_THAT_BRING_NOTHING && !passed(longest, start)) {
      long took = round();
      inVain = took < QUICKER * quickest ? 0 : inVain + 1;
      quickest = Math.min(quickest, took);
    }
    return written;
  }

  private void startEnvironments(int count) throws InterruptedException {
    for (int i = 1; i <= count; i++) {
      terminal.status("starting the function, JVM %d of %d …".formatted(i, count));
      Optional<InitFailed> failure = pipeline.initialize();
      if (failure.isPresent()) {
        throw new DemoException("the function does not start: " + failure.get().errorType());
      }
    }
  }

  /** How long a round takes, from the first's write to the last's settlement. */
  private long round() throws InterruptedException {
    long start = System.nanoTime();
    for (int i = 0; i < WRITES_A_ROUND; i++) {
      written++;
      target.write(new PlannedWrite(-written, 0, FIRST_ITEM + written, Operation.INSERT, 0));
    }
    while (pipeline.counters().settledRecords() < written) {
      if (passed(LONGEST_ROUND, start)) {
        throw new DemoException("the first changes do not arrive: is the machine busy?");
      }
      terminal.status(
          "warming up: %,d of %,d changes"
              .formatted(pipeline.counters().settledRecords(), written));
      Thread.sleep(INTERVAL_MILLIS);
    }
    return System.nanoTime() - start;
  }

  private static boolean passed(Duration limit, long startNanos) {
    return System.nanoTime() - startNanos > limit.toNanos();
  }
}
