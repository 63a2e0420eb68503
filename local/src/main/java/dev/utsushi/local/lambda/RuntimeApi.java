package dev.utsushi.local.lambda;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Instant;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;

/**
 * The Runtime API of one execution environment, on its own loopback port.
 *
 * @see <a href="https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html">Using the Lambda
 *     runtime API</a>
 */
final class RuntimeApi implements AutoCloseable {

  /** An event for the runtime; the handler reads the deadline from its {@code Context}. */
  record Invocation(String requestId, Instant deadline, String payload) {}

  /** A report of an execution environment. Reports come in the order of the events. */
  sealed interface Signal {

    /** The runtime asks for the next invocation: the init, or the last invocation, is over. */
    record AskedForNext() implements Signal {}

    record Responded(String payload) implements Signal {}

    /** The init or the invocation failed. */
    record ReportedError(String errorType, String payload) implements Signal {}

    record Exited(int exitStatus) implements Signal {}
  }

  private static final String ROOT = "/2018-06-01/runtime/";
  private static final ObjectMapper JSON = new ObjectMapper();

  static {
    // The server writes head and body apart: with Nagle's algorithm a reply can take 40 ms.
    System.setProperty("sun.net.httpserver.nodelay", "true");
  }

  private final BlockingQueue<Invocation> invocations = new ArrayBlockingQueue<>(1);
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final String functionArn;
  private final Consumer<Signal> signals;
  private final HttpServer server;

  RuntimeApi(String functionArn, Consumer<Signal> signals) throws IOException {
    this.functionArn = functionArn;
    this.signals = signals;
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.createContext(ROOT + "init/error", this::outcome);
    server.createContext(ROOT + "restore/next", exchange -> accept(exchange, 200));
    server.createContext(ROOT + "invocation/next", this::next);
    server.createContext(ROOT + "invocation/", this::outcome);
    server.start();
  }

  /** Returns host and port, for {@code AWS_LAMBDA_RUNTIME_API}. */
  String address() {
    var address = server.getAddress();
    return address.getAddress().getHostAddress() + ":" + address.getPort();
  }

  /** Hands over to the runtime, which must have asked for it: it waits in {@link #next} then. */
  void handOver(Invocation invocation) {
    invocations.add(invocation);
  }

  private void next(HttpExchange exchange) throws IOException {
    signals.accept(new Signal.AskedForNext());
    Invocation invocation;
    try {
      invocation = invocations.take();
    } catch (InterruptedException _) {
      exchange.close();
      return;
    }
    Headers headers = exchange.getResponseHeaders();
    headers.set("Lambda-Runtime-Aws-Request-Id", invocation.requestId());
    headers.set("Lambda-Runtime-Deadline-Ms", Long.toString(invocation.deadline().toEpochMilli()));
    headers.set("Lambda-Runtime-Invoked-Function-Arn", functionArn);
    headers.set("Content-Type", "application/json");
    reply(exchange, 200, invocation.payload());
  }

  private void outcome(HttpExchange exchange) throws IOException {
    String body = new String(exchange.getRequestBody().readAllBytes(), UTF_8);
    String path = exchange.getRequestURI().getPath();
    switch (path.substring(path.lastIndexOf('/') + 1)) {
      case "response" -> signals.accept(new Signal.Responded(body));
      case "error" -> signals.accept(new Signal.ReportedError(errorType(body), body));
      default -> {
        accept(exchange, 404);
        return;
      }
    }
    accept(exchange, 202);
  }

  /** Reads the exception's class from the body; the header beside it only has a category. */
  private static String errorType(String body) throws IOException {
    return JSON.readTree(body).path("errorType").asText("Unhandled");
  }

  private static void accept(HttpExchange exchange, int status) throws IOException {
    reply(exchange, status, "{\"status\":\"OK\"}");
  }

  /** Sends a reply and ends the exchange. */
  static void reply(HttpExchange exchange, int status, String text) throws IOException {
    byte[] body = text.getBytes(UTF_8);
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
