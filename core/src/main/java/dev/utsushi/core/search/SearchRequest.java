package dev.utsushi.core.search;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.opensearch.client.opensearch.generic.Body;
import org.opensearch.client.opensearch.generic.Request;

/**
 * A request to the engine that carries its body as it goes out and its own time limit.
 *
 * @param body empty for none
 */
@SuppressWarnings("ArrayRecordComponent") // a body on its way out, never compared
public record SearchRequest(
    String method, String path, Map<String, String> parameters, byte[] body, Duration timeout)
    implements Request {
  static final String NDJSON = "application/x-ndjson";

  @Override
  public String getMethod() {
    return method;
  }

  @Override
  public String getEndpoint() {
    return path;
  }

  @Override
  public Map<String, String> getParameters() {
    return parameters;
  }

  @Override
  public Collection<Map.Entry<String, String>> getHeaders() {
    return List.of();
  }

  @Override
  public Optional<Body> getBody() {
    return body.length == 0
        ? Optional.empty()
        : Optional.ofNullable(Body.from(body, contentType()));
  }

  String contentType() {
    return path.endsWith("/_bulk") ? NDJSON : "application/json";
  }
}
