package dev.utsushi.cli.chaos;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.utsushi.core.telemetry.Metric;
import dev.utsushi.local.lambda.LogLine;
import dev.utsushi.testbed.search.SearchApi;
import java.io.IOException;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** The function's own account of what it did: the sums of the metrics that it logs. */
final class FunctionTotals implements Consumer<LogLine> {

  /** Each record of an invocation is counted under one of these. */
  private static final List<Metric> OUTCOMES =
      List.of(
          Metric.APPLIED,
          Metric.SUPERSEDED,
          Metric.DEFERRED,
          Metric.REJECTED,
          Metric.UNREADABLE,
          Metric.EXPIRIES_KEPT);

  private final Map<Metric, Long> sums = new EnumMap<>(Metric.class);
  private final Consumer<String> echo;

  /** Every line but metrics goes to the echo too. */
  FunctionTotals(Consumer<String> echo) {
    this.echo = echo;
  }

  @Override
  public void accept(LogLine line) {
    JsonNode json = parse(line.text());
    if (!json.has("_aws")) {
      echo.accept("[" + line.pid() + "] " + line.text());
      return;
    }
    synchronized (this) {
      for (Metric metric : Metric.values()) {
        JsonNode value = json.path(metric.title());
        if (value.isIntegralNumber()) {
          sums.merge(metric, value.asLong(), Long::sum);
        }
      }
    }
  }

  synchronized long sum(Metric metric) {
    return sums.getOrDefault(metric, 0L);
  }

  /** Records that the function counted, whatever became of them. */
  synchronized long records() {
    return OUTCOMES.stream().mapToLong(this::sum).sum();
  }

  private static JsonNode parse(String text) {
    try {
      return text.startsWith("{") ? SearchApi.parse(text) : MissingNode.getInstance();
    } catch (IOException _) {
      return MissingNode.getInstance();
    }
  }
}
