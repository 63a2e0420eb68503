package dev.utsushi.core.replication;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.utsushi.core.change.Change;
import dev.utsushi.core.change.Value;
import dev.utsushi.core.index.IndexWriter;
import dev.utsushi.core.index.IndexWriter.DocumentWrite;
import dev.utsushi.core.index.Outcome;
import dev.utsushi.core.telemetry.InvocationMetrics;
import dev.utsushi.core.telemetry.Log;
import dev.utsushi.core.telemetry.Metric;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Reports an invocation: its metrics, and a log line for each record that needs an operator's
 * attention.
 */
public final class ReplicationTelemetry implements IndexWriter.Listener {
  private static final Instant LAST_PLAUSIBLE = Instant.parse("2999-12-31T23:59:59Z");

  private final String index;
  private final Map<String, String> dimensions;
  private final Lag lag;
  private final Log log;
  private final InstantSource clock;

  private InvocationMetrics metrics;
  private Instant startedAt = Instant.EPOCH;

  /** The documents that hold an attribute in their overflow, by attribute. */
  private final Map<String, List<String>> overflowed = new LinkedHashMap<>();

  /** Where the lag of a change is measured from. */
  public sealed interface Lag {
    /** The stream's own time, in whole seconds. */
    record FromStream() implements Lag {}

    /**
     * An attribute that the application fills with milliseconds since the epoch or ISO 8601.
     * Without it there is no figure, rather than one of another accuracy.
     */
    record FromAttribute(String name) implements Lag {}

    /** Not measured: a replay's changes are old. */
    record None() implements Lag {}
  }

  /** Creates the telemetry of one function. */
  public ReplicationTelemetry(
      String index, Map<String, String> dimensions, Lag lag, Log log, InstantSource clock) {
    this.index = index;
    this.dimensions = dimensions;
    metrics = new InvocationMetrics(dimensions);
    this.lag = lag;
    this.log = log;
    this.clock = clock;
  }

  void start() {
    metrics = new InvocationMetrics(dimensions);
    overflowed.clear();
    startedAt = clock.instant();
  }

  void report(List<RecordResult> results) {
    Instant now = clock.instant();
    metrics.writeDuration(Duration.between(startedAt, now));
    results.forEach(result -> report(result, now));
    overflowed.forEach(this::logOverflowed);
    metrics.writeTo(log, now);
  }

  private void report(RecordResult result, Instant now) {
    switch (result.outcome()) {
      case Outcome.Applied(List<String> attributes) ->
          applied(Objects.requireNonNull(result.write()), attributes, now);
      case Outcome.Superseded _ -> metrics.count(Metric.SUPERSEDED);
      case Outcome.ExpiryKept _ -> metrics.count(Metric.EXPIRIES_KEPT);
      case Outcome.Deferred(String reason) ->
          failed(Metric.DEFERRED, "change_deferred", result, reason);
      case Outcome.Rejected(String reason, _) ->
          failed(Metric.REJECTED, "change_rejected", result, reason);
      case Outcome.Unreadable(String reason) ->
          failed(Metric.UNREADABLE, "record_unreadable", result, reason);
      case Outcome.Expired _ ->
          throw new IllegalArgumentException("A record that was read has not expired.");
    }
  }

  private void applied(DocumentWrite write, List<String> attributes, Instant now) {
    metrics.count(Metric.APPLIED);
    Instant writtenAt = writtenAt(write.change());
    if (writtenAt != null) {
      metrics.lag(Duration.between(writtenAt, now));
    }
    metrics.count(Metric.OVERFLOWED_ATTRIBUTES, attributes.size());
    attributes.forEach(
        name -> overflowed.computeIfAbsent(name, _ -> new ArrayList<>()).add(write.id()));
  }

  /** One line for each attribute: a batch may hold a thousand documents with the same one. */
  private void logOverflowed(String attribute, List<String> documents) {
    log.warn(
        "attribute_overflowed",
        json -> {
          json.writeStringField("index", index);
          json.writeStringField("key", documents.getFirst());
          json.writeStringField("attribute", attribute);
          json.writeNumberField("documents", documents.size());
        });
  }

  private @Nullable Instant writtenAt(Change change) {
    return switch (lag) {
      case Lag.FromStream _ -> change.changedAt();
      case Lag.FromAttribute(String name) ->
          change instanceof Change.Upsert upsert ? plausible(upsert.item().get(name)) : null;
      case Lag.None _ -> null;
    };
  }

  /** Returns the time in the attribute, or null if no table can have been written then. */
  private static @Nullable Instant plausible(@Nullable Value value) {
    Instant instant = instant(value);
    return instant == null || instant.isBefore(Instant.EPOCH) || instant.isAfter(LAST_PLAUSIBLE)
        ? null
        : instant;
  }

  private static @Nullable Instant instant(@Nullable Value value) {
    try {
      if (value instanceof Value.Decimal(String digits)) {
        return Instant.ofEpochMilli(
            new BigDecimal(digits).setScale(0, RoundingMode.DOWN).longValueExact());
      }
      return value instanceof Value.Text(String text)
          ? OffsetDateTime.parse(text).toInstant()
          : null;
    } catch (DateTimeException | ArithmeticException | NumberFormatException e) {
      return null;
    }
  }

  private void failed(Metric metric, String event, RecordResult result, String reason) {
    metrics.count(metric);
    log.error(event, json -> writeFailure(json, result, reason));
  }

  private void writeFailure(JsonGenerator json, RecordResult result, String reason)
      throws IOException {
    json.writeStringField("index", index);
    json.writeStringField("stream", result.streamRecord().streamArn());
    json.writeStringField("sequenceNumber", result.streamRecord().sequenceNumber());
    json.writeStringField("reason", reason);
    if (result.write() != null) {
      json.writeStringField("key", result.write().id());
    }
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
              cause + ": the index keeps its current mapping; rebuild it to use the new one");
        });
  }
}
