package dev.utsushi.core.search;

import java.io.IOException;
import java.net.URI;
import org.opensearch.client.opensearch.generic.Body;
import org.opensearch.client.opensearch.generic.OpenSearchGenericClient;
import org.opensearch.client.opensearch.generic.Response;

/** The engine, as the rest of the function sees it: requests in, replies out. */
public final class SearchClient {
  private static final byte[] NO_BODY = {};

  private final OpenSearchGenericClient client;

  /** A client of the engine at this endpoint. */
  public SearchClient(URI endpoint, HttpCaller caller, Authorization authorization) {
    this.client = new OpenSearchGenericClient(new SearchTransport(endpoint, caller, authorization));
  }

  /**
   * Sends the request and reads the whole reply, whatever its status.
   *
   * @throws IOException if no reply came
   * @throws CredentialsException if there are no credentials to be had
   */
  public SearchReply send(SearchRequest request) throws IOException {
    try (Response response = client.execute(request)) {
      return new SearchReply(
          response.getStatus(), response.getBody().map(Body::bodyAsBytes).orElse(NO_BODY));
    }
  }
}
