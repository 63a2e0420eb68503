package dev.utsushi.lambda;

import com.amazonaws.services.lambda.runtime.events.DynamodbEvent.DynamodbStreamRecord;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.utsushi.core.change.Change;
import dev.utsushi.core.document.DocumentWrite;
import dev.utsushi.core.index.Outcome;
import dev.utsushi.core.index.WriteListener;
import dev.utsushi.core.telemetry.InvocationMetrics;
import dev.utsushi.core.telemetry.Log;
import dev.utsushi.core.telemetry.Metric;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Tells of an invocation: its metrics, and a line for each record that an operator must know of.
 */
final class InvocationTelemetry implements WriteListener {
  private final String index;
  private final @Nullable LagSource lagSource;
  private final Log log;
  private final InstantSource clock;

  private InvocationMetrics metrics = new InvocationMetrics();
  private Instant startedAt = Instant.EPOCH;

  /**
   * @param lagSource null where changes are old by nature and their age says nothing
   */
  InvocationTelemetry(String index, @Nullable LagSource lagSource, Log log, InstantSource clock) {
    this.index = index;
    this.lagSource = lagSource;
    this.log = log;
    this.clock = clock;
  }

  void started() {
    metrics = new InvocationMetrics();
    startedAt = clock.instant();
  }

  void settled(List<DynamodbStreamRecord> records, List<Settlement> settlements) {
    Instant now = clock.instant();
    metrics.writeDuration(Duration.between(startedAt, now));
    for (int i = 0; i < settlements.size(); i++) {
      settled(records.get(i), settlements.get(i), now);
    }
    metrics.writeTo(log, index, now);
  }

  private void settled(DynamodbStreamRecord streamRecord, Settlement settlement, Instant now) {
    switch (settlement) {
      case Settlement.Written(DocumentWrite write, Outcome outcome) ->
          written(streamRecord, write, outcome, now);
      case Settlement.Overtaken(_, Outcome.Settled _) -> metrics.count(Metric.SUPERSEDED);
      case Settlement.Overtaken(DocumentWrite write, Outcome outcome) ->
          written(streamRecord, write, outcome, now);
      case Settlement.ExpiryKept _ -> metrics.count(Metric.EXPIRIES_KEPT);
      case Settlement.Unreadable(String problem) -> {
        metrics.count(Metric.UNREADABLE);
        log.error("record_unreadable", json -> about(json, streamRecord, problem));
      }
    }
  }

  private void written(
      DynamodbStreamRecord streamRecord, DocumentWrite write, Outcome outcome, Instant now) {
    switch (outcome) {
      case Outcome.Applied(List<String> overflowed) ->
          applied(write.change(), overflowed, now, write.id());
      case Outcome.Superseded _ -> metrics.count(Metric.SUPERSEDED);
      case Outcome.Deferred(String reason) ->
          failed(Metric.DEFERRED, "change_deferred", streamRecord, write, reason);
      case Outcome.Rejected(String reason) ->
          failed(Metric.REJECTED, "change_rejected", streamRecord, write, reason);
    }
  }

  private void applied(Change change, List<String> overflowed, Instant now, String id) {
    metrics.count(Metric.APPLIED);
    Instant writtenAt = lagSource == null ? null : lagSource.writtenAt(change);
    if (writtenAt != null) {
      metrics.lag(Duration.between(writtenAt, now));
    }
    metrics.count(Metric.OVERFLOWED_ATTRIBUTES, overflowed.size());
    for (String attribute : overflowed) {
      log.warn(
          "attribute_overflowed",
          json -> {
            json.writeStringField("index", index);
            json.writeStringField("key", id);
            json.writeStringField("attribute", attribute);
          });
    }
  }

  private void failed(
      Metric metric,
      String event,
      DynamodbStreamRecord streamRecord,
      DocumentWrite write,
      String reason) {
    metrics.count(metric);
    log.error(
        event,
        json -> {
          about(json, streamRecord, reason);
          json.writeStringField("key", write.id());
        });
  }

  private void about(JsonGenerator json, DynamodbStreamRecord streamRecord, String reason)
      throws IOException {
    json.writeStringField("index", index);
    json.writeStringField("stream", streamRecord.getEventSourceARN());
    json.writeStringField("sequenceNumber", Records.sequenceNumber(streamRecord));
    json.writeStringField("reason", reason);
  }

  @Override
  public void retrying(int writes, String cause) {
    metrics.count(Metric.RETRIES, writes);
    log.warn(
        "writes_retried",
        json -> {
          json.writeStringField("index", index);
          json.writeNumberField("writes", writes);
          json.writeStringField("reason", cause);
        });
  }

  @Override
  public void mappingRefused(String cause) {
    log.error(
        "mapping_refused",
        json -> {
          json.writeStringField("index", index);
          json.writeStringField(
              "reason",
              cause + ": the standing index keeps its own mapping; build it anew for the new one");
        });
  }
}
