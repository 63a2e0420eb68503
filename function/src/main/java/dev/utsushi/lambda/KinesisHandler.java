package dev.utsushi.lambda;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.amazonaws.services.lambda.runtime.events.KinesisEvent;
import com.amazonaws.services.lambda.runtime.events.StreamsEventResponse;
import dev.utsushi.core.replication.Replication;
import dev.utsushi.core.search.HttpCaller;
import dev.utsushi.core.search.SocketCaller;
import dev.utsushi.core.settings.Settings;
import dev.utsushi.core.settings.Settings.Setting;
import dev.utsushi.core.telemetry.Log;
import dev.utsushi.stream.KinesisRecords;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The handler that keeps an index a copy of a table whose changes a Kinesis stream delivers. It
 * differs from {@link ReplicationHandler} in the event alone.
 *
 * @see <a href="https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/kds.html">Kinesis
 *     Data Streams for DynamoDB</a>
 */
public final class KinesisHandler implements RequestHandler<KinesisEvent, StreamsEventResponse> {
  private final Replication replication;
  private final Log log;

  @SuppressWarnings("UnusedVariable") // the runtime holds it weakly
  private final Optional<SnapStart> snapStart;

  /**
   * Creates the handler as Lambda does.
   *
   * @throws dev.utsushi.core.settings.SettingsException with everything that is wrong with the
   *     settings
   */
  public KinesisHandler() {
    this(System.getenv(), SocketCaller.trusting(System.getenv(Setting.SEARCH_CA.variable())));
  }

  /** Creates a handler with other settings, or over another HTTP client, than Lambda's. */
  public KinesisHandler(Map<String, String> environment, HttpCaller caller) {
    log = new Log(System.out, InstantSource.system());
    replication = Assembly.kinesisReplication(Settings.readKinesis(environment), caller, log);
    snapStart = SnapStart.primeBeforeCheckpoint(log);
  }

  @Override
  public StreamsEventResponse handleRequest(KinesisEvent event, Context context) {
    if (event.getRecords() == null || event.getRecords().isEmpty()) {
      log.warn(
          "event_empty",
          json ->
              json.writeStringField(
                  "reason", "the event has no records; this function serves a Kinesis stream"));
      return new StreamsEventResponse(List.of());
    }
    return ReplicationHandler.response(
        replication.replicate(
            KinesisRecords.of(event.getRecords(), replication.targets().readsOldImages()),
            Assembly.deadline(context)));
  }
}
