package dev.utsushi.local.mapping;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.utsushi.local.lambda.InvocationResult;
import dev.utsushi.local.mapping.Verdict.FailedFrom;
import dev.utsushi.local.mapping.Verdict.NotInvoked;
import dev.utsushi.local.mapping.Verdict.Processed;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads what a function's result says of its batch.
 *
 * @see <a
 *     href="https://docs.aws.amazon.com/lambda/latest/dg/services-ddb-batchfailurereporting.html">Partial
 *     batch response with DynamoDB</a>
 */
final class ResponseReader {

  private static final ObjectMapper JSON = new ObjectMapper();

  private final boolean reportBatchItemFailures;

  /**
   * @param reportBatchItemFailures without it a reply is not looked at, whatever it says
   */
  ResponseReader(boolean reportBatchItemFailures) {
    this.reportBatchItemFailures = reportBatchItemFailures;
  }

  Verdict read(InvocationResult result, Batch batch) {
    return switch (result) {
      case InvocationResult.Succeeded(_, String reply) ->
          reportBatchItemFailures ? reported(reply, batch) : new Processed();
      case InvocationResult.Throttled _ -> new NotInvoked();
      case InvocationResult.FunctionError _,
          InvocationResult.TimedOut _,
          InvocationResult.Crashed _,
          InvocationResult.InitFailed _ ->
          new FailedFrom(0, false);
    };
  }

  private static Verdict reported(String reply, Batch batch) {
    if (reply.isBlank()) {
      return new Processed();
    }
    try {
      return reported(JSON.readTree(reply), batch);
    } catch (JsonProcessingException _) {
      return new FailedFrom(0, true);
    }
  }

  private static Verdict reported(JsonNode reply, Batch batch) {
    if (reply.isNull()) {
      return new Processed();
    }
    if (!reply.isObject()) {
      return new FailedFrom(0, true);
    }
    JsonNode failures = reply.path("batchItemFailures");
    if (failures.isMissingNode() || failures.isNull()) {
      return new Processed();
    }
    return failures.isArray() ? lowest(failures, batch) : new FailedFrom(0, true);
  }

  /** The batch is in order of sequence numbers, so the lowest index is the lowest of them. */
  private static Verdict lowest(JsonNode failures, Batch batch) {
    if (failures.isEmpty()) {
      return new Processed();
    }
    Map<String, Integer> indexes = indexes(batch);
    int lowest = batch.size();
    for (JsonNode failure : failures) {
      @Nullable Integer index = indexes.get(failure.path("itemIdentifier").asText());
      if (index == null) {
        return new FailedFrom(0, true);
      }
      lowest = Math.min(lowest, index);
    }
    return new FailedFrom(lowest, true);
  }

  private static Map<String, Integer> indexes(Batch batch) {
    Map<String, Integer> indexes = new HashMap<>();
    for (int i = 0; i < batch.size(); i++) {
      indexes.put(batch.records().get(i).sequenceNumber(), i);
    }
    return indexes;
  }
}
