package dev.utsushi.lambda;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.amazonaws.services.lambda.runtime.events.SQSBatchResponse;
import com.amazonaws.services.lambda.runtime.events.SQSEvent;
import com.amazonaws.services.lambda.runtime.events.SQSEvent.SQSMessage;
import dev.utsushi.core.deadletter.DeadLetterQueue;
import dev.utsushi.core.index.Deadline;
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
 * The handler on the queue that Lambda sends its messages about failed batches to: it parks their
 * records in the dead-letter queue. Its event source mapping needs {@code ReportBatchItemFailures}.
 */
public final class CaptureHandler implements RequestHandler<SQSEvent, SQSBatchResponse> {
  /** Kept back from the invocation's time, to tell of the outcomes. */
  private static final Duration RESERVE = Duration.ofMillis(500);

  private final Capture capture;

  /**
   * As Lambda makes it.
   *
   * @throws dev.utsushi.core.settings.SettingsException with everything that is wrong with the
   *     settings
   */
  public CaptureHandler() {
    this(Settings.readDeadLetters(System.getenv()));
  }

  private CaptureHandler(DeadLetterSettings settings) {
    this(
        settings,
        new UrlConnectionCaller(),
        RangeReader.create(),
        DeadLetterQueue.at(settings.queueUrl()));
  }

  /** With other clients than Lambda's. */
  CaptureHandler(
      DeadLetterSettings settings, HttpCaller caller, RangeReader ranges, DeadLetterQueue queue) {
    Log log = new Log(System.out, InstantSource.system());
    capture =
        new Capture(
            settings.tableArn(),
            ranges,
            queue,
            settings.secondChance()
                ? Assembly.lateReplication(settings.replication(), caller, log)
                : null,
            new CaptureLog(log, settings.replication().index().reader()));
  }

  @Override
  public SQSBatchResponse handleRequest(SQSEvent event, Context context) {
    List<SQSMessage> messages = event.getRecords() == null ? List.of() : event.getRecords();
    Duration time = Duration.ofMillis(context.getRemainingTimeInMillis()).minus(RESERVE);
    return capture.capture(messages, Deadline.in(time, InstantSource.system()));
  }
}
