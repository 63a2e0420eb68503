package dev.utsushi.lambda;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.amazonaws.services.lambda.runtime.events.DynamodbEvent;
import com.amazonaws.services.lambda.runtime.events.DynamodbEvent.DynamodbStreamRecord;
import com.amazonaws.services.lambda.runtime.events.StreamsEventResponse;
import com.amazonaws.services.lambda.runtime.events.StreamsEventResponse.BatchItemFailure;
import dev.utsushi.core.index.Deadline;
import dev.utsushi.core.replication.RecordResult;
import dev.utsushi.core.replication.Replication;
import dev.utsushi.core.search.HttpCaller;
import dev.utsushi.core.search.SocketCaller;
import dev.utsushi.core.settings.Settings;
import dev.utsushi.core.settings.Settings.Setting;
import dev.utsushi.core.telemetry.Log;
import dev.utsushi.stream.LambdaRecords;
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
  public ReplicationHandler() {
    this(System.getenv(), SocketCaller.trusting(System.getenv(Setting.SEARCH_CA.variable())));
  }

  /** Creates a handler with other settings, or over another HTTP client, than Lambda's. */
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
                  "reason", "the event has no records; this function serves a DynamoDB stream"));
      return new StreamsEventResponse(List.of());
    }
    return replicate(replication, records, Assembly.deadline(context));
  }

  static StreamsEventResponse replicate(
      Replication replication, List<DynamodbStreamRecord> records, Deadline deadline) {
    return response(
        replication.replicate(
            LambdaRecords.of(records, replication.targets().readsOldImages()), deadline));
  }

  /**
   * Reports the first failed record. Lambda then delivers it and everything after it again: <a
   * href="https://docs.aws.amazon.com/lambda/latest/dg/services-ddb-batchfailurereporting.html">it
   * continues from the lowest sequence number</a>, so more identifiers would add nothing.
   */
  static StreamsEventResponse response(List<RecordResult> results) {
    return new StreamsEventResponse(
        results.stream()
            .filter(result -> !result.outcome().isProcessed())
            .limit(1)
            .map(result -> new BatchItemFailure(identifier(result)))
            .toList());
  }

  private static String identifier(RecordResult result) {
    String sequenceNumber = result.streamRecord().sequenceNumber();
    if (sequenceNumber == null) {
      throw new IllegalStateException(
          "A record without a sequence number cannot be reported, so the whole batch fails: map"
              + " this function to a DynamoDB stream, or KinesisHandler to a Kinesis stream.");
    }
    return sequenceNumber;
  }
}
