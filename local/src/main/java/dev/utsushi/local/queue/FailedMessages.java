package dev.utsushi.local.queue;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.utsushi.local.lambda.InvocationResult;
import java.util.HashSet;
import java.util.Set;

/**
 * Reads which messages of a batch failed, from what its invocation came to.
 *
 * @see <a
 *     href="https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html#services-sqs-batchfailurereporting">Partial
 *     batch responses</a>
 */
final class FailedMessages {

  private static final ObjectMapper JSON = new ObjectMapper();

  private FailedMessages() {}

  /**
   * The ids of those that failed.
   *
   * @param ids of the batch
   * @param reported without it a reply is not looked at, whatever it says
   */
  static Set<String> of(InvocationResult result, Set<String> ids, boolean reported) {
    return switch (result) {
      case InvocationResult.Succeeded(_, String reply) ->
          reported ? reported(reply, ids) : Set.of();
      case InvocationResult.Throttled _,
          InvocationResult.FunctionError _,
          InvocationResult.TimedOut _,
          InvocationResult.Crashed _,
          InvocationResult.InitFailed _ ->
          ids;
    };
  }

  private static Set<String> reported(String reply, Set<String> ids) {
    if (reply.isBlank()) {
      return Set.of();
    }
    try {
      return reported(JSON.readTree(reply), ids);
    } catch (JsonProcessingException _) {
      return ids;
    }
  }

  private static Set<String> reported(JsonNode reply, Set<String> ids) {
    JsonNode failures = reply.path("batchItemFailures");
    if (reply.isNull() || (reply.isObject() && (failures.isMissingNode() || failures.isNull()))) {
      return Set.of();
    }
    if (!failures.isArray()) {
      return ids;
    }
    Set<String> failed = new HashSet<>();
    failures.forEach(failure -> failed.add(failure.path("itemIdentifier").asText()));
    // One identifier that is nobody's makes the whole reply worth nothing.
    return ids.containsAll(failed) ? failed : ids;
  }
}
