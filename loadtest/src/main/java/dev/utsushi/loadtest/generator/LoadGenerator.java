package dev.utsushi.loadtest.generator;

import dev.utsushi.loadtest.traffic.PlannedWrite;
import dev.utsushi.loadtest.traffic.WritePlan;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Starts each write at its time, on a thread of its own: an open loop, in which a slow table or
 * pipeline delays no later write. Only writes to the same item wait for one another, because their
 * order decides what stands in the end.
 */
public final class LoadGenerator implements AutoCloseable {

  /** A table that does not answer must not end in a million sockets; more wait, and are noted. */
  private static final int MOST_AT_ONCE = 500;

  private static final Duration LAST_ANSWERS = Duration.ofSeconds(30);

  private final Semaphore room = new Semaphore(MOST_AT_ONCE);
  private final Map<Integer, CompletableFuture<@Nullable Void>> latest = new ConcurrentHashMap<>();
  private final ExecutorService writers = Executors.newVirtualThreadPerTaskExecutor();
  private final AtomicReference<@Nullable Throwable> firstFailure = new AtomicReference<>();
  private final WritePlan plan;
  private final WriteTarget target;
  private final WriteTimes times;
  private final LongSupplier nanos;
  private volatile boolean closed;

  /**
   * @param nanos the run's clock: nanoseconds from its start
   */
  public LoadGenerator(WritePlan plan, WriteTarget target, WriteTimes times, LongSupplier nanos) {
    this.plan = plan;
    this.target = target;
    this.times = times;
    this.nanos = nanos;
  }

  /**
   * Starts every write at its time; returns when the traffic's time is over and the table has
   * answered, or did not in a while.
   */
  public void run() throws InterruptedException {
    for (int i = 0; i < plan.size(); i++) {
      PlannedWrite write = plan.write(i);
      sleepUntil(write.scheduledNanos());
      dispatch(write);
    }
    sleepUntil(plan.endNanos());
    writers.shutdown();
    var _ = writers.awaitTermination(LAST_ANSWERS.toSeconds(), TimeUnit.SECONDS);
  }

  private void sleepUntil(long due) throws InterruptedException {
    long left = due - nanos.getAsLong();
    if (left > 0) {
      Thread.sleep(Duration.ofNanos(left));
    }
  }

  private void dispatch(PlannedWrite write) {
    times.dispatched(write.number(), nanos.getAsLong());
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
      room.acquire();
      try {
        times.started(write.number(), nanos.getAsLong());
        target.write(write);
        times.acknowledged(write.number(), nanos.getAsLong());
      } finally {
        room.release();
      }
    } catch (InterruptedException _) {
      // Stopped before it was begun.
    } catch (RuntimeException e) {
      // A write that was cut off by the end of the test says nothing about the table.
      if (!closed) {
        times.failed();
        firstFailure.compareAndSet(null, e);
      }
    } finally {
      done.complete(null);
      latest.remove(write.item(), done);
    }
  }

  /** Why the first of the failed writes failed, if one did. */
  public @Nullable Throwable firstFailure() {
    return firstFailure.get();
  }

  /** Starts no further write. */
  @Override
  public void close() {
    closed = true;
    writers.shutdownNow();
  }
}
