package dev.utsushi.worker;

import dev.utsushi.core.telemetry.Log;
import dev.utsushi.core.telemetry.Metric;
import java.util.EnumMap;
import java.util.Map;

/**
 * One line in the log each minute, of which CloudWatch makes metrics: how far behind the worker is,
 * how much it has done, and that it runs.
 */
final class MinuteLine implements Runnable {
  private static final long SAMPLE_MILLIS = 5_000;
  private static final int SAMPLES = 12;

  private final WorkerMetrics metrics;
  private final Map<String, String> dimensions;
  private final Log log;
  private int samples;
  private long oldestMillis;
  private long reported;

  /**
   * @param dimensions of the metrics
   */
  MinuteLine(WorkerMetrics metrics, Map<String, String> dimensions, Log log) {
    this.metrics = metrics;
    this.dimensions = dimensions;
    this.log = log;
  }

  /**
   * Writes lines until the thread is interrupted. The first one comes after a minute: a worker that
   * dies at its start again and again must not look like one that runs.
   */
  @Override
  public void run() {
    try {
      while (true) {
        Thread.sleep(SAMPLE_MILLIS);
        sample();
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  /** Looks how old the oldest record is; the line has the greatest age of its minute. */
  void sample() {
    oldestMillis = Math.max(oldestMillis, metrics.iteratorAge().toMillis());
    if (++samples == SAMPLES) {
      long settled = metrics.settledRecords();
      log.metrics(
          dimensions,
          new EnumMap<>(
              Map.of(Metric.ITERATOR_AGE, oldestMillis, Metric.SETTLED, settled - reported)));
      samples = 0;
      oldestMillis = 0;
      reported = settled;
    }
  }
}
