package dev.utsushi.local.lambda;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import dev.utsushi.local.lambda.LambdaApi.Deployed;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * A reply of Lambda's API.
 *
 * @param body JSON, or empty
 */
record ApiReply(int status, Map<String, String> headers, String body) {

  private static final ObjectMapper JSON = new ObjectMapper();

  ApiReply {
    headers = Map.copyOf(headers);
  }

  /**
   * A refusal in the form that SDK clients make exceptions of.
   *
   * @see <a href="https://docs.aws.amazon.com/lambda/latest/api/CommonErrors.html">Common
   *     errors</a>
   */
  static ApiReply error(int status, String type, String message) {
    ObjectNode body = JSON.createObjectNode().put("Type", status < 500 ? "User" : "Service");
    // The API's own documents spell it either way, and clients read either.
    body.put("message", message).put("Message", message);
    return new ApiReply(status, Map.of("x-amzn-errortype", type), body.toString());
  }

  static ApiReply throttled() {
    String body =
        JSON.createObjectNode()
            .put("Reason", "ReservedFunctionConcurrentInvocationLimitExceeded")
            .put("Type", "User")
            .put("message", "Rate Exceeded.")
            .toString();
    return new ApiReply(429, Map.of("x-amzn-errortype", "TooManyRequestsException"), body);
  }

  static ApiReply notFound(String function) {
    return error(404, "ResourceNotFoundException", "Function not found: " + function);
  }

  static ApiReply functions(List<Deployed> deployed) {
    ObjectNode body = JSON.createObjectNode();
    ArrayNode functions = body.putArray("Functions");
    deployed.forEach(each -> write(each, functions.addObject()));
    return new ApiReply(200, Map.of(), body.toString());
  }

  static ApiReply configuration(Deployed deployed) {
    ObjectNode body = JSON.createObjectNode();
    write(deployed, body);
    return new ApiReply(200, Map.of(), body.toString());
  }

  static ApiReply tags(Deployed deployed) {
    ObjectNode body = JSON.createObjectNode();
    ObjectNode tags = body.putObject("Tags");
    deployed.tags().forEach(tags::put);
    return new ApiReply(200, Map.of(), body.toString());
  }

  private static void write(Deployed deployed, ObjectNode to) {
    LambdaConfiguration configuration = deployed.function().configuration();
    to.put("FunctionName", configuration.functionName())
        .put("FunctionArn", configuration.arn())
        .put("Runtime", "java25")
        .put("Handler", configuration.handler())
        .put("Timeout", configuration.timeout().toSeconds())
        .put("MemorySize", configuration.memoryMegabytes())
        .put("PackageType", "Zip")
        .put("Version", "$LATEST")
        .put("State", "Active")
        .put("LastUpdateStatus", "Successful");
    ObjectNode variables = to.putObject("Environment").putObject("Variables");
    configuration.environment().forEach(variables::put);
  }

  void sendTo(HttpExchange exchange) throws IOException {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    try (exchange) {
      var sent = exchange.getResponseHeaders();
      sent.set("Content-Type", "application/json");
      sent.set("x-amzn-RequestId", UUID.randomUUID().toString());
      headers.forEach(sent::set);
      exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
      if (bytes.length > 0) {
        exchange.getResponseBody().write(bytes);
      }
    }
  }
}
