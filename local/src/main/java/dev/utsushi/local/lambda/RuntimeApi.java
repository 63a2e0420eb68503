package dev.utsushi.local.lambda;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;

/**
 * The Runtime API of one execution environment, on a loopback port of its own.
 *
 * @see <a href="https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html">Using the Lambda
 *     runtime API</a>
 */
final class RuntimeApi implements AutoCloseable {

  private static final String ROOT = "/2018-06-01/runtime/";
  private static final String INVOCATION = ROOT + "invocation/";

  private static final ObjectMapper JSON = new ObjectMapper();

  static {
    // The server writes head and body apart: with Nagle's algorithm a reply can wait 40 ms.
    System.setProperty("sun.net.httpserver.nodelay", "true");
  }

  private final BlockingQueue<Invocation> handOver = new ArrayBlockingQueue<>(1);
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final String functionArn;
  private final Consumer<RuntimeSignal> signals;
  private final HttpServer server;

  RuntimeApi(String functionArn, Consumer<RuntimeSignal> signals) throws IOException {
    this.functionArn = functionArn;
    this.signals = signals;
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.createContext(ROOT + "init/error", this::initError);
    server.createContext(ROOT + "restore/next", exchange -> accept(exchange, 200));
    server.createContext(INVOCATION + "next", this::next);
    server.createContext(INVOCATION, this::outcome);
    server.start();
  }

  /** As {@code AWS_LAMBDA_RUNTIME_API} has it: host and port. */
  String address() {
    var address = server.getAddress();
    return address.getAddress().getHostAddress() + ":" + address.getPort();
  }

  /** Hands over to the runtime, which must have asked for it: it waits in {@link #next} then. */
  void handOver(Invocation invocation) {
    handOver.add(invocation);
  }

  private void next(HttpExchange exchange) throws IOException {
    signals.accept(new RuntimeSignal.AskedForNext());
    Invocation invocation;
    try {
      invocation = handOver.take();
    } catch (InterruptedException _) {
      exchange.close();
      return;
    }
    Headers headers = exchange.getResponseHeaders();
    headers.set("Lambda-Runtime-Aws-Request-Id", invocation.requestId());
    headers.set("Lambda-Runtime-Deadline-Ms", Long.toString(invocation.deadline().toEpochMilli()));
    headers.set("Lambda-Runtime-Invoked-Function-Arn", functionArn);
    headers.set("Content-Type", "application/json");
    reply(exchange, 200, invocation.payloadBytes());
  }

  private void outcome(HttpExchange exchange) throws IOException {
    String[] idAndKind =
        exchange.getRequestURI().getPath().substring(INVOCATION.length()).split("/", 3);
    String body = body(exchange);
    Optional<RuntimeSignal> signal =
        idAndKind.length == 2 ? signal(idAndKind[0], idAndKind[1], body) : Optional.empty();
    signal.ifPresent(signals);
    accept(exchange, signal.isPresent() ? 202 : 404);
  }

  private static Optional<RuntimeSignal> signal(String requestId, String kind, String body)
      throws IOException {
    return switch (kind) {
      case "response" -> Optional.of(new RuntimeSignal.Responded(requestId, body));
      case "error" ->
          Optional.of(new RuntimeSignal.ReportedError(requestId, errorType(body), body));
      default -> Optional.empty();
    };
  }

  private void initError(HttpExchange exchange) throws IOException {
    String body = body(exchange);
    signals.accept(new RuntimeSignal.ReportedInitError(errorType(body), body));
    accept(exchange, 202);
  }

  /** The body names the exception's class; the header beside it only says whose fault it was. */
  private static String errorType(String body) throws IOException {
    return JSON.readTree(body).path("errorType").asText("Unhandled");
  }

  private static String body(HttpExchange exchange) throws IOException {
    return new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
  }

  private static void accept(HttpExchange exchange, int status) throws IOException {
    reply(exchange, status, "{\"status\":\"OK\"}".getBytes(StandardCharsets.UTF_8));
  }

  private static void reply(HttpExchange exchange, int status, byte[] body) throws IOException {
    try (exchange) {
      exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
      exchange.getResponseBody().write(body);
    }
  }

  @Override
  public void close() {
    threads.shutdownNow();
    server.stop(0);
  }
}
