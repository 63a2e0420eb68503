package dev.utsushi.cli.demo;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.utsushi.core.telemetry.Metric;
import dev.utsushi.local.lambda.LogLine;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;

/** Reads what the function logs, as CloudWatch would: its metrics, and its last words. */
final class FunctionLog implements Consumer<LogLine> {
  private static final JsonMapper JSON = new JsonMapper();
  private static final int LAST_WORDS = 3;
  private static final int LONGEST_GIST = 300;

  private final LagRecorder lag = new LagRecorder();
  private final LongAdder overflowed = new LongAdder();
  private final LongAdder retries = new LongAdder();
  private final Deque<String> lastWords = new ArrayDeque<>();
  private final Consumer<String> echo;

  /** Every line but metrics goes to the echo too. */
  FunctionLog(Consumer<String> echo) {
    this.echo = echo;
  }

  /** From the write to the table until the document was written. */
  LagRecorder lag() {
    return lag;
  }

  long overflowedAttributes() {
    return overflowed.sum();
  }

  long retries() {
    return retries.sum();
  }

  /** The last lines that were no metrics, for a function that does not work. */
  synchronized List<String> lastWords() {
    return List.copyOf(lastWords);
  }

  @Override
  public void accept(LogLine line) {
    JsonNode json = parse(line.text());
    if (json.has("_aws")) {
      count(json);
    } else if (!line.text().isBlank()) {
      keep(gist(json, line.text()));
      echo.accept("[" + line.pid() + "] " + line.text());
    }
  }

  private void count(JsonNode metrics) {
    metrics.path(Metric.LAG.title()).forEach(millis -> lag.record(millis.asLong()));
    overflowed.add(metrics.path(Metric.OVERFLOWED_ATTRIBUTES.title()).asLong());
    retries.add(metrics.path(Metric.RETRIES.title()).asLong());
  }

  private synchronized void keep(String text) {
    lastWords.addLast(text);
    if (lastWords.size() > LAST_WORDS) {
      lastWords.removeFirst();
    }
  }

  /** What happened, in a line: the stack trace that may follow is for --debug. */
  private static String gist(JsonNode json, String text) {
    String gist =
        json.has("event")
            ? json.path("event").asText() + ": " + json.path("reason").asText()
            : json.path("message").asText(text);
    String firstLine = gist.lines().findFirst().orElse("");
    return firstLine.length() <= LONGEST_GIST
        ? firstLine
        : firstLine.substring(0, LONGEST_GIST) + "…";
  }

  private static JsonNode parse(String text) {
    try {
      return text.startsWith("{") ? JSON.readTree(text) : JSON.missingNode();
    } catch (JsonProcessingException _) {
      return JSON.missingNode();
    }
  }
}
