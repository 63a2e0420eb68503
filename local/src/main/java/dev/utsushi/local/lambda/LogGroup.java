package dev.utsushi.local.lambda;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/**
 * The last lines of a function's log, metrics left out, as CloudWatch Logs finds them.
 *
 * @see <a
 *     href="https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_FilterLogEvents.html">FilterLogEvents</a>
 */
public final class LogGroup {
  private static final int MOST_LINES = 1_000;
  private static final String METRICS = "\"_aws\"";
  private static final ObjectMapper JSON = new ObjectMapper();

  /** The one form of filter patterns that is understood: a field is one of some texts. */
  private static final Pattern TERM = Pattern.compile("\\$\\.(\\w+) = \"([^\"]*)\"");

  private final Deque<Event> events = new ArrayDeque<>();
  private final String name;

  private record Event(long timestamp, String message) {}

  LogGroup(String name) {
    this.name = name;
  }

  /** Returns the name that Lambda gives to a function's log group. */
  public String name() {
    return name;
  }

  Consumer<LogLine> before(Consumer<LogLine> next) {
    return line -> {
      add(line.text());
      next.accept(line);
    };
  }

  private synchronized void add(String text) {
    if (text.contains(METRICS)) {
      return;
    }
    events.add(new Event(Instant.now().toEpochMilli(), text));
    if (events.size() > MOST_LINES) {
      events.remove();
    }
  }

  /** Answers a request of FilterLogEvents, in one page. */
  synchronized ObjectNode filter(JsonNode request) {
    ObjectNode reply = JSON.createObjectNode();
    ArrayNode found = reply.putArray("events");
    long start = request.path("startTime").asLong(0);
    long end = request.path("endTime").asLong(Long.MAX_VALUE);
    String pattern = request.path("filterPattern").asText();
    events.stream()
        .filter(event -> event.timestamp() >= start && event.timestamp() <= end)
        .filter(event -> pattern.isEmpty() || matches(event.message(), pattern))
        .forEach(
            event ->
                found
                    .addObject()
                    .put("timestamp", event.timestamp())
                    .put("message", event.message()));
    return reply;
  }

  private static boolean matches(String message, String pattern) {
    try {
      JsonNode json = JSON.readTree(message);
      return TERM.matcher(pattern)
          .results()
          .anyMatch(term -> json.path(term.group(1)).asText().equals(term.group(2)));
    } catch (JsonProcessingException e) {
      return false;
    }
  }
}
