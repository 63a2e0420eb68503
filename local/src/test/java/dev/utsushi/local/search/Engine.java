package dev.utsushi.local.search;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;

/** Plain HTTP against a search engine. */
final class Engine {
  private static final HttpClient HTTP = HttpClient.newHttpClient();

  private Engine() {}

  static HttpResponse<String> send(SearchEngine engine, String method, String path, String json)
      throws IOException, InterruptedException {
    var request =
        HttpRequest.newBuilder(URI.create(engine.endpoint() + path))
            .method(method, BodyPublishers.ofString(json))
            .header("content-type", "application/json")
            .build();
    return HTTP.send(request, BodyHandlers.ofString());
  }

  static HttpResponse<String> get(SearchEngine engine, String path)
      throws IOException, InterruptedException {
    return HTTP.send(
        HttpRequest.newBuilder(URI.create(engine.endpoint() + path)).build(),
        BodyHandlers.ofString());
  }
}
