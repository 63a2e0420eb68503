package dev.utsushi.local.template;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.utsushi.local.lambda.InvocationResult;
import dev.utsushi.local.lambda.InvocationResult.Crashed;
import dev.utsushi.local.lambda.InvocationResult.FunctionError;
import dev.utsushi.local.lambda.InvocationResult.InitFailed;
import dev.utsushi.local.lambda.InvocationResult.Succeeded;
import dev.utsushi.local.lambda.InvocationResult.Throttled;
import dev.utsushi.local.lambda.InvocationResult.TimedOut;
import dev.utsushi.local.mapping.MappingEvent;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Keeps the problems of a running template, each once. Trimmed records are left out: DynamoDB Local
 * reports them of a new shard too, once its table has an expiry, and nothing that runs here lives
 * long enough to lose any.
 */
final class RunProblems {
  private static final JsonMapper JSON = new JsonMapper();
  private static final int MOST = 100;

  private final Set<String> found = new LinkedHashSet<>();

  synchronized List<String> found() {
    return List.copyOf(found);
  }

  synchronized void add(String problem) {
    if (found.size() < MOST) {
      found.add(problem);
    }
  }

  Consumer<MappingEvent> listener(String mapping) {
    return event -> {
      if (event instanceof MappingEvent.Problem(String where, Exception cause)) {
        add(mapping + ": " + where + ": " + cause);
      }
    };
  }

  /** Adds the result of an invocation by a mapping, if it is a problem. */
  void add(String mapping, InvocationResult result) {
    String problem =
        switch (result) {
          case Succeeded _, Throttled _ -> "";
          case InitFailed failed -> problem(failed);
          case FunctionError(String _, String type, String _) -> "threw " + type;
          case TimedOut(String _, Duration timeout) -> "ran longer than its timeout of " + timeout;
          case Crashed(String _, int status) -> "ended with exit status " + status;
        };
    if (!problem.isEmpty()) {
      add(mapping + ": the function " + problem);
    }
  }

  /** Describes why a function did not initialize, in the runtime's own words. */
  static String problem(InitFailed failed) {
    String message = message(failed.payload());
    return "does not initialize: " + failed.errorType() + (message.isEmpty() ? "" : ": " + message);
  }

  private static String message(String payload) {
    try {
      return JSON.readTree(payload).path("errorMessage").asText();
    } catch (JsonProcessingException _) {
      return payload;
    }
  }
}
