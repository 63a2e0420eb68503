package dev.utsushi.core.telemetry;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;

/**
 * The metrics of one invocation, as one line in CloudWatch's <a
 * href="https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html">embedded
 * metric format</a>: no call to an API, no library.
 */
public final class InvocationMetrics {
  /** The format's limit for values of one metric in one line. */
  private static final int MOST_VALUES = 100;

  private final Map<String, String> dimensions;
  private final Map<Metric, Long> numbers = new EnumMap<>(Metric.class);
  private final List<Long> lagMillis = new ArrayList<>();

  /** Starts all numbers at zero, so that CloudWatch's graphs have no gaps. */
  public InvocationMetrics(Map<String, String> dimensions) {
    this.dimensions = dimensions;
    for (Metric metric : EnumSet.range(Metric.APPLIED, Metric.WRITE_DURATION)) {
      if (metric != Metric.LAG) {
        numbers.put(metric, 0L);
      }
    }
  }

  /** Adds one to a count. */
  public void count(Metric metric) {
    count(metric, 1);
  }

  /** Adds to a count. */
  public void count(Metric metric, long more) {
    numbers.merge(metric, more, Long::sum);
  }

  /** Adds the lag of a change: the time from the write to the table until it was indexed. */
  public void lag(Duration lag) {
    lagMillis.add(Math.max(0, lag.toMillis()));
  }

  /** Sets the time that the engine took. */
  public void writeDuration(Duration duration) {
    numbers.put(Metric.WRITE_DURATION, duration.toMillis());
  }

  /** Writes one line, or several if there are more lags than one can hold. */
  public void writeTo(Log log, Instant now) {
    log.object(json -> writeLine(json, dimensions, now, numbers, lags(0)));
    for (int from = MOST_VALUES; from < lagMillis.size(); from += MOST_VALUES) {
      List<Long> lags = lags(from);
      log.object(json -> writeLine(json, dimensions, now, Map.of(), lags));
    }
  }

  static void write(
      Log log, Map<String, String> dimensions, Instant now, Map<Metric, Long> numbers) {
    log.object(json -> writeLine(json, dimensions, now, numbers, List.of()));
  }

  private List<Long> lags(int from) {
    return lagMillis.subList(from, Math.min(from + MOST_VALUES, lagMillis.size()));
  }

  private static void writeLine(
      JsonGenerator json,
      Map<String, String> dimensions,
      Instant now,
      Map<Metric, Long> numbers,
      List<Long> lags)
      throws IOException {
    List<Metric> metrics = new ArrayList<>(numbers.keySet());
    if (!lags.isEmpty()) {
      metrics.add(Metric.LAG);
    }
    writeHead(json, dimensions, now, metrics);
    for (var number : numbers.entrySet()) {
      json.writeNumberField(number.getKey().title(), number.getValue());
    }
    if (!lags.isEmpty()) {
      json.writeArrayFieldStart(Metric.LAG.title());
      for (long lag : lags) {
        json.writeNumber(lag);
      }
      json.writeEndArray();
    }
  }

  private static void writeHead(
      JsonGenerator json, Map<String, String> dimensions, Instant now, List<Metric> metrics)
      throws IOException {
    json.writeObjectFieldStart("_aws");
    json.writeNumberField("Timestamp", now.toEpochMilli());
    json.writeArrayFieldStart("CloudWatchMetrics");
    json.writeStartObject();
    json.writeStringField("Namespace", Metric.NAMESPACE);
    json.writeArrayFieldStart("Dimensions");
    json.writeStartArray();
    for (String dimension : dimensions.keySet()) {
      json.writeString(dimension);
    }
    json.writeEndArray();
    json.writeEndArray();
    json.writeArrayFieldStart("Metrics");
    for (Metric metric : metrics) {
      json.writeStartObject();
      json.writeStringField("Name", metric.title());
      json.writeStringField("Unit", metric.unit());
      json.writeEndObject();
    }
    json.writeEndArray();
    json.writeEndObject();
    json.writeEndArray();
    json.writeEndObject();
    for (var dimension : dimensions.entrySet()) {
      json.writeStringField(dimension.getKey(), dimension.getValue());
    }
  }
}
