package dev.utsushi.cli.search;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;

/**
 * A cluster at an address. Replies are read with every digit: no number becomes a double on its
 * way.
 */
public final class SearchEndpoint implements AutoCloseable {
  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);
  private static final Duration REPLY_TIMEOUT = Duration.ofSeconds(30);

  private static final JsonMapper JSON =
      JsonMapper.builder()
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
          .build();

  private final URI endpoint;
  private final HttpClient http =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(CONNECT_TIMEOUT)
          .build();

  public SearchEndpoint(URI endpoint) {
    this.endpoint = endpoint;
  }

  public URI endpoint() {
    return endpoint;
  }

  /**
   * Sends a request.
   *
   * @param body JSON, or empty for none
   * @throws SearchException if there is no reply, or none of 2xx
   */
  public JsonNode send(String method, String path, String body) throws InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(endpoint.resolve(path))
            .timeout(REPLY_TIMEOUT)
            .header("Content-Type", "application/json")
            .method(
                method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body))
            .build();
    try {
      HttpResponse<byte[]> response = http.send(request, BodyHandlers.ofByteArray());
      if (response.statusCode() / 100 != 2) {
        throw refused(method, path, response);
      }
      return JSON.readTree(response.body());
    } catch (IOException e) {
      throw new SearchException("No answer to %s %s from %s".formatted(method, path, endpoint), e);
    }
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
        "%s %s was answered with %d %s"
            .formatted(method, path, response.statusCode(), type)
            .strip());
  }

  @Override
  public void close() {
    http.close();
  }
}
