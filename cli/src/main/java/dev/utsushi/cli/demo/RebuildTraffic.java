package dev.utsushi.cli.demo;

import dev.utsushi.testbed.activity.ActivityLog;
import dev.utsushi.testbed.pipeline.EmbeddedPipeline;

/** Writes items and counts what a reader finds, until it is closed. */
final class RebuildTraffic implements AutoCloseable {
  private static final long INTERVAL_MILLIS = 50;

  private final EmbeddedPipeline pipeline;
  private final ActivityLog activity;
  private final int firstItem;
  private final Thread thread = Thread.ofVirtual().unstarted(this::run);
  private volatile boolean closed;
  private int written;
  private int counts;
  private int gaps;
  private long found;

  RebuildTraffic(EmbeddedPipeline pipeline, ActivityLog activity, int firstItem) {
    this.pipeline = pipeline;
    this.activity = activity;
    this.firstItem = firstItem;
    thread.start();
  }

  int written() {
    return written;
  }

  int counts() {
    return counts;
  }

  /** Returns how often the reader found fewer items than before, though nothing was deleted. */
  int gaps() {
    return gaps;
  }

  private void run() {
    try {
      while (!closed) {
        var item = activity.item(firstItem + written);
        pipeline.dynamoDb().putItem(put -> put.tableName(pipeline.name()).item(item));
        written++;
        long now =
            pipeline
                .search()
                .send("GET", "/" + pipeline.name() + "/_count", "")
                .path("count")
                .asLong();
        counts++;
        gaps += now < found ? 1 : 0;
        found = now;
        Thread.sleep(INTERVAL_MILLIS);
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    closed = true;
    try {
      thread.join();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }
}
