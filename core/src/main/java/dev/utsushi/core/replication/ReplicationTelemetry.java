package dev.utsushi.core.replication;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.utsushi.core.change.Change;
import dev.utsushi.core.change.Value;
import dev.utsushi.core.index.IndexWriter;
import dev.utsushi.core.index.IndexWriter.DocumentWrite;
import dev.utsushi.core.index.Outcome;
import dev.utsushi.core.replication.RecordResult.Written;
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
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Reports an invocation: its metrics, and a log line for each record that needs an operator's
 * attention.
 */
public final class ReplicationTelemetry implements IndexWriter.Listener {
  private static final Instant LAST_PLAUSIBLE = Instant.parse("2999-12-31T23:59:59Z");

  private final List<String> indexes;
  private final Map<String, String> dimensions;
  private final Lag lag;
  private final Log log;
  private final InstantSource clock;

  private InvocationMetrics metrics;
  private Instant startedAt = Instant.EPOCH;

  /** The documents that hold an attribute in their overflow, by attribute. */
  private final Map<Attribute, List<String>> overflowed = new LinkedHashMap<>();

  /** An attribute in one of the indexes. */
  private record Attribute(int target, String name) {}

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

  /** Creates the telemetry of a function with one index. */
  public ReplicationTelemetry(
      String index, Map<String, String> dimensions, Lag lag, Log log, InstantSource clock) {
    this(List.of(index), dimensions, lag, log, clock);
  }

  /**
   * Creates the telemetry of one function.
   *
   * @param indexes in the order of {@link DocumentWrite#target}; the first one names the stream
   */
  public ReplicationTelemetry(
      List<String> indexes, Map<String, String> dimensions, Lag lag, Log log, InstantSource clock) {
    this.indexes = indexes;
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
    if (indexes.size() > 1) {
      reportIndexes(results);
    }
  }

  /** Writes a line for each of several indexes that got something. */
  private void reportIndexes(List<RecordResult> results) {
    Map<Integer, Map<Metric, Long>> byTarget = new TreeMap<>();
    for (RecordResult result : results) {
      for (Written written : result.writes()) {
        Metric metric = metric(written);
        if (metric != null) {
          byTarget
              .computeIfAbsent(written.write().target(), _ -> new EnumMap<>(Metric.class))
              .merge(metric, 1L, Long::sum);
        }
      }
    }
    byTarget.forEach(
        (target, numbers) -> {
          Map<String, String> ofIndex = new LinkedHashMap<>(dimensions);
          ofIndex.put(Metric.INDEX_DIMENSION, indexes.get(target));
          log.metrics(ofIndex, numbers);
        });
  }

  private static @Nullable Metric metric(Written written) {
    return switch (written.outcome()) {
      case Outcome.Applied _ ->
          written.write().change() instanceof Change.Removal ? Metric.TOMBSTONES : Metric.DOCUMENTS;
      case Outcome.Processed _ -> null;
      case Outcome.Failed _ -> Metric.FAILED_WRITES;
    };
  }

  private void report(RecordResult result, Instant now) {
    switch (result.outcome()) {
      case Outcome.Applied _ -> applied(result, now);
      case Outcome.Superseded _ -> metrics.count(Metric.SUPERSEDED);
      case Outcome.ExpiryKept _ -> metrics.count(Metric.EXPIRIES_KEPT);
      case Outcome.LeftOut _ -> metrics.count(Metric.FILTERED);
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

  private void applied(RecordResult result, Instant now) {
    metrics.count(Metric.APPLIED);
    Instant writtenAt = writtenAt(result);
    if (writtenAt != null) {
      metrics.lag(Duration.between(writtenAt, now));
    }
    for (Written written : result.writes()) {
      if (written.outcome() instanceof Outcome.Applied(List<String> attributes)) {
        overflowed(written.write(), attributes);
      }
    }
  }

  private void overflowed(DocumentWrite write, List<String> attributes) {
    metrics.count(Metric.OVERFLOWED_ATTRIBUTES, attributes.size());
    for (String name : attributes) {
      overflowed
          .computeIfAbsent(new Attribute(write.target(), name), _ -> new ArrayList<>())
          .add(write.id());
    }
  }

  /** One line for each attribute: a batch may hold a thousand documents with the same one. */
  private void logOverflowed(Attribute attribute, List<String> documents) {
    log.warn(
        "attribute_overflowed",
        json -> {
          json.writeStringField("index", indexes.get(attribute.target()));
          json.writeStringField("key", documents.getFirst());
          json.writeStringField("attribute", attribute.name());
          json.writeNumberField("documents", documents.size());
        });
  }

  private @Nullable Instant writtenAt(RecordResult result) {
    return switch (lag) {
      case Lag.FromStream _ -> Objects.requireNonNull(result.write()).change().changedAt();
      case Lag.FromAttribute(String name) -> plausible(attribute(result, name));
      case Lag.None _ -> null;
    };
  }

  /** The record has what the index may not show. */
  private static @Nullable Value attribute(RecordResult result, String name) {
    Map<String, Value> image = result.streamRecord().newImage();
    if (image != null) {
      return image.get(name);
    }
    return Objects.requireNonNull(result.write()).change() instanceof Change.Upsert upsert
        ? upsert.item().get(name)
        : null;
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
    json.writeStringField("index", indexes.get(failedTarget(result)));
    json.writeStringField("stream", result.streamRecord().streamArn());
    json.writeStringField("sequenceNumber", result.streamRecord().sequenceNumber());
    json.writeStringField("reason", reason);
    if (result.write() != null) {
      json.writeStringField("key", result.write().id());
    }
  }

  private static int failedTarget(RecordResult result) {
    return result.writes().stream()
        .filter(written -> written.outcome().equals(result.outcome()))
        .mapToInt(written -> written.write().target())
        .findFirst()
        .orElse(0);
  }

  @Override
  public void retrying(int writes, String cause) {
    retrying(0, writes, cause);
  }

  private void retrying(int target, int writes, String cause) {
    metrics.count(Metric.RETRIES, writes);
    log.warn(
        "writes_retried",
        json -> {
          json.writeStringField("index", indexes.get(target));
          json.writeNumberField("writes", writes);
          json.writeStringField("reason", cause);
        });
  }

  @Override
  public void mappingRefused(String cause) {
    mappingRefused(0, cause);
  }

  private void mappingRefused(int target, String cause) {
    report(
        "mapping_refused",
        target,
        cause + ": the index keeps its current mapping; rebuild it to use the new one");
  }

  @Override
  public void projectionDiffers() {
    projectionDiffers(0);
  }

  private void projectionDiffers(int target) {
    report(
        "projection_differs",
        target,
        "the index was filled by another projection than the settings have; rebuild it with"
            + " 'utsushi reindex'");
  }

  private void report(String event, int target, String reason) {
    log.error(
        event,
        json -> {
          json.writeStringField("index", indexes.get(target));
          json.writeStringField("reason", reason);
        });
  }

  /** Returns the listener of one of the table's indexes. */
  public IndexWriter.Listener of(int target) {
    return target == 0 ? this : new OfTarget(this, target);
  }

  private record OfTarget(ReplicationTelemetry telemetry, int target)
      implements IndexWriter.Listener {
    @Override
    public void retrying(int writes, String cause) {
      telemetry.retrying(target, writes, cause);
    }

    @Override
    public void mappingRefused(String cause) {
      telemetry.mappingRefused(target, cause);
    }

    @Override
    public void projectionDiffers() {
      telemetry.projectionDiffers(target);
    }
  }
}
