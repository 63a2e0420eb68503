package dev.utsushi.testbed.pipeline;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.utsushi.core.telemetry.Metric;
import dev.utsushi.local.lambda.LogLine;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** Reads what functions log, as CloudWatch does: sums their metrics and keeps the last lines. */
public final class FunctionLog implements Consumer<LogLine> {
  private static final JsonMapper JSON = new JsonMapper();
  private static final int LAST_LINES = 3;
  private static final int LONGEST_LINE = 300;

  /** A record of an invocation counts under one of these. */
  private static final List<Metric> OUTCOMES =
      List.of(
          Metric.APPLIED,
          Metric.SUPERSEDED,
          Metric.DEFERRED,
          Metric.REJECTED,
          Metric.UNREADABLE,
          Metric.FILTERED,
          Metric.EXPIRIES_KEPT);

  private final Map<Metric, Long> sums = new EnumMap<>(Metric.class);
  private final Deque<String> lastLines = new ArrayDeque<>();
  private final Consumer<String> echo;

  /**
   * @param echo receives every line but metrics
   */
  public FunctionLog(Consumer<String> echo) {
    this.echo = echo;
  }

  @Override
  public void accept(LogLine line) {
    JsonNode json = parse(line.text());
    if (json.has("_aws")) {
      add(json);
    } else if (!line.text().isBlank()) {
      keep(summary(json, line.text()));
      echo.accept("[" + line.pid() + "] " + line.text());
    }
  }

  private synchronized void add(JsonNode metrics) {
    for (Metric metric : Metric.values()) {
      JsonNode value = metrics.path(metric.title());
      if (value.isIntegralNumber()) {
        sums.merge(metric, value.asLong(), Long::sum);
      }
    }
  }

  private synchronized void keep(String line) {
    lastLines.addLast(line);
    if (lastLines.size() > LAST_LINES) {
      lastLines.removeFirst();
    }
  }

  /** One line: a stack trace that may follow is left out. */
  private static String summary(JsonNode json, String text) {
    String summary =
        json.has("event")
            ? json.path("event").asText() + ": " + json.path("reason").asText()
            : json.path("message").asText(text);
    String line = summary.lines().findFirst().orElse("");
    return line.length() <= LONGEST_LINE ? line : line.substring(0, LONGEST_LINE) + "…";
  }

  private static JsonNode parse(String text) {
    try {
      return text.startsWith("{") ? JSON.readTree(text) : JSON.missingNode();
    } catch (JsonProcessingException _) {
      return JSON.missingNode();
    }
  }

  /** Returns the sum of a metric that is a whole number in each line. */
  public synchronized long sum(Metric metric) {
    return sums.getOrDefault(metric, 0L);
  }

  /** Returns how many records the functions counted, whatever their outcome. */
  public synchronized long records() {
    return OUTCOMES.stream().mapToLong(this::sum).sum();
  }

  /** Returns the last lines that were no metrics, for a function that does not work. */
  public synchronized List<String> lastLines() {
    return List.copyOf(lastLines);
  }
}
