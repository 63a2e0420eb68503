package dev.utsushi.core.index;

import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.utsushi.core.search.HttpCaller.HttpReply;
import dev.utsushi.core.search.SearchClient;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Stops the refreshes of the index that readers are about to leave, so that they see no change in
 * it that the next index does not show yet.
 *
 * <p>The setting itself keeps the interval from before, with {@link #PAUSE} added to it. So whoever
 * comes next can end a pause that was cut off.
 *
 * @see <a
 *     href="https://docs.opensearch.org/latest/install-and-configure/configuring-opensearch/index-settings/">Index
 *     settings: refresh_interval</a>
 */
record RefreshPause(SearchClient client) {
  private static final JsonMapper JSON = new JsonMapper();

  /** A hundred days, in milliseconds: nobody refreshes as seldom as that. */
  private static final long PAUSE = TimeUnit.DAYS.toMillis(100);

  private static final String ANSWER =
      "error.type,error.caused_by.type,*.settings.index.refresh_interval";
  private static final Pattern INTERVAL = Pattern.compile("(\\d+)(nanos|micros|ms|s|m|h|d)");

  private static final Map<String, TimeUnit> UNITS =
      Map.of(
          "nanos", TimeUnit.NANOSECONDS,
          "micros", TimeUnit.MICROSECONDS,
          "ms", TimeUnit.MILLISECONDS,
          "s", TimeUnit.SECONDS,
          "m", TimeUnit.MINUTES,
          "h", TimeUnit.HOURS,
          "d", TimeUnit.DAYS);

  /** Begins it; empty if the engine did so. An index that is never refreshed stays as it is. */
  Optional<BulkReply.Failure> begin(String index, Deadline deadline) throws IOException {
    HttpReply reply = settings(index, deadline);
    if (reply.status() != 200) {
      return failure(reply);
    }
    String interval = interval(reply);
    if (interval.isEmpty()) {
      return set(index, PAUSE, deadline);
    }
    Matcher matcher = INTERVAL.matcher(interval);
    if (!matcher.matches() || millis(matcher) >= PAUSE) {
      return Optional.empty();
    }
    return set(index, PAUSE + Math.max(1, millis(matcher)), deadline);
  }

  /** Ends it, if there is one; empty if the engine did so. */
  Optional<BulkReply.Failure> end(String index, Deadline deadline) throws IOException {
    HttpReply reply = settings(index, deadline);
    if (reply.status() != 200) {
      return failure(reply);
    }
    Matcher matcher = INTERVAL.matcher(interval(reply));
    if (!matcher.matches() || millis(matcher) < PAUSE) {
      return Optional.empty();
    }
    return set(index, millis(matcher) - PAUSE, deadline);
  }

  private HttpReply settings(String index, Deadline deadline) throws IOException {
    return IndexSetup.send(client, "GET", "/" + index, "", ANSWER, deadline);
  }

  private static String interval(HttpReply reply) throws IOException {
    return JSON.readTree(reply.body()).findPath("refresh_interval").asText();
  }

  private static long millis(Matcher interval) {
    return UNITS
        .getOrDefault(interval.group(2), TimeUnit.MILLISECONDS)
        .toMillis(Long.parseLong(interval.group(1)));
  }

  /**
   * @param millis 0 for the engine's default
   */
  private Optional<BulkReply.Failure> set(String index, long millis, Deadline deadline)
      throws IOException {
    String value = millis == 0 ? "null" : "\"%dms\"".formatted(millis);
    String body = "{\"index\":{\"refresh_interval\":%s}}".formatted(value);
    HttpReply reply =
        IndexSetup.send(client, "PUT", "/" + index + "/_settings", body, ANSWER, deadline);
    return reply.status() == 200 ? Optional.empty() : failure(reply);
  }

  private static Optional<BulkReply.Failure> failure(HttpReply reply) {
    return Optional.of(BulkReply.failure(reply.status(), BulkReply.errorType(reply.body())));
  }
}
