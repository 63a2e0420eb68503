package dev.utsushi.cli.load;

import dev.utsushi.cli.terminal.Terminal;
import java.time.Duration;
import java.util.BitSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/**
 * Deletes a run's items at the rate at which they were written: every deletion is a change too, and
 * goes through the same pipeline as the changes of those who live with it. An interruption does not
 * end it, but makes it hurry.
 */
final class OwnItemsRemoval {
  private static final int TRIES = 5;
  private static final int AT_ONCE = 50;
  private static final long INTERVAL_MILLIS = 100;

  /** Who pressed Ctrl-C waits so long, whatever that does to the lag. */
  private static final Duration IN_A_HURRY = Duration.ofMinutes(2);

  private final DynamoDbClient dynamoDb;
  private final String table;
  private final OwnItems items;
  private final Terminal terminal;
  private final BitSet left;
  private final int all;
  private final Semaphore room = new Semaphore(AT_ONCE);
  private volatile long intervalNanos;

  /**
   * @param written the items' numbers
   */
  OwnItemsRemoval(
      DynamoDbClient dynamoDb,
      String table,
      OwnItems items,
      BitSet written,
      double perSecond,
      Terminal terminal) {
    this.dynamoDb = dynamoDb;
    this.table = table;
    this.items = items;
    this.terminal = terminal;
    left = (BitSet) written.clone();
    all = left.cardinality();
    intervalNanos = Math.round(1e9 / perSecond);
  }

  /** From now on as fast as one who waits for it can expect. */
  void hurry() {
    intervalNanos = Math.min(intervalNanos, IN_A_HURRY.toNanos() / Math.max(1, all));
  }

  /**
   * Deletes them; to be called by one that nobody interrupts any more, or that goes on
   * nevertheless.
   *
   * @return whether it was interrupted meanwhile
   */
  boolean run() {
    boolean interrupted = false;
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var deleting = threads.submit(() -> deleteAll(threads));
      while (!deleting.isDone()) {
        try {
          show();
          Thread.sleep(INTERVAL_MILLIS);
        } catch (InterruptedException _) {
          interrupted = true;
          hurry();
        }
      }
    }
    return interrupted;
  }

  private void show() {
    int done = all - left().cardinality();
    terminal.status(
        "deleting the test's items %s %,d of %,d"
            .formatted(LiveView.bar((double) done / Math.max(1, all)), done, all));
  }

  private void deleteAll(ExecutorService threads) {
    long due = System.nanoTime();
    try {
      for (int number : left().stream().toArray()) {
        long early = due - System.nanoTime();
        if (early > 0) {
          TimeUnit.NANOSECONDS.sleep(early);
        }
        room.acquire();
        threads.execute(() -> delete(number));
        due = Math.max(due + intervalNanos, System.nanoTime() - TimeUnit.SECONDS.toNanos(1));
      }
      room.acquire(AT_ONCE);
    } catch (InterruptedException _) {
      // Nobody interrupts it.
    }
  }

  private void delete(int number) {
    try {
      var key = items.key(number);
      for (int attempt = 1; attempt <= TRIES; attempt++) {
        if (deleted(() -> dynamoDb.deleteItem(delete -> delete.tableName(table).key(key)))) {
          gone(number);
          return;
        }
        OwnItemsTarget.pause(attempt);
      }
    } finally {
      room.release();
    }
  }

  private static boolean deleted(Runnable deletion) {
    try {
      deletion.run();
      return true;
    } catch (SdkException _) {
      // Tried again; told as left if that is of no use.
      return false;
    }
  }

  private void gone(int number) {
    synchronized (left) {
      left.clear(number);
    }
  }

  /** What could not be deleted. */
  BitSet left() {
    synchronized (left) {
      return (BitSet) left.clone();
    }
  }
}
