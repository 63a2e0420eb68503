package dev.utsushi.cli.chaos;

import dev.utsushi.testbed.activity.ActivityChange;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** Writes the workload to the table, at a rate; one writer, so that each item has one history. */
final class ChaosWriter {
  /** The item that {@link #writeFirst} writes. */
  static final ItemName FIRST = new ItemName("first", "first");

  /** The item that {@link #writeLast} writes. */
  static final ItemName LAST = new ItemName("last", "last");

  private final ReentrantLock writing = new ReentrantLock();
  private final ChaosTable table;
  private final Workload workload;
  private final ItemNames names;
  private final Journal journal;
  private final AtomicLong written = new AtomicLong();

  ChaosWriter(ChaosTable table, Workload workload, ItemNames names, Journal journal) {
    this.table = table;
    this.workload = workload;
    this.names = names;
    this.journal = journal;
  }

  /** Writes until interrupted, each write at its time, whatever the one before took. */
  void run(int writesPerSecond) throws InterruptedException {
    long start = System.nanoTime();
    for (long i = 0; ; i++) {
      long due = start + i * Duration.ofSeconds(1).toNanos() / writesPerSecond;
      while (System.nanoTime() < due) {
        LockSupport.parkNanos(due - System.nanoTime());
        if (Thread.interrupted()) {
          throw new InterruptedException();
        }
      }
      writeNext();
    }
  }

  private void writeNext() {
    write(workload.next());
  }

  /** A change for certain: the workload may begin with deleting what was never there. */
  void writeFirst() {
    write(FIRST);
  }

  /**
   * DynamoDB Local looks at no more than 20 items in 10 s: what it has not come to would expire
   * under the eyes of the verdict.
   */
  void deleteExpiring() {
    table.expiring().forEach(key -> write(new ActivityChange.Delete(key)));
  }

  /** An item that nothing else writes to. */
  void writeLast() {
    write(LAST);
  }

  private void write(ItemName item) {
    write(new ActivityChange.Put(Workload.key(item.deal(), item.action())));
  }

  private void write(ActivityChange change) {
    writing.lock();
    try {
      switch (change) {
        case ActivityChange.Put(var item) -> {
          told(item, item.containsKey(ChaosTable.POISON) ? "put poison" : "put");
          table.put(item);
        }
        case ActivityChange.Delete(var key) -> {
          told(key, "delete");
          table.delete(key);
        }
      }
      written.incrementAndGet();
    } finally {
      writing.unlock();
    }
  }

  private void told(Map<String, AttributeValue> keyed, String what) {
    ItemName item = ItemName.of(keyed);
    names.add(item);
    journal.item(item, "table    " + what);
  }

  /** Runs something during which nobody writes. */
  void whileNobodyWrites(Runnable action) {
    writing.lock();
    try {
      action.run();
    } finally {
      writing.unlock();
    }
  }

  long written() {
    return written.get();
  }
}
