package dev.utsushi.lambda;

import com.fasterxml.jackson.databind.JsonNode;
import dev.utsushi.core.deadletter.DeadLetter.Failure;
import dev.utsushi.core.deadletter.DeadLetterJson;
import dev.utsushi.core.index.Deadline;
import dev.utsushi.core.record.StreamRecord;
import dev.utsushi.core.search.Authorization.CredentialsException;
import dev.utsushi.core.search.AwsJsonApi;
import dev.utsushi.core.search.HttpCaller;
import dev.utsushi.core.settings.Settings.DeadLetterSettings;
import dev.utsushi.core.telemetry.Log;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The log of the replication function, which says why it failed a record. Lambda's message about a
 * failed batch does not. The log is asked by <a
 * href="https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_FilterLogEvents.html">FilterLogEvents</a>.
 */
final class FailureLog {
  private static final Set<String> EVENTS =
      Set.of("change_rejected", "change_deferred", "record_unreadable");

  /** Lambda gives up right after the last invocation, which took at most as long. */
  private static final Duration LONGEST_INVOCATION = Duration.ofMinutes(15);

  /** A line can be found some seconds after it was written. */
  private static final Duration DELAY = Duration.ofSeconds(2);

  private static final int MOST_TRIES = 4;
  private static final int MOST_PAGES = 20;

  /** The longest filter pattern has 1,024 characters. */
  private static final int MOST_PATTERN_CHARS = 1_000;

  private final AwsJsonApi logs;
  private final String logGroup;
  private final Log log;

  FailureLog(AwsJsonApi logs, String logGroup, Log log) {
    this.logs = logs;
    this.logGroup = logGroup;
    this.log = log;
  }

  /** Returns the log that the settings name, if they do. */
  static Optional<FailureLog> of(
      DeadLetterSettings settings, Map<String, String> environment, HttpCaller caller, Log log) {
    String region = settings.replication().region();
    String logGroup = settings.replicationLogGroup();
    if (region == null || logGroup == null) {
      return Optional.empty();
    }
    var logs =
        AwsJsonApi.of("logs", "CLOUDWATCH_LOGS", "Logs_20140328", region, environment, caller);
    return Optional.of(new FailureLog(logs, logGroup, log));
  }

  /**
   * Returns why the records failed at last, each reason once.
   *
   * @return nothing if the log does not say; a capture never fails for want of a reason
   */
  List<String> reasons(Failure failure, List<StreamRecord> records, Deadline deadline) {
    List<String> numbers =
        records.stream().map(StreamRecord::sequenceNumber).filter(Objects::nonNull).toList();
    // An invocation that ended with an error wrote no line about a record.
    int tries = failure.functionError() == null ? MOST_TRIES : 1;
    List<String> reasons = List.of();
    for (int i = 1; !numbers.isEmpty() && reasons.isEmpty() && i <= tries; i++) {
      if (i > 1 && !deadline.pause(DELAY)) {
        break;
      }
      reasons = tryToFind(failure.failedAt(), numbers, deadline);
    }
    return reasons;
  }

  private List<String> tryToFind(Instant failedAt, List<String> numbers, Deadline deadline) {
    try {
      return find(failedAt, numbers, deadline);
    } catch (IOException | IllegalArgumentException | CredentialsException e) {
      String cause = e instanceof IOException ? e.getClass().getSimpleName() : e.getMessage();
      log.warn("failure_log_unread", json -> json.writeStringField("reason", cause));
      return List.of();
    }
  }

  private List<String> find(Instant failedAt, List<String> numbers, Deadline deadline)
      throws IOException {
    Map<String, String> reasons = new LinkedHashMap<>();
    String token = null;
    int pages = 0;
    do {
      Duration timeout = deadline.requestTimeout();
      if (timeout.isZero()) {
        break;
      }
      JsonNode page = page(failedAt, pattern(numbers), token, timeout);
      page.path("events").forEach(each -> add(each.path("message").asText(), reasons));
      token = page.path("nextToken").textValue();
    } while (token != null && ++pages < MOST_PAGES);
    return reasons.values().stream().distinct().toList();
  }

  /** A record's last line counts: an earlier try may have failed for another reason. */
  private static void add(String line, Map<String, String> reasons) {
    JsonNode json = DeadLetterJson.parse(line);
    String event = json.path("event").asText();
    if (EVENTS.contains(event)) {
      String kind = event.substring(event.indexOf('_') + 1);
      reasons.put(json.path("sequenceNumber").asText(), kind + ": " + json.path("reason").asText());
    }
  }

  private static String pattern(List<String> numbers) {
    List<String> terms = new ArrayList<>();
    int length = 0;
    for (String number : numbers) {
      String term = "$.sequenceNumber = \"" + number + '"';
      length += term.length() + 4;
      if (length > MOST_PATTERN_CHARS) {
        break;
      }
      terms.add(term);
    }
    return terms.stream().collect(Collectors.joining(" || ", "{ ", " }"));
  }

  private JsonNode page(Instant failedAt, String pattern, @Nullable String token, Duration timeout)
      throws IOException {
    Map<String, Object> request = new LinkedHashMap<>();
    request.put("logGroupName", logGroup);
    request.put("startTime", failedAt.minus(LONGEST_INVOCATION).toEpochMilli());
    request.put("endTime", failedAt.plus(LONGEST_INVOCATION).toEpochMilli());
    request.put("filterPattern", pattern);
    if (token != null) {
      request.put("nextToken", token);
    }
    AwsJsonApi.Reply reply = logs.call("FilterLogEvents", request, timeout);
    if (!reply.isSuccess()) {
      throw new IllegalArgumentException(
          "CloudWatch Logs answers %d, %s; capture needs logs:FilterLogEvents on %s"
              .formatted(reply.status(), reply.errorType(), logGroup));
    }
    return reply.json();
  }
}
