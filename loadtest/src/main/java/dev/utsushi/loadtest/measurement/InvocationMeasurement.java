package dev.utsushi.loadtest.measurement;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.utsushi.loadtest.simulation.InvocationTime;
import dev.utsushi.loadtest.units.LagHistogram;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * How long invocations took in a load test. The result of a load test, a JSON object, has it as its
 * member {@value #MEMBER}:
 *
 * <pre>{"invocation": {"records": 1, "percentilesMillis": {"0": 31.2, "50": 40.1, "100": 95}}}
 * </pre>
 *
 * @param records in a batch, on average
 * @param percentilesMillis times by percentile, 0 to 100
 */
public record InvocationMeasurement(double records, SortedMap<Double, Double> percentilesMillis) {
  public static final String MEMBER = "invocation";
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final double[] KEPT = {
    0, 1, 5, 10, 20, 30, 40, 50, 60, 70, 80, 90, 95, 98, 99, 99.5, 99.9, 100
  };

  /**
   * @throws IllegalArgumentException if there is no time, or a batch has less than one record
   */
  public InvocationMeasurement {
    if (percentilesMillis == null || percentilesMillis.isEmpty()) {
      throw new IllegalArgumentException("no invocation was measured");
    }
    if (!(records >= 1)) {
      throw new IllegalArgumentException("a batch has at least one record, not " + records);
    }
  }

  /** Returns the percentiles of times in a histogram. */
  static InvocationMeasurement of(LagHistogram times, double records) {
    SortedMap<Double, Double> millis = new TreeMap<>();
    for (double each : KEPT) {
      Duration time = each == 100 ? times.max() : times.percentile(each);
      millis.put(each, time.toNanos() / 1e6);
    }
    return new InvocationMeasurement(records, millis);
  }

  /**
   * Reads the result of a load test.
   *
   * @throws UncheckedIOException if the file can't be read
   * @throws IllegalArgumentException if it holds no such measurement
   */
  public static InvocationMeasurement read(Path file) {
    JsonNode json = json(file);
    if (json.has("counts") && !json.has(MEMBER)) {
      throw new IllegalArgumentException(
          file + " has no invocations: a plan needs the test of a function");
    }
    try {
      return MAPPER.treeToValue(json.required(MEMBER), InvocationMeasurement.class);
    } catch (JsonProcessingException | IllegalArgumentException e) {
      throw new IllegalArgumentException(file + " is no result of a load test", e);
    }
  }

  private static JsonNode json(Path file) {
    try {
      return MAPPER.readTree(file.toFile());
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(file + " is no result of a load test", e);
    } catch (IOException e) {
      throw new UncheckedIOException(file + " can't be read", e);
    }
  }

  /**
   * Returns the time for a simulation: what was measured with batches of this size, less the part
   * of the records after the first.
   */
  public InvocationTime time(Duration perRecord) {
    long others = Math.round(perRecord.toNanos() * (records - 1));
    Map<Double, Duration> first = new TreeMap<>();
    // At least a microsecond: a time per record that is set too high must not make it negative.
    percentilesMillis.forEach(
        (percentile, millis) ->
            first.put(
                percentile, Duration.ofNanos(Math.max(1000, Math.round(millis * 1e6) - others))));
    return InvocationTime.measured(first).withPerRecord(perRecord);
  }
}
