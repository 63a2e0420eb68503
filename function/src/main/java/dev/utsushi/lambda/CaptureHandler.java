package dev.utsushi.lambda;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.amazonaws.services.lambda.runtime.events.SQSBatchResponse;
import com.amazonaws.services.lambda.runtime.events.SQSEvent;
import com.amazonaws.services.lambda.runtime.events.SQSEvent.SQSMessage;
import dev.utsushi.core.deadletter.DeadLetterQueue;
import dev.utsushi.core.index.Deadline;
import dev.utsushi.core.replication.ReplicationTelemetry.Lag;
import dev.utsushi.core.search.HttpCaller;
import dev.utsushi.core.search.UrlConnectionCaller;
import dev.utsushi.core.settings.Settings;
import dev.utsushi.core.settings.Settings.DeadLetterSettings;
import dev.utsushi.core.telemetry.Log;
import dev.utsushi.stream.RangeReader;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;

/**
 * The handler on the queue of Lambda's messages about failed batches: it sends their records to the
 * dead-letter queue. Its event source mapping needs {@code ReportBatchItemFailures}.
 */
public final class CaptureHandler implements RequestHandler<SQSEvent, SQSBatchResponse> {
  /** Reserved from the invocation's time, for the response. */
  private static final Duration RESERVE = Duration.ofMillis(500);

  private final Capture capture;

  /**
   * Creates the handler as Lambda does.
   *
   * @throws dev.utsushi.core.settings.SettingsException with everything that is wrong with the
   *     settings
   */
  public CaptureHandler() {
    DeadLetterSettings settings = Settings.readDeadLetters(System.getenv());
    this(
        settings,
        new UrlConnectionCaller(),
        RangeReader.create(),
        DeadLetterQueue.at(settings.queueUrl()));
  }

  /** Creates the handler with other clients than Lambda's. */
  CaptureHandler(
      DeadLetterSettings settings, HttpCaller caller, RangeReader ranges, DeadLetterQueue queue) {
    Log log = new Log(System.out, InstantSource.system());
    capture =
        new Capture(
            settings.tableArn(),
            settings.replication().index().reader(),
            ranges,
            queue,
            settings.secondChance()
                ? Assembly.replication(settings.replication(), caller, log, new Lag.None())
                : null,
            log);
  }

  @Override
  public SQSBatchResponse handleRequest(SQSEvent event, Context context) {
    List<SQSMessage> messages = event.getRecords() == null ? List.of() : event.getRecords();
    Duration time = Duration.ofMillis(context.getRemainingTimeInMillis()).minus(RESERVE);
    return capture.capture(messages, Deadline.in(time, InstantSource.system()));
  }
}
