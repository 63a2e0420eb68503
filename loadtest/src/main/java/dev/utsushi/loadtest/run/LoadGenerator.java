package dev.utsushi.loadtest.run;

import dev.utsushi.loadtest.measurement.RunRecorder;
import dev.utsushi.loadtest.measurement.RunRecorder.Moment;
import dev.utsushi.loadtest.traffic.PlannedWrite;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Starts each write at its time on its own thread: an open loop, in which a slow table or pipeline
 * delays no later write. Only writes to the same item wait for each other, because their order
 * decides the final state.
 */
final class LoadGenerator implements AutoCloseable {

  /** Bounds the connections to a table that does not answer; further writes wait. */
  private static final int MOST_AT_ONCE = 500;

  private static final Duration LAST_ANSWERS = Duration.ofSeconds(30);

  private final Semaphore capacity = new Semaphore(MOST_AT_ONCE);

  /** The latest write to each item: the next one starts when it has ended. */
  private final Map<Integer, CompletableFuture<@Nullable Void>> latest = new ConcurrentHashMap<>();

  private final ExecutorService writers = Executors.newVirtualThreadPerTaskExecutor();
  private final AtomicReference<@Nullable RuntimeException> firstFailure = new AtomicReference<>();
  private final RunRecorder recorder;
  private final Consumer<PlannedWrite> table;
  private volatile boolean closed;

  /**
   * @param table writes and returns when the write is acknowledged; called by many threads, but for
   *     an item by one at a time and in order
   */
  LoadGenerator(RunRecorder recorder, Consumer<PlannedWrite> table) {
    this.recorder = recorder;
    this.table = table;
  }

  /**
   * Starts every write at its time. Returns when the time of the traffic is over and the table has
   * answered, or has not answered for a while.
   */
  void run() throws InterruptedException {
    for (int i = 0; i < recorder.plan().size(); i++) {
      PlannedWrite write = recorder.plan().write(i);
      sleepUntil(write.scheduledNanos());
      recorder.record(Moment.DISPATCHED, i, recorder.now());
      var before = latest.getOrDefault(write.item(), CompletableFuture.completedFuture(null));
      latest.put(write.item(), before.thenRunAsync(() -> write(write), writers));
    }
    sleepUntil(recorder.plan().endNanos());
    awaitWrites();
  }

  private void sleepUntil(long due) throws InterruptedException {
    Thread.sleep(Duration.ofNanos(Math.max(0, due - recorder.now())));
  }

  private void awaitWrites() throws InterruptedException {
    var all = CompletableFuture.allOf(latest.values().toArray(CompletableFuture[]::new));
    try {
      var _ = all.get(LAST_ANSWERS.toSeconds(), TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException _) {
      // What the table has not answered yet counts as neither acknowledged nor failed.
    }
  }

  private void write(PlannedWrite write) {
    capacity.acquireUninterruptibly();
    try {
      if (!closed) {
        recorder.record(Moment.SENT, write.number(), recorder.now());
        table.accept(write);
        recorder.record(Moment.ACKNOWLEDGED, write.number(), recorder.now());
      }
    } catch (RuntimeException e) {
      recorder.failed();
      firstFailure.compareAndSet(null, e);
    } finally {
      capacity.release();
    }
  }

  /** Returns why the first of the failed writes failed; null if none did. */
  @Nullable RuntimeException firstFailure() {
    return firstFailure.get();
  }

  /** Sends no further write; returns when the writes in progress have ended. */
  @Override
  public void close() {
    closed = true;
    try {
      awaitWrites();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    } finally {
      writers.shutdownNow();
    }
  }
}
