package dev.utsushi.local.lambda;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.utsushi.local.LocalServerException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.time.Duration;
import java.util.Map;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The part of Lambda's API that operators use, on a loopback port: any AWS SDK client invokes the
 * functions, lists them with their configurations and mappings, and reads their tags. It also
 * answers CloudWatch Logs' FilterLogEvents about them. Signatures are ignored.
 *
 * @see <a href="https://docs.aws.amazon.com/lambda/latest/api/API_Operations.html">Lambda API
 *     operations</a>
 */
public final class LambdaApi implements AutoCloseable {

  private record Deployed(LambdaFunction function, Map<String, String> tags) {}

  /**
   * @param lastResult the result of its last invocation
   */
  private record Mapped(
      String sourceArn, String functionArn, boolean enabled, Supplier<String> lastResult) {}

  /**
   * @param body JSON
   */
  private record Reply(int status, Map<String, String> headers, String body) {}

  private static final Pattern LIST_FUNCTIONS = Pattern.compile("GET /2015-03-31/functions/?");
  private static final Pattern LIST_MAPPINGS =
      Pattern.compile("GET /2015-03-31/event-source-mappings/?");
  private static final Pattern LIST_TAGS = Pattern.compile("GET /2017-03-31/tags/([^/]+)");
  private static final Pattern INVOKE =
      Pattern.compile("POST /2015-03-31/functions/([^/]+)/invocations");

  private static final String FILTER_LOG_EVENTS = "Logs_20140328.FilterLogEvents";
  private static final String EXECUTED_VERSION = "X-Amz-Executed-Version";

  /** The limit of a synchronous invocation's request and reply. */
  private static final int MOST_BYTES = 6_291_556;

  /** The event of an invocation without a payload. */
  private static final byte[] NO_EVENT = {'{', '}'};

  private static final ObjectMapper JSON =
      JsonMapper.builder().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS).build();

  private final ConcurrentMap<String, Deployed> functions = new ConcurrentSkipListMap<>();
  private final Queue<Mapped> mappings = new ConcurrentLinkedQueue<>();
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final HttpServer server;

  private LambdaApi(HttpServer server) {
    this.server = server;
  }

  /**
   * Starts the API without functions.
   *
   * @throws LocalServerException if it does not start
   */
  public static LambdaApi start() {
    try {
      var address = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
      var api = new LambdaApi(HttpServer.create(address, 0));
      api.server.setExecutor(api.threads);
      api.server.createContext("/", api::answer);
      api.server.start();
      return api;
    } catch (IOException e) {
      throw new LocalServerException("Lambda's API did not start", e);
    }
  }

  /**
   * Adds a function under its name; the caller still closes it.
   *
   * @param tags as {@code ListTags} returns them
   */
  public void add(LambdaFunction function, Map<String, String> tags) {
    functions.put(
        function.configuration().functionName(), new Deployed(function, Map.copyOf(tags)));
  }

  /**
   * Adds an event source mapping to the function; the caller still closes it.
   *
   * @param lastResult returns the result of its last invocation, as Lambda says it
   */
  public void addMapping(
      String sourceArn, LambdaFunction function, boolean enabled, Supplier<String> lastResult) {
    mappings.add(new Mapped(sourceArn, function.configuration().arn(), enabled, lastResult));
  }

  /** Returns the address for any AWS SDK client. */
  public URI endpoint() {
    var address = server.getAddress();
    return URI.create("http://" + address.getAddress().getHostAddress() + ':' + address.getPort());
  }

  /** Stops the API; the functions stay open. */
  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }

  private void answer(HttpExchange exchange) throws IOException {
    try {
      Reply reply = replyOrError(exchange);
      var headers = exchange.getResponseHeaders();
      headers.set("Content-Type", "application/json");
      headers.set("x-amzn-RequestId", UUID.randomUUID().toString());
      reply.headers().forEach(headers::set);
      RuntimeApi.reply(exchange, reply.status(), reply.body());
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    } finally {
      exchange.close();
    }
  }

  private Reply replyOrError(HttpExchange exchange) throws IOException, InterruptedException {
    try {
      return reply(exchange);
    } catch (RuntimeException e) {
      return error(500, "ServiceException", String.valueOf(e.getMessage()));
    }
  }

  private Reply reply(HttpExchange exchange) throws IOException, InterruptedException {
    byte[] body = exchange.getRequestBody().readAllBytes();
    // Still percent-escaped, because an ARN has colons in it.
    String request = exchange.getRequestMethod() + ' ' + exchange.getRequestURI().getRawPath();
    Matcher tags = LIST_TAGS.matcher(request);
    Matcher invoke = INVOKE.matcher(request);
    if (LIST_FUNCTIONS.matcher(request).matches()) {
      return list();
    } else if (LIST_MAPPINGS.matcher(request).matches()) {
      return listMappings();
    } else if (tags.matches()) {
      Deployed found = find(tags.group(1));
      return found == null ? notFound(tags.group(1)) : tags(found);
    } else if (invoke.matches()) {
      Deployed found = find(invoke.group(1));
      String type = exchange.getRequestHeaders().getFirst("X-Amz-Invocation-Type");
      return found == null ? notFound(invoke.group(1)) : invoke(found.function(), type, body);
    } else if (FILTER_LOG_EVENTS.equals(exchange.getRequestHeaders().getFirst("X-Amz-Target"))) {
      return logEvents(JSON.readTree(body));
    }
    return error(404, "UnknownOperationException", "Unknown operation: " + request);
  }

  /** Finds a function by name or ARN, whole or in part; a version or alias is ignored. */
  private @Nullable Deployed find(String segment) {
    String name = decoded(segment).replaceFirst("^.*function:", "");
    return functions.get(name.split(":", -1)[0]);
  }

  private static String decoded(String segment) {
    return URLDecoder.decode(segment.replace("+", "%2B"), UTF_8);
  }

  private Reply list() {
    ObjectNode body = JSON.createObjectNode();
    ArrayNode list = body.putArray("Functions");
    functions.values().forEach(each -> write(each.function().configuration(), list.addObject()));
    return new Reply(200, Map.of(), body.toString());
  }

  private Reply listMappings() {
    ObjectNode body = JSON.createObjectNode();
    ArrayNode list = body.putArray("EventSourceMappings");
    mappings.forEach(
        each ->
            list.addObject()
                .put("UUID", UUID.nameUUIDFromBytes(each.sourceArn().getBytes(UTF_8)).toString())
                .put("EventSourceArn", each.sourceArn())
                .put("FunctionArn", each.functionArn())
                .put("State", each.enabled() ? "Enabled" : "Disabled")
                .put("LastProcessingResult", each.lastResult().get()));
    return new Reply(200, Map.of(), body.toString());
  }

  private Reply logEvents(JsonNode request) {
    String group = request.path("logGroupName").asText();
    return functions.values().stream()
        .map(each -> each.function().logs())
        .filter(logs -> logs.name().equals(group))
        .findFirst()
        .map(logs -> new Reply(200, Map.of(), logs.filter(request).toString()))
        .orElseGet(
            () ->
                error(
                    400,
                    "ResourceNotFoundException",
                    "The specified log group does not exist: " + group));
  }

  private static void write(LambdaConfiguration configuration, ObjectNode json) {
    json.put("FunctionName", configuration.functionName())
        .put("FunctionArn", configuration.arn())
        .put("Runtime", "java25")
        .put("Handler", configuration.handler())
        .put("Timeout", configuration.timeout().toSeconds())
        .put("MemorySize", configuration.memoryMegabytes())
        .put("PackageType", "Zip")
        .put("Version", "$LATEST")
        .putObject("Environment")
        .set("Variables", JSON.valueToTree(configuration.environment()));
  }

  private static Reply tags(Deployed deployed) {
    ObjectNode body = JSON.createObjectNode();
    body.set("Tags", JSON.valueToTree(deployed.tags()));
    return new Reply(200, Map.of(), body.toString());
  }

  /**
   * Invokes a function synchronously.
   *
   * @param type the request's header; null means synchronous
   * @see <a href="https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html">Invoke</a>
   */
  private static Reply invoke(LambdaFunction function, @Nullable String type, byte[] payload)
      throws InterruptedException {
    if (payload.length > MOST_BYTES) {
      return error(413, "RequestTooLargeException", "Request must be smaller than 6291556 bytes");
    } else if (!isJson(payload)) {
      return error(400, "InvalidRequestContentException", "Could not parse request body into json");
    } else if (type != null && !type.equals("RequestResponse")) {
      return error(400, "InvalidParameterValueException", "Unsupported invocation type: " + type);
    }
    return reply(function.invoke(payload.length == 0 ? NO_EVENT : payload));
  }

  private static boolean isJson(byte[] payload) {
    try {
      return payload.length == 0 || !JSON.readTree(payload).isMissingNode();
    } catch (IOException _) {
      return false;
    }
  }

  private static Reply reply(InvocationResult result) {
    return switch (result) {
      case InvocationResult.Succeeded(String id, String payload) ->
          payload.getBytes(UTF_8).length > MOST_BYTES
              ? failed(
                  "Function.ResponseSizeTooLarge",
                  id,
                  "Response payload size exceeded maximum allowed payload size (6291556 bytes).")
              : new Reply(200, Map.of(EXECUTED_VERSION, "$LATEST"), payload);
      case InvocationResult.FunctionError(_, _, String payload) -> failed(payload);
      case InvocationResult.TimedOut(String id, Duration timeout) ->
          failed(
              "Sandbox.Timedout",
              id,
              "Task timed out after %d.00 seconds".formatted(timeout.toSeconds()));
      case InvocationResult.Crashed(String id, int status) ->
          failed("Runtime.ExitError", id, "Runtime exited with error: exit status " + status);
      case InvocationResult.InitFailed(String id, String type, String payload) ->
          payload.startsWith("{") ? failed(payload) : failed(type, id, "The init phase failed");
      case InvocationResult.Throttled _ -> throttled();
    };
  }

  private static Reply failed(String type, String requestId, String message) {
    String text = "RequestId: " + requestId + " Error: " + message;
    return failed(
        JSON.createObjectNode().put("errorType", type).put("errorMessage", text).toString());
  }

  /** A function that fails is a success of the API, with a header that says so. */
  private static Reply failed(String payload) {
    var headers = Map.of(EXECUTED_VERSION, "$LATEST", "X-Amz-Function-Error", "Unhandled");
    return new Reply(200, headers, payload);
  }

  private static Reply throttled() {
    ObjectNode body =
        JSON.createObjectNode()
            .put("Reason", "ReservedFunctionConcurrentInvocationLimitExceeded")
            .put("Type", "User")
            .put("message", "Rate Exceeded.");
    return new Reply(429, Map.of("x-amzn-errortype", "TooManyRequestsException"), body.toString());
  }

  private static Reply notFound(String segment) {
    return error(404, "ResourceNotFoundException", "Function not found: " + decoded(segment));
  }

  /**
   * Refuses a request in the form that SDK clients turn into exceptions.
   *
   * @see <a href="https://docs.aws.amazon.com/lambda/latest/api/CommonErrors.html">Common
   *     errors</a>
   */
  private static Reply error(int status, String type, String message) {
    // The API's documents spell "message" either way, and clients read either.
    ObjectNode body =
        JSON.createObjectNode()
            .put("__type", type)
            .put("Type", status < 500 ? "User" : "Service")
            .put("message", message)
            .put("Message", message);
    return new Reply(status, Map.of("x-amzn-errortype", type), body.toString());
  }
}
