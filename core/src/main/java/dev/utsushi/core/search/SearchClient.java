package dev.utsushi.core.search;

import dev.utsushi.core.search.HttpCaller.HttpCall;
import dev.utsushi.core.search.HttpCaller.HttpReply;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.opensearch.client.json.JsonpMapper;
import org.opensearch.client.opensearch.generic.Body;
import org.opensearch.client.opensearch.generic.OpenSearchGenericClient;
import org.opensearch.client.opensearch.generic.Request;
import org.opensearch.client.opensearch.generic.Requests;
import org.opensearch.client.opensearch.generic.Response;
import org.opensearch.client.transport.Endpoint;
import org.opensearch.client.transport.GenericEndpoint;
import org.opensearch.client.transport.OpenSearchTransport;
import org.opensearch.client.transport.TransportOptions;

/** One HTTP exchange with the engine, through opensearch-java's generic client. */
public final class SearchClient {
  private static final byte[] NO_BODY = {};

  private final URI endpoint;
  private final HttpCaller caller;
  private final Authorization authorization;

  /** Creates a client of the engine at this endpoint. */
  public SearchClient(URI endpoint, HttpCaller caller, Authorization authorization) {
    this.endpoint = endpoint;
    this.caller = caller;
    this.authorization = authorization;
  }

  /**
   * Sends a request and reads the whole reply, whatever its status.
   *
   * @param path not percent-encoded
   * @param body empty for none
   * @param timeout the longest time for the whole exchange; unless positive, nothing is sent
   * @throws IOException if no whole reply came
   * @throws Authorization.CredentialsException if there are no credentials
   */
  public HttpReply send(
      String method, String path, Map<String, String> parameters, byte[] body, Duration timeout)
      throws IOException {
    Request request = Requests.builder().method(method).endpoint(path).query(parameters).build();
    var client = new OpenSearchGenericClient(new Transport(body, timeout));
    try (Response response = client.execute(request)) {
      return new HttpReply(
          response.getStatus(), response.getBody().map(Body::bodyAsBytes).orElse(NO_BODY));
    }
  }

  /**
   * Carries one request. The transports of opensearch-java each know one kind of authorization and
   * bring their own HTTP stack, and none can limit the time of a single request. Nor does the body
   * pass through the client, which would copy it.
   */
  private final class Transport implements OpenSearchTransport {
    private final byte[] body;
    private final Duration timeout;

    Transport(byte[] body, Duration timeout) {
      this.body = body;
      this.timeout = timeout;
    }

    @Override
    @SuppressWarnings("unchecked") // the generic client's own types
    public <RequestT, ResponseT, ErrorT> ResponseT performRequest(
        RequestT request,
        Endpoint<RequestT, ResponseT, ErrorT> endpoint,
        @Nullable TransportOptions options)
        throws IOException {
      Request generic = (Request) request;
      URI uri = uri(generic.getEndpoint(), generic.getParameters());
      HttpReply reply = exchange(generic.getMethod(), uri);
      return ((GenericEndpoint<RequestT, ResponseT>) endpoint)
          .responseDeserializer(
              uri.toString(),
              generic.getMethod(),
              "HTTP/1.1",
              reply.status(),
              "",
              List.of(),
              "application/json",
              new ByteArrayInputStream(reply.body()));
    }

    private HttpReply exchange(String method, URI uri) throws IOException {
      long end = System.nanoTime() + timeout.toNanos();
      HttpReply reply = caller.send(call(method, uri, timeout));
      return reply.status() == 401 && authorization.renew()
          ? caller.send(call(method, uri, Duration.ofNanos(end - System.nanoTime())))
          : reply;
    }

    private HttpCall call(String method, URI uri, Duration timeout) throws SocketTimeoutException {
      if (!timeout.isPositive()) {
        throw new SocketTimeoutException("the time of the invocation is up");
      }
      String type = uri.getPath().endsWith("/_bulk") ? "application/x-ndjson" : "application/json";
      Map<String, String> headers = body.length == 0 ? Map.of() : Map.of("Content-Type", type);
      return new HttpCall(
          method, uri, authorization.authorize(method, uri, headers, body), body, timeout);
    }

    @Override
    public <RequestT, ResponseT, ErrorT> CompletableFuture<ResponseT> performRequestAsync(
        RequestT request,
        Endpoint<RequestT, ResponseT, ErrorT> endpoint,
        @Nullable TransportOptions options) {
      throw new UnsupportedOperationException();
    }

    @Override
    public JsonpMapper jsonpMapper() {
      throw new UnsupportedOperationException();
    }

    @Override
    public TransportOptions options() {
      return TransportOptions.builder().build();
    }

    @Override
    public void close() {}
  }

  private URI uri(String path, Map<String, String> parameters) {
    String query =
        parameters.entrySet().stream()
            .map(parameter -> parameter.getKey() + '=' + encode(parameter.getValue()))
            .collect(Collectors.joining("&"));
    String encoded =
        Arrays.stream(path.split("/", -1))
            .map(SearchClient::encode)
            .collect(Collectors.joining("/"));
    String target = endpoint.getRawPath() + encoded;
    return endpoint.resolve(query.isEmpty() ? target : target + '?' + query);
  }

  /** Escapes everything but RFC 3986's unreserved characters, as signatures require. */
  private static String encode(String value) {
    return URLEncoder.encode(value, StandardCharsets.UTF_8)
        .replace("+", "%20")
        .replace("*", "%2A")
        .replace("%7E", "~");
  }
}
