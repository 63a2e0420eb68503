package dev.utsushi.loadtest.measurement;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.utsushi.loadtest.simulation.InvocationTime;
import dev.utsushi.loadtest.units.LagHistogram;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * How long invocations took in a load test. In its result, a JSON object, it is the member {@value
 * #MEMBER}:
 *
 * <pre>{"invocation": {"records": 1, "percentilesMillis": {"0": 31.2, "50": 40.1, "100": 95}}}
 * </pre>
 *
 * @param records in a batch, on average
 * @param byPercentile times by percentile, 0 to 100
 */
public record InvocationMeasurement(double records, Map<Double, Duration> byPercentile) {
  public static final String MEMBER = "invocation";
  private static final String RECORDS = "records";
  private static final String PERCENTILES = "percentilesMillis";
  private static final double[] KEPT = {
    0, 1, 5, 10, 20, 30, 40, 50, 60, 70, 80, 90, 95, 98, 99, 99.5, 99.9, 100
  };

  /**
   * @throws IllegalArgumentException if there is no time, or a batch has less than one record
   */
  public InvocationMeasurement {
    byPercentile = Map.copyOf(byPercentile);
    if (byPercentile.isEmpty()) {
      throw new IllegalArgumentException("no invocation was measured");
    }
    if (!(records >= 1)) {
      throw new IllegalArgumentException("a batch has at least one record, not " + records);
    }
  }

  /** Of times that were recorded in a histogram. */
  public static InvocationMeasurement of(LagHistogram times, double records) {
    Map<Double, Duration> byPercentile = new TreeMap<>();
    for (double each : KEPT) {
      if (times.count() > 0) {
        byPercentile.put(each, each == 100 ? times.max() : times.percentile(each));
      }
    }
    return new InvocationMeasurement(records, byPercentile);
  }

  /**
   * Reads the result of a load test.
   *
   * @throws UncheckedIOException if the file can't be read
   * @throws IllegalArgumentException if it holds no such measurement
   */
  public static InvocationMeasurement read(Path file) {
    try {
      JsonNode measured = new ObjectMapper().readTree(file.toFile()).path(MEMBER);
      Map<Double, Duration> byPercentile = new TreeMap<>();
      for (var each : measured.path(PERCENTILES).properties()) {
        byPercentile.put(Double.valueOf(each.getKey()), ofMillis(each.getValue().asDouble()));
      }
      return new InvocationMeasurement(measured.path(RECORDS).asDouble(1), byPercentile);
    } catch (JsonProcessingException | IllegalArgumentException e) {
      throw new IllegalArgumentException(file + " is no result of a load test", e);
    } catch (IOException e) {
      throw new UncheckedIOException(file + " can't be read", e);
    }
  }

  private static Duration ofMillis(double millis) {
    return Duration.ofNanos(Math.round(millis * 1e6));
  }

  /** Adds {@value #MEMBER} to the JSON of a run. */
  public void addTo(ObjectNode run) {
    ObjectNode json = run.putObject(MEMBER).put(RECORDS, records);
    ObjectNode percentiles = json.putObject(PERCENTILES);
    new TreeMap<>(byPercentile)
        .forEach(
            (percentile, time) -> percentiles.put(percentile.toString(), time.toNanos() / 1e6));
  }

  /**
   * For a simulation: what was measured with so many records, less the part of those after the
   * first.
   */
  public InvocationTime time(Duration perRecord) {
    long others = Math.round(perRecord.toNanos() * (records - 1));
    NavigableMap<Double, Duration> first = new TreeMap<>(byPercentile);
    // Times are never below a microsecond: a per-record time that is set too high must not turn
    // them.
    first.replaceAll((_, time) -> Duration.ofNanos(Math.max(1000, time.toNanos() - others)));
    return InvocationTime.measured(first).withPerRecord(perRecord);
  }
}
