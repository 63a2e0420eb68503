package dev.utsushi.loadtest.run;

import dev.utsushi.loadtest.measurement.RunRecorder;
import dev.utsushi.loadtest.traffic.PlannedWrite;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Starts each write at its time on a thread of its own: an open loop, in which a slow table or
 * pipeline delays no later write. Only writes to the same item wait for each other, because their
 * order decides the final state.
 */
final class LoadGenerator implements AutoCloseable {

  /** Bounds the connections to a table that does not answer; further writes wait. */
  private static final int MOST_AT_ONCE = 500;

  private static final Duration LAST_ANSWERS = Duration.ofSeconds(30);

  private final Semaphore capacity = new Semaphore(MOST_AT_ONCE);
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
      dispatch(write);
    }
    sleepUntil(recorder.plan().endNanos());
    writers.shutdown();
    awaitWrites();
  }

  private void sleepUntil(long due) throws InterruptedException {
    Thread.sleep(Duration.ofNanos(Math.max(0, due - recorder.now())));
  }

  private void awaitWrites() throws InterruptedException {
    var _ = writers.awaitTermination(LAST_ANSWERS.toSeconds(), TimeUnit.SECONDS);
  }

  private void dispatch(PlannedWrite write) {
    recorder.dispatched(write.number(), recorder.now());
    CompletableFuture<@Nullable Void> done = new CompletableFuture<>();
    var before = latest.put(write.item(), done);
    writers.execute(() -> writeAfter(before, write, done));
  }

  private void writeAfter(
      @Nullable CompletableFuture<@Nullable Void> before,
      PlannedWrite write,
      CompletableFuture<@Nullable Void> done) {
    try {
      if (before != null) {
        before.join();
      }
      capacity.acquire();
      try {
        write(write);
      } finally {
        capacity.release();
      }
    } catch (InterruptedException _) {
      // Stopped before it was sent.
    } finally {
      done.complete(null);
      latest.remove(write.item(), done);
    }
  }

  private void write(PlannedWrite write) {
    if (closed) {
      return;
    }
    recorder.started(write.number(), recorder.now());
    try {
      table.accept(write);
      recorder.acknowledged(write.number(), recorder.now());
    } catch (RuntimeException e) {
      recorder.failed();
      firstFailure.compareAndSet(null, e);
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
    writers.shutdown();
    try {
      awaitWrites();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    } finally {
      writers.shutdownNow();
    }
  }
}
