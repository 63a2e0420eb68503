package dev.utsushi.testbed.search;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.utsushi.core.search.Authorization;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;

/**
 * A cluster at an address. Replies are read with every digit: no number becomes a double on its
 * way.
 */
public final class SearchApi implements AutoCloseable {
  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);
  private static final Duration REPLY_TIMEOUT = Duration.ofSeconds(30);

  private static final JsonMapper JSON =
      JsonMapper.builder()
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
          .build();

  private final URI endpoint;
  private final Authorization authorization;
  private final HttpClient http =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(CONNECT_TIMEOUT)
          .build();

  /** One that asks nobody who they are. */
  public SearchApi(URI endpoint) {
    this(endpoint, Authorization.NONE);
  }

  /** One that does. */
  public SearchApi(URI endpoint, Authorization authorization) {
    this.endpoint = endpoint;
    this.authorization = authorization;
  }

  public URI endpoint() {
    return endpoint;
  }

  /**
   * Sends a request.
   *
   * @param body JSON, or empty for none
   * @throws SearchException if there is no reply, or none of 2xx
   * @throws dev.utsushi.core.search.Authorization.CredentialsException if there are no credentials
   *     to be had
   */
  public JsonNode send(String method, String path, String body) throws InterruptedException {
    HttpRequest request = request(method, endpoint.resolve(path), body);
    try {
      HttpResponse<byte[]> response = http.send(request, BodyHandlers.ofByteArray());
      if (response.statusCode() == 401 && authorization.renew()) {
        request = request(method, endpoint.resolve(path), body);
        response = http.send(request, BodyHandlers.ofByteArray());
      }
      if (response.statusCode() / 100 != 2) {
        throw refused(method, path, response);
      }
      return JSON.readTree(response.body());
    } catch (IOException e) {
      throw new SearchException("No answer to %s %s from %s".formatted(method, path, endpoint), e);
    }
  }

  private HttpRequest request(String method, URI uri, String body) {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    var request =
        HttpRequest.newBuilder(uri)
            .timeout(REPLY_TIMEOUT)
            .method(
                method,
                bytes.length == 0 ? BodyPublishers.noBody() : BodyPublishers.ofByteArray(bytes));
    authorization
        .authorize(method, uri, Map.of("Content-Type", "application/json"), bytes)
        .forEach(request::header);
    return request.build();
  }

  /** Parses a JSON text with every digit. */
  public static JsonNode parse(String json) throws IOException {
    return JSON.readTree(json);
  }

  private static SearchException refused(
      String method, String path, HttpResponse<byte[]> response) {
    String type = "";
    try {
      // The type only: the engine's reasons quote documents.
      type = JSON.readTree(response.body()).path("error").path("type").asText();
    } catch (IOException _) {
      // Not the engine's JSON: a proxy's page, perhaps.
    }
    return new SearchException(
        response.statusCode(),
        "%s %s was answered with %d %s"
            .formatted(method, path, response.statusCode(), type)
            .strip());
  }

  @Override
  public void close() {
    http.close();
  }
}
