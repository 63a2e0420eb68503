package dev.utsushi.core.telemetry;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.time.InstantSource;
import java.util.Map;

/**
 * Writes a log of JSON objects, one in each line.
 *
 * <p>They go straight to standard output: Lambda <a
 * href="https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs-advanced.html">takes
 * lines that are JSON as they are</a>, while its own logger would wrap them in another object, and
 * CloudWatch would not find the metrics in there.
 */
public final class Log {
  private static final JsonFactory JSON = new JsonFactory();

  private final PrintStream out;
  private final InstantSource clock;

  /** Creates a log that goes to this stream. */
  public Log(PrintStream out, InstantSource clock) {
    this.out = out;
    this.clock = clock;
  }

  /** Logs the success of something that is worth a line. */
  public void info(String event, Fields fields) {
    line("INFO", event, fields);
  }

  /** Logs something that an operator should know, but need not act on. */
  public void warn(String event, Fields fields) {
    line("WARN", event, fields);
  }

  /** Logs a failure; the fields say what to change. */
  public void error(String event, Fields fields) {
    line("ERROR", event, fields);
  }

  /** Logs a metric by itself, unless it is zero: of a handler that has no other figures. */
  public void count(Map<String, String> dimensions, Metric metric, long count) {
    if (count > 0) {
      metrics(dimensions, Map.of(metric, count));
    }
  }

  /** Logs metrics by themselves, zeros as well. */
  public void metrics(Map<String, String> dimensions, Map<Metric, Long> numbers) {
    InvocationMetrics.write(this, dimensions, clock.instant(), numbers);
  }

  private void line(String level, String event, Fields fields) {
    object(
        json -> {
          json.writeStringField("timestamp", clock.instant().toString());
          json.writeStringField("level", level);
          json.writeStringField("event", event);
          fields.write(json);
        });
  }

  /** Writes a line with these fields and no others. */
  void object(Fields fields) {
    ByteArrayOutputStream line = new ByteArrayOutputStream(1024);
    try (JsonGenerator json = JSON.createGenerator(line)) {
      json.writeStartObject();
      fields.write(json);
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException("Memory can be written to.", e);
    }
    line.write('\n');
    out.write(line.toByteArray(), 0, line.size());
    out.flush();
  }

  /** The fields of a line. */
  @FunctionalInterface
  public interface Fields {
    /** Writes them. */
    void write(JsonGenerator json) throws IOException;
  }
}
