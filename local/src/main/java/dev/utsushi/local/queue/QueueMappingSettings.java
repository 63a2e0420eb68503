package dev.utsushi.local.queue;

import dev.utsushi.local.Limits;
import io.soabase.recordbuilder.core.RecordBuilder;
import java.time.Duration;
import java.util.OptionalInt;

/**
 * The settings of a queue's event source mapping, with the limits and defaults of the real one.
 * Start from {@link #defaults()} and change what differs.
 *
 * @param batchSize 1 to 10,000 messages, of at most 6 MB together; above 10 only with a window
 * @param batchingWindow how long to gather messages before an invocation, 0 to 300 whole seconds
 * @param maximumConcurrency 2 to 1,000 concurrent batches; empty for five, with which Lambda starts
 *     before it scales
 * @param reportBatchItemFailures whether the function's reply names the failed messages
 * @see <a
 *     href="https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-parameters.html">Parameters
 *     for SQS event source mappings</a>
 */
@RecordBuilder
public record QueueMappingSettings(
    int batchSize,
    Duration batchingWindow,
    OptionalInt maximumConcurrency,
    boolean reportBatchItemFailures)
    implements QueueMappingSettingsBuilder.With {

  private static final int DEFAULT_CONCURRENCY = 5;

  /**
   * @throws IllegalArgumentException naming every setting that is out of range
   */
  public QueueMappingSettings {
    var limits = new Limits();
    limits.batching(batchSize, batchingWindow);
    limits.require(
        batchSize <= QueuePoller.MOST_MESSAGES || !batchingWindow.isZero(),
        "batchSize takes more than 10 only with a batchingWindow of at least 1 s");
    maximumConcurrency.ifPresent(most -> limits.check("maximumConcurrency", most, 2, 1_000));
    limits.throwProblems();
  }

  /** Returns AWS's defaults: batches of 10 without a window, without partial batch responses. */
  public static QueueMappingSettings defaults() {
    return new QueueMappingSettings(10, Duration.ZERO, OptionalInt.empty(), false);
  }

  public QueueMappingSettings withMaximumConcurrency(int maximumConcurrency) {
    return withMaximumConcurrency(OptionalInt.of(maximumConcurrency));
  }

  int batchesAtOnce() {
    return maximumConcurrency.orElse(DEFAULT_CONCURRENCY);
  }
}
