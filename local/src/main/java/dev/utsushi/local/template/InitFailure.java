package dev.utsushi.local.template;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.utsushi.local.lambda.InvocationResult.InitFailed;

/** Why a function did not initialise, in the runtime's own words. */
final class InitFailure {
  private static final JsonMapper JSON = new JsonMapper();

  private InitFailure() {}

  static String text(InitFailed failed) {
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
