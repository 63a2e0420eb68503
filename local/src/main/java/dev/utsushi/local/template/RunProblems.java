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
import dev.utsushi.local.queue.QueueEventSourceMapping;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Keeps what goes wrong while a template runs, each thing once. Trimmed records are left out:
 * DynamoDB Local reports them of a new shard too, once its table has an expiry, and nothing that
 * runs here lives long enough to lose any.
 */
final class RunProblems {
  private static final JsonMapper JSON = new JsonMapper();
  private static final int MOST = 100;

  private final Set<String> found = new LinkedHashSet<>();

  synchronized List<String> found() {
    return List.copyOf(found);
  }

  private synchronized void add(String problem) {
    if (found.size() < MOST) {
      found.add(problem);
    }
  }

  Consumer<MappingEvent> of(String mappingLogicalId) {
    return event -> {
      if (event instanceof MappingEvent.Invoked invoked) {
        addResult(mappingLogicalId, invoked.result());
      } else if (event instanceof MappingEvent.Problem(String where, Exception cause)) {
        add(mappingLogicalId + ": " + where + ": " + cause);
      }
    };
  }

  Consumer<QueueEventSourceMapping.Event> ofQueue(String mappingLogicalId) {
    return event -> {
      switch (event) {
        case QueueEventSourceMapping.Event.Invoked(_, InvocationResult result) ->
            addResult(mappingLogicalId, result);
        case QueueEventSourceMapping.Event.Problem(String where, Exception cause) ->
            add(mappingLogicalId + ": " + where + ": " + cause);
      }
    };
  }

  private void addResult(String mappingLogicalId, InvocationResult result) {
    String problem = problem(result);
    if (!problem.isEmpty()) {
      add(mappingLogicalId + ": the function " + problem);
    }
  }

  private static String problem(InvocationResult result) {
    return switch (result) {
      case Succeeded _, Throttled _ -> "";
      case InitFailed failed -> problem(failed);
      case FunctionError(String _, String type, String _) -> "threw " + type;
      case TimedOut(String _, Duration timeout) -> "ran longer than its timeout of " + timeout;
      case Crashed(String _, int status) -> "ended with exit status " + status;
    };
  }

  /** Why a function did not initialise, in the runtime's own words. */
  static String problem(InitFailed failed) {
    String message = message(failed.payload());
    return "does not initialise: " + failed.errorType() + (message.isEmpty() ? "" : ": " + message);
  }

  private static String message(String payload) {
    try {
      return JSON.readTree(payload).path("errorMessage").asText();
    } catch (JsonProcessingException _) {
      return payload;
    }
  }
}
