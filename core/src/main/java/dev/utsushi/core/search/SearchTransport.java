package dev.utsushi.core.search;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.opensearch.client.json.JsonpMapper;
import org.opensearch.client.transport.Endpoint;
import org.opensearch.client.transport.GenericEndpoint;
import org.opensearch.client.transport.OpenSearchTransport;
import org.opensearch.client.transport.TransportOptions;

/**
 * Carries generic {@link SearchRequest}s of opensearch-java over an {@link HttpCaller}.
 *
 * <p>The transports that come with opensearch-java each know one kind of authorization and bring
 * their own HTTP stack; none lets a single request say how long it may take.
 */
final class SearchTransport implements OpenSearchTransport {
  private final URI root;
  private final HttpCaller caller;
  private final Authorization authorization;
  private final TransportOptions options = TransportOptions.builder().build();

  SearchTransport(URI root, HttpCaller caller, Authorization authorization) {
    this.root = root;
    this.caller = caller;
    this.authorization = authorization;
  }

  @Override
  @SuppressWarnings("unchecked") // a GenericEndpoint's error type is its response type
  public <RequestT, ResponseT, ErrorT> ResponseT performRequest(
      RequestT request,
      Endpoint<RequestT, ResponseT, ErrorT> apiEndpoint,
      @Nullable TransportOptions ignored)
      throws IOException {
    if (!(request instanceof SearchRequest search)
        || !(apiEndpoint instanceof GenericEndpoint<?, ?> endpoint)) {
      throw new IllegalArgumentException("This transport carries generic SearchRequests only.");
    }
    var generic = (GenericEndpoint<RequestT, ResponseT>) endpoint;
    URI uri = uri(search);
    HttpReply reply = send(search, uri);
    try (InputStream body = reply.body()) {
      return generic.responseDeserializer(
          uri.toString(),
          search.method(),
          "HTTP/1.1",
          reply.status(),
          "",
          List.of(),
          "application/json",
          body);
    }
  }

  private HttpReply send(SearchRequest search, URI uri) throws IOException {
    HttpReply reply = caller.send(call(search, uri));
    if (reply.status() == 401 && authorization.renew()) {
      reply.body().close();
      return caller.send(call(search, uri));
    }
    return reply;
  }

  private HttpCall call(SearchRequest search, URI uri) {
    Map<String, String> headers =
        search.body().length == 0 ? Map.of() : Map.of("Content-Type", search.contentType());
    return new HttpCall(
        search.method(),
        uri,
        authorization.authorize(search.method(), uri, headers, search.body()),
        search.body(),
        search.timeout());
  }

  private URI uri(SearchRequest search) {
    String query =
        search.parameters().entrySet().stream()
            .map(parameter -> parameter.getKey() + '=' + encode(parameter.getValue()))
            .collect(Collectors.joining("&"));
    return root.resolve(query.isEmpty() ? search.path() : search.path() + '?' + query);
  }

  /** As signatures have it: everything but RFC 3986's unreserved characters is escaped. */
  private static String encode(String value) {
    return URLEncoder.encode(value, StandardCharsets.UTF_8)
        .replace("+", "%20")
        .replace("*", "%2A")
        .replace("%7E", "~");
  }

  @Override
  public <RequestT, ResponseT, ErrorT> CompletableFuture<ResponseT> performRequestAsync(
      RequestT request,
      Endpoint<RequestT, ResponseT, ErrorT> apiEndpoint,
      @Nullable TransportOptions ignored) {
    try {
      return CompletableFuture.completedFuture(performRequest(request, apiEndpoint, ignored));
    } catch (IOException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  @Override
  public JsonpMapper jsonpMapper() {
    throw new IllegalStateException("Generic requests bring their own JSON.");
  }

  @Override
  public TransportOptions options() {
    return options;
  }

  @Override
  public void close() {}
}
