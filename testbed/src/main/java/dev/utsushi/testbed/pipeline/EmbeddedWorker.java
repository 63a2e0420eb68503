package dev.utsushi.testbed.pipeline;

import dev.utsushi.core.run.Run;
import dev.utsushi.core.run.RunStore;
import dev.utsushi.core.run.SegmentQueue;
import dev.utsushi.local.lambda.Invocable;
import dev.utsushi.local.lambda.LambdaConfiguration;
import dev.utsushi.local.lambda.LambdaFunction;
import dev.utsushi.local.queue.QueueEventSourceMapping;
import dev.utsushi.local.queue.QueueMappingSettings;
import java.time.Duration;
import java.util.function.UnaryOperator;
import software.amazon.awssdk.services.sqs.SqsClient;

/** Works on backfills and verifications: a function on a queue of segments, and a table of runs. */
public final class EmbeddedWorker implements AutoCloseable {
  /** How many segments are worked on at once: each takes a JVM. */
  static final int MOST_AT_ONCE = 2;

  private final LambdaFunction function;
  private final QueueEventSourceMapping mapping;
  private final RunStore runs;
  private final SegmentQueue segments;

  EmbeddedWorker(
      LambdaConfiguration configuration,
      UnaryOperator<Invocable> wrap,
      SqsClient sqs,
      RunStore runs,
      String queueUrl) {
    function = new LambdaFunction(configuration);
    this.runs = runs;
    segments = new SegmentQueue(sqs, queueUrl);
    mapping =
        new QueueEventSourceMapping(
            sqs,
            queueUrl,
            wrap.apply(function),
            QueueMappingSettings.defaults()
                .withBatchSize(1)
                .withMaximumConcurrency(MOST_AT_ONCE)
                .withReportBatchItemFailures(true));
    mapping.start();
  }

  /** Returns the function itself, without what the options wrap around it. */
  public LambdaFunction function() {
    return function;
  }

  /** Returns the table of runs. */
  public RunStore runs() {
    return runs;
  }

  /**
   * Starts a run.
   *
   * @throws IllegalStateException if another one is running
   */
  public void start(Run run) {
    if (!runs.start(run)) {
      throw new IllegalStateException("another run is running");
    }
    wake(run);
  }

  /** Sends a message for each segment that is not done, whatever the queue has already. */
  public void wake(Run run) {
    segments.send(runs.tasks(run), Duration.ZERO);
  }

  @Override
  public void close() {
    try (function;
        mapping) {
      // Against the direction of the flow.
    }
  }
}
