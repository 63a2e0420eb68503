package dev.utsushi.local.lambda;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.Collection;
import java.util.HashSet;
import java.util.Set;

/**
 * Reads which items of a batch failed from the result of its invocation.
 *
 * @see <a
 *     href="https://docs.aws.amazon.com/lambda/latest/dg/services-ddb-batchfailurereporting.html">Partial
 *     batch response with DynamoDB</a>
 * @see <a
 *     href="https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html#services-sqs-batchfailurereporting">Partial
 *     batch responses with SQS</a>
 */
public final class BatchItemFailures {

  private static final ObjectMapper JSON = new ObjectMapper();

  private BatchItemFailures() {}

  /**
   * Returns the identifiers of the failed items: all of them, unless the function succeeded.
   *
   * @param identifiers of the whole batch
   * @param reporting whether {@code ReportBatchItemFailures} is on; otherwise the reply is ignored
   */
  public static Set<String> of(
      InvocationResult result, Collection<String> identifiers, boolean reporting) {
    Set<String> all = Set.copyOf(identifiers);
    if (!(result instanceof InvocationResult.Succeeded(_, String reply))) {
      return all;
    }
    if (!reporting || reply.isBlank()) {
      return Set.of();
    }
    try {
      return reported(JSON.readTree(reply), all);
    } catch (JsonProcessingException _) {
      return all;
    }
  }

  private static Set<String> reported(JsonNode reply, Set<String> identifiers) {
    JsonNode failures = reply.path("batchItemFailures");
    if (reply.isNull() || (reply.isObject() && (failures.isMissingNode() || failures.isNull()))) {
      return Set.of();
    }
    if (!failures.isArray()) {
      return identifiers;
    }
    Set<String> failed = new HashSet<>();
    failures.forEach(failure -> failed.add(failure.path("itemIdentifier").asText()));
    // One unknown identifier invalidates the whole reply.
    return identifiers.containsAll(failed) ? failed : identifiers;
  }
}
