package dev.utsushi.local.lambda;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.utsushi.local.LocalServerException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * Lambda's own API, on a loopback port, as far as operators use it: any AWS SDK client invokes the
 * functions here, lists them and reads their configurations and tags. Nobody's signature is looked
 * at.
 *
 * @see <a href="https://docs.aws.amazon.com/lambda/latest/api/API_Operations.html">Lambda API
 *     operations</a>
 */
public final class LambdaApi implements AutoCloseable {

  /**
   * A function and the tags on it.
   *
   * @param function what is invoked
   * @param tags as {@code ListTags} answers them
   */
  record Deployed(LambdaFunction function, Map<String, String> tags) {
    Deployed {
      tags = Map.copyOf(tags);
    }
  }

  private final ConcurrentMap<String, Deployed> functions = new ConcurrentSkipListMap<>();
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final HttpServer server;

  private LambdaApi(HttpServer server) {
    this.server = server;
  }

  /**
   * Starts it without functions.
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

  /** Makes a function known under its name; who added it closes it. */
  public void add(LambdaFunction function, Map<String, String> tags) {
    functions.put(function.configuration().functionName(), new Deployed(function, tags));
  }

  /** Where any AWS SDK client finds the functions. */
  public URI endpoint() {
    var address = server.getAddress();
    return URI.create("http://" + address.getAddress().getHostAddress() + ':' + address.getPort());
  }

  private void answer(HttpExchange exchange) throws IOException {
    ApiReply reply;
    try {
      reply = reply(exchange);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      exchange.close();
      return;
    } catch (RuntimeException e) {
      reply = ApiReply.error(500, "ServiceException", String.valueOf(e.getMessage()));
    }
    reply.sendTo(exchange);
  }

  private ApiReply reply(HttpExchange exchange) throws IOException, InterruptedException {
    byte[] body = exchange.getRequestBody().readAllBytes();
    var request = ApiRequest.of(exchange.getRequestMethod(), exchange.getRequestURI().getRawPath());
    return switch (request) {
      case ApiRequest.ListFunctions() -> ApiReply.functions(List.copyOf(functions.values()));
      case ApiRequest.GetConfiguration(String name) ->
          find(name).map(ApiReply::configuration).orElseGet(() -> ApiReply.notFound(name));
      case ApiRequest.ListTags(String name) ->
          find(name).map(ApiReply::tags).orElseGet(() -> ApiReply.notFound(name));
      case ApiRequest.Invoke(String name) -> {
        Optional<Deployed> found = find(name);
        String type = exchange.getRequestHeaders().getFirst("X-Amz-Invocation-Type");
        yield found.isEmpty()
            ? ApiReply.notFound(name)
            : ApiInvocation.of(found.get().function(), type, body);
      }
      case ApiRequest.Unknown() ->
          ApiReply.error(
              404,
              "UnknownOperationException",
              "Not known here: " + exchange.getRequestMethod() + ' ' + exchange.getRequestURI());
    };
  }

  /** By name or ARN, whole or in part, with a version or an alias or without. */
  private Optional<Deployed> find(String name) {
    String[] parts = name.replaceFirst("^.*function:", "").split(":", -1);
    return Optional.ofNullable(functions.get(parts[0]));
  }

  /** Stops to answer; the functions are not closed. */
  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
