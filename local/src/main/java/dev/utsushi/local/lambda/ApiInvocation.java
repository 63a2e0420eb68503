package dev.utsushi.local.lambda;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An invocation by API. A function that fails is a success of the API, with a header that says so.
 *
 * @see <a href="https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html">Invoke</a>
 */
final class ApiInvocation {

  /** Of a synchronous invocation, either way. */
  private static final int MOST_BYTES = 6_291_556;

  /** What a function gets of an invocation without a payload. */
  private static final byte[] NO_EVENT = {'{', '}'};

  private static final ObjectMapper JSON =
      JsonMapper.builder().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS).build();

  private ApiInvocation() {}

  /**
   * @param type as the request's header has it; null for a synchronous one
   */
  static ApiReply of(LambdaFunction function, @Nullable String type, byte[] payload)
      throws InterruptedException {
    if (payload.length > MOST_BYTES) {
      return ApiReply.error(
          413, "RequestTooLargeException", "Request must be smaller than 6291556 bytes");
    }
    if (!isJson(payload)) {
      return ApiReply.error(
          400, "InvalidRequestContentException", "Could not parse request body into json");
    }
    return switch (type == null ? "RequestResponse" : type) {
      case "RequestResponse" -> reply(function.invoke(payload.length == 0 ? NO_EVENT : payload));
      case "DryRun" -> new ApiReply(204, Map.of("X-Amz-Executed-Version", "$LATEST"), "");
      default ->
          ApiReply.error(
              400, "InvalidParameterValueException", "Not known here: invocation type " + type);
    };
  }

  private static boolean isJson(byte[] payload) {
    try {
      return payload.length == 0 || !JSON.readTree(payload).isMissingNode();
    } catch (IOException _) {
      return false;
    }
  }

  private static ApiReply reply(InvocationResult result) {
    return switch (result) {
      case InvocationResult.Succeeded(String id, String payload) ->
          payload.getBytes(StandardCharsets.UTF_8).length > MOST_BYTES
              ? failed(
                  error(
                      "Function.ResponseSizeTooLarge",
                      id,
                      "Response payload size exceeded maximum allowed payload size (6291556"
                          + " bytes)."))
              : executed(Map.of(), payload);
      case InvocationResult.FunctionError(_, _, String payload) -> failed(payload);
      case InvocationResult.TimedOut(String id, Duration timeout) ->
          failed(
              error(
                  "Sandbox.Timedout",
                  id,
                  "Task timed out after %d.00 seconds".formatted(timeout.toSeconds())));
      case InvocationResult.Crashed(String id, int status) ->
          failed(
              error("Runtime.ExitError", id, "Runtime exited with error: exit status " + status));
      case InvocationResult.InitFailed(String id, String type, String payload) ->
          failed(payload.startsWith("{") ? payload : error(type, id, "The init phase failed"));
      case InvocationResult.Throttled _ -> ApiReply.throttled();
    };
  }

  private static ApiReply failed(String payload) {
    return executed(Map.of("X-Amz-Function-Error", "Unhandled"), payload);
  }

  private static ApiReply executed(Map<String, String> more, String payload) {
    Map<String, String> headers = new HashMap<>(more);
    headers.put("X-Amz-Executed-Version", "$LATEST");
    return new ApiReply(200, headers, payload);
  }

  private static String error(String type, String requestId, String message) {
    try {
      return JSON.writeValueAsString(
          Map.of(
              "errorType", type, "errorMessage", "RequestId: " + requestId + " Error: " + message));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("Texts can be written", e);
    }
  }
}
