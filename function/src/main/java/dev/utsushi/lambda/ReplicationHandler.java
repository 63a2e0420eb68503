package dev.utsushi.lambda;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.amazonaws.services.lambda.runtime.events.DynamodbEvent;
import com.amazonaws.services.lambda.runtime.events.DynamodbEvent.DynamodbStreamRecord;
import com.amazonaws.services.lambda.runtime.events.StreamsEventResponse;
import dev.utsushi.core.index.Deadline;
import dev.utsushi.core.search.HttpCaller;
import dev.utsushi.core.search.UrlConnectionCaller;
import dev.utsushi.core.settings.Settings;
import dev.utsushi.core.telemetry.Log;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The handler that keeps an index a copy of the table whose stream it is mapped to. One instance
 * lives in each execution environment and serves one invocation at a time.
 */
public final class ReplicationHandler
    implements RequestHandler<DynamodbEvent, StreamsEventResponse> {
  /** Kept back from the invocation's time, to tell of the outcomes. */
  private static final Duration RESERVE = Duration.ofMillis(500);

  private final Replication replication;
  private final Log log;

  @SuppressWarnings("UnusedVariable") // held on to, or the runtime would forget it
  private final Optional<SnapStart> snapStart;

  /**
   * As Lambda makes it.
   *
   * @throws dev.utsushi.core.settings.SettingsException with everything that is wrong with the
   *     settings
   */
  public ReplicationHandler() {
    this(System.getenv(), new UrlConnectionCaller());
  }

  /** With other settings, or over another HTTP client, than Lambda's. */
  public ReplicationHandler(Map<String, String> environment, HttpCaller caller) {
    log = new Log(System.out, InstantSource.system());
    replication = Assembly.replication(Settings.read(environment), caller, log);
    snapStart = SnapStart.primeBeforeCheckpoint(log);
  }

  @Override
  public StreamsEventResponse handleRequest(DynamodbEvent event, Context context) {
    List<DynamodbStreamRecord> records = event.getRecords();
    if (records == null || records.isEmpty()) {
      log.warn(
          "event_empty",
          json ->
              json.writeStringField(
                  "reason", "no records, nothing done: this function serves a DynamoDB stream"));
      return new StreamsEventResponse(List.of());
    }
    Duration time = Duration.ofMillis(context.getRemainingTimeInMillis()).minus(RESERVE);
    return replication.replicate(records, Deadline.in(time, InstantSource.system()));
  }
}
