package dev.utsushi.core.index;

import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.utsushi.core.search.Authorization.CredentialsException;
import dev.utsushi.core.search.HttpCaller.HttpReply;
import dev.utsushi.core.search.SearchClient;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
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

  /** Returns whether an index with this interval, as the engine writes it, is in a pause. */
  static boolean isOn(String interval) {
    return millis(interval).filter(millis -> millis >= PAUSE).isPresent();
  }

  /** Begins it; empty if there is one now. An index that is never refreshed stays as it is. */
  Optional<BulkReply.Failure> begin(String index, Deadline deadline) {
    return change(
        index,
        interval ->
            interval.isEmpty()
                ? Optional.of(PAUSE)
                : millis(interval)
                    .filter(millis -> millis < PAUSE)
                    .map(millis -> PAUSE + Math.max(1, millis)),
        deadline);
  }

  /** Ends it, if there is one; empty if there is none now. */
  Optional<BulkReply.Failure> end(String index, Deadline deadline) {
    return change(
        index,
        interval ->
            millis(interval).filter(millis -> millis >= PAUSE).map(millis -> millis - PAUSE),
        deadline);
  }

  /**
   * @param next from the interval as the engine writes it to the milliseconds to set, 0 for the
   *     engine's default; empty to leave it
   */
  private Optional<BulkReply.Failure> change(
      String index, Function<String, Optional<Long>> next, Deadline deadline) {
    try {
      HttpReply reply = IndexSetup.send(client, "GET", "/" + index, "", ANSWER, deadline);
      if (reply.status() != 200) {
        return failure(reply);
      }
      String interval = JSON.readTree(reply.body()).findPath("refresh_interval").asText();
      Optional<Long> millis = next.apply(interval);
      return millis.isPresent() ? set(index, millis.get(), deadline) : Optional.empty();
    } catch (IOException | CredentialsException e) {
      return Optional.of(BulkReply.failure(e));
    }
  }

  private static Optional<Long> millis(String interval) {
    Matcher matcher = INTERVAL.matcher(interval);
    return matcher.matches()
        ? Optional.of(
            UNITS
                .getOrDefault(matcher.group(2), TimeUnit.MILLISECONDS)
                .toMillis(Long.parseLong(matcher.group(1))))
        : Optional.empty();
  }

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
