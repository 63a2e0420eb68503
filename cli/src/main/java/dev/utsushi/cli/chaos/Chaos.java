package dev.utsushi.cli.chaos;

import dev.utsushi.cli.terminal.Terminal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** One run: a pipeline is built, a storm blows while it works, and what is left is judged. */
public final class Chaos {
  /** A machine with other things to do takes its time to start a function's first JVM. */
  private static final Duration PATIENCE = Duration.ofMinutes(3);

  private static final Duration STANDSTILL = Duration.ofSeconds(45);

  /** A message that a broken capture leaves behind comes again after half a minute. */
  private static final Duration CAPTURE = Duration.ofSeconds(90);

  private static final Duration QUIET = Duration.ofSeconds(1);
  private static final long INTERVAL_MILLIS = 250;

  private final ChaosOptions options;
  private final Terminal terminal;
  private final AtomicBoolean over = new AtomicBoolean();

  public Chaos(ChaosOptions options, Terminal terminal) {
    this.options = options;
    this.terminal = terminal;
  }

  /**
   * Runs all of it, and leaves nothing behind.
   *
   * @throws ChaosException if it can't go on; that is no verdict
   */
  public ChaosReport run() throws InterruptedException {
    long start = System.nanoTime();
    terminal.status("seed %d: starting the servers …".formatted(options.seed()));
    try (var pipeline = new Pipeline(ChaosServers.start(), options, this::echo)) {
      firstChange(pipeline);
      storm(pipeline);
      calm(pipeline);
      pipeline.mappings.close();
      terminal.status("seed %d: replaying dead letters …".formatted(options.seed()));
      if (!await(CAPTURE, pipeline.deadLetters::allCaptured)) {
        pipeline.findings.add(Finding.general("failures that were never captured"));
      }
      var replayed = pipeline.deadLetters.replay();
      pipeline.accounts.replayed(replayed);
      await(PATIENCE, () -> pipeline.proxy.inFlight() == 0);
      await(QUIET.multipliedBy(5), () -> totalsAreIn(pipeline));
      var evidence = Evidence.of(pipeline, replayed);
      return ChaosReport.of(
          options, pipeline, evidence, findings(pipeline, evidence), since(start));
    }
  }

  /** First what was seen as it happened, then what is left. */
  private static List<Finding> findings(Pipeline pipeline, Evidence evidence) {
    List<Finding> findings = new ArrayList<>(pipeline.findings.all());
    findings.addAll(Verdict.on(evidence, pipeline.accounts, pipeline.names));
    return findings;
  }

  /** So that the index is there, and the storm meets a function that runs. */
  private void firstChange(Pipeline pipeline) throws InterruptedException {
    pipeline.writer.writeFirst();
    boolean arrived =
        await(
            PATIENCE,
            () -> {
              terminal.status("seed %d: starting the function …".formatted(options.seed()));
              pipeline.truth.read();
              return pipeline.truth.changes().size() == 1 && behind(pipeline) == 0;
            });
    if (!arrived) {
      throw new ChaosException(
          "the first change does not arrive in the index: is the machine busy?");
    }
    pipeline.mappings.remember();
  }

  private void storm(Pipeline pipeline) throws InterruptedException {
    var failure = new AtomicReference<@Nullable Exception>();
    over.set(false);
    List<Thread> threads =
        List.of(
            starting(failure, "writer", () -> pipeline.writer.run(options.writesPerSecond())),
            starting(failure, "watch", () -> watch(pipeline)));
    long start = System.nanoTime();
    try {
      new Weather(pipeline).blow(Storm.of(options.seed(), options.storm()));
      Thread.sleep(options.storm().minus(since(start)));
    } finally {
      over.set(true);
      for (Thread thread : threads) {
        thread.interrupt();
        thread.join();
      }
    }
    Exception failed = failure.get();
    if (failed != null) {
      throw new ChaosException("the storm broke off: " + failed, failed);
    }
  }

  private interface Task {
    void run() throws InterruptedException;
  }

  private Thread starting(AtomicReference<@Nullable Exception> failure, String name, Task task) {
    return Thread.ofVirtual()
        .name("chaos-" + name)
        .start(
            () -> {
              try {
                task.run();
              } catch (InterruptedException _) {
                // The storm is over.
              } catch (RuntimeException e) {
                // A client that is interrupted throws whatever it likes.
                if (!over.get()) {
                  failure.compareAndSet(null, e);
                }
              }
            });
  }

  private void watch(Pipeline pipeline) throws InterruptedException {
    long start = System.nanoTime();
    for (int i = 0; ; i++) {
      Thread.sleep(INTERVAL_MILLIS);
      pipeline.truth.read();
      if (i % 4 == 0) {
        pipeline.mappings.remember();
      }
      status(
          "storm %d of %d s".formatted(since(start).toSeconds(), options.storm().toSeconds()),
          pipeline);
    }
  }

  /** Until every change is settled and nothing moves any more, or nothing has moved for long. */
  private void calm(Pipeline pipeline) throws InterruptedException {
    pipeline.writer.deleteExpiring();
    pipeline.writer.writeLast();
    long lastMove = System.nanoTime();
    long moves = -1;
    while (since(lastMove).compareTo(STANDSTILL) < 0) {
      Thread.sleep(INTERVAL_MILLIS);
      pipeline.truth.read();
      status("calm, draining", pipeline);
      long now = pipeline.accounts.deliveries();
      if (now != moves) {
        moves = now;
        lastMove = System.nanoTime();
      } else if (isDrained(pipeline) && since(lastMove).compareTo(QUIET) > 0) {
        return;
      }
    }
  }

  private static boolean isDrained(Pipeline pipeline) {
    return pipeline.truth.changes().stream()
            .anyMatch(change -> change.item().equals(ChaosWriter.LAST))
        && behind(pipeline) == 0
        && pipeline.mappings.unsettled() == 0
        && pipeline.deliveries.underway() == 0
        && pipeline.proxy.inFlight() == 0;
  }

  private static long behind(Pipeline pipeline) {
    return pipeline.accounts.countUnsettled(pipeline.truth.changes());
  }

  /** The log of a function comes a little after its answer. */
  private static boolean totalsAreIn(Pipeline pipeline) {
    return pipeline.totals.records() >= pipeline.accounts.answeredRecords();
  }

  private void status(String phase, Pipeline pipeline) {
    terminal.status(
        "seed %d, %s: written %,d, behind %,d, deliveries %,d (%,d failed), faults %,d, parked %,d"
            .formatted(
                options.seed(),
                phase,
                pipeline.writer.written(),
                behind(pipeline),
                pipeline.accounts.deliveries(),
                pipeline.accounts.failedDeliveries(),
                pipeline.faults.total(),
                pipeline.accounts.parked().size()));
  }

  private static boolean await(Duration most, BooleanSupplier condition)
      throws InterruptedException {
    long start = System.nanoTime();
    while (!condition.getAsBoolean()) {
      if (since(start).compareTo(most) > 0) {
        return false;
      }
      Thread.sleep(INTERVAL_MILLIS / 5);
    }
    return true;
  }

  private void echo(String line) {
    if (options.debug()) {
      terminal.line(line);
    }
  }

  private static Duration since(long startNanos) {
    return Duration.ofNanos(System.nanoTime() - startNanos);
  }
}
