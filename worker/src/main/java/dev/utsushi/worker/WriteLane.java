package dev.utsushi.worker;

import dev.utsushi.core.index.Deadline;
import dev.utsushi.core.replication.RecordResult;
import dev.utsushi.core.replication.Replication;
import dev.utsushi.core.telemetry.Log;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadLocalRandom;

/**
 * One of a shard's concurrent writers. It takes the records of its items in their order to their
 * end: processed, or given up with a message to the failure queue. Until then it waits, and only
 * it.
 */
final class WriteLane {
  private static final long FIRST_WAIT_MILLIS = 100;
  private static final int MOST_DOUBLINGS = 9;

  private final BlockingQueue<OpenRecord> waiting = new LinkedBlockingQueue<>();
  private final Replication replication;
  private final LaneContext context;
  private final Thread thread;

  /**
   * What the lanes of a shard share.
   *
   * @param retries how often a failed record is tried again
   * @param attempt how long each time
   */
  record LaneContext(
      OpenRecords progress,
      FailureQueue.OfShard failures,
      WorkerMetrics metrics,
      Log log,
      int batchSize,
      int retries,
      Duration attempt) {}

  WriteLane(String name, Replication replication, LaneContext context) {
    this.replication = replication;
    this.context = context;
    thread = Thread.ofPlatform().daemon().name(name).unstarted(this::run);
  }

  void start() {
    thread.start();
  }

  void add(OpenRecord added) {
    waiting.add(added);
  }

  /** Ends after the attempt that is under way; what is not settled by then stays open. */
  void stop() {
    thread.interrupt();
  }

  void awaitEnd() throws InterruptedException {
    thread.join();
  }

  private void run() {
    try {
      while (true) {
        List<OpenRecord> batch = new ArrayList<>();
        batch.add(waiting.take());
        waiting.drainTo(batch, context.batchSize() - 1);
        process(batch);
      }
    } catch (InterruptedException _) {
      // Stopped: whoever has the shard next gets the open records again.
    }
  }

  private void process(List<OpenRecord> batch) throws InterruptedException {
    List<OpenRecord> failed = attempt(batch);
    for (int attempts = 1; !failed.isEmpty(); attempts++) {
      if (Thread.interrupted()) {
        // The attempt may have been cut short, which is no failure of the records.
        throw new InterruptedException();
      }
      if (attempts > context.retries()) {
        giveUp(failed, attempts);
        return;
      }
      Thread.sleep(waitAfter(attempts));
      failed = attempt(failed);
    }
  }

  /** Settles what is processed; returns the rest. */
  private List<OpenRecord> attempt(List<OpenRecord> batch) {
    context.metrics().attempted(batch.size());
    List<OpenRecord> processed = new ArrayList<>();
    List<OpenRecord> failed = new ArrayList<>();
    List<RecordResult> results = replicate(batch);
    for (int i = 0; i < results.size(); i++) {
      (results.get(i).outcome().isProcessed() ? processed : failed).add(batch.get(i));
    }
    settle(processed);
    return results.isEmpty() ? batch : failed;
  }

  /** Returns nothing if a bug keeps the records from having a result. */
  private List<RecordResult> replicate(List<OpenRecord> batch) {
    try {
      return replication.replicate(
          batch.stream().map(OpenRecord::streamRecord).toList(),
          Deadline.in(context.attempt(), InstantSource.system()));
    } catch (RuntimeException e) {
      String reason = e.getClass().getName();
      context.log().error("attempt_failed", json -> json.writeStringField("reason", reason));
      return List.of();
    }
  }

  private void giveUp(List<OpenRecord> failed, int attempts) throws InterruptedException {
    for (OpenRecord each : failed) {
      context.failures().send(each, attempts);
      context.metrics().deadLetter();
      settle(List.of(each));
    }
  }

  private void settle(List<OpenRecord> records) {
    context.progress().settle(records);
    context.metrics().settled(records.size());
  }

  /**
   * Returns twice the wait each time, of that a random part: lanes that failed together do not
   * retry together.
   */
  static Duration waitAfter(int failures) {
    long most = FIRST_WAIT_MILLIS << Math.min(failures - 1, MOST_DOUBLINGS);
    return Duration.ofMillis(most / 2 + ThreadLocalRandom.current().nextLong(most / 2 + 1));
  }
}
