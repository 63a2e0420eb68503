package dev.utsushi.lambda;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The one call of AWS Secrets Manager that the function makes, on the wire: no embeddable one
 * exists.
 */
final class LocalSecrets implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Map<String, String> secrets;
  private final HttpServer server;
  private final AtomicInteger reads = new AtomicInteger();

  LocalSecrets(Map<String, String> secrets) {
    this.secrets = secrets;
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.createContext("/", this::getSecretValue);
    server.start();
  }

  String endpoint() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  int reads() {
    return reads.get();
  }

  private void getSecretValue(HttpExchange exchange) throws IOException {
    try (exchange) {
      reads.incrementAndGet();
      String arn = JSON.readTree(exchange.getRequestBody()).path("SecretId").asText();
      String secret = secrets.get(arn);
      Map<String, String> reply =
          secret == null
              ? Map.of("__type", "ResourceNotFoundException", "Message", "no such secret")
              : Map.of("ARN", arn, "Name", "search", "SecretString", secret);
      byte[] body = JSON.writeValueAsString(reply).getBytes(UTF_8);
      exchange.getResponseHeaders().set("Content-Type", "application/x-amz-json-1.1");
      exchange.sendResponseHeaders(secret == null ? 400 : 200, body.length);
      exchange.getResponseBody().write(body);
    }
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
