package dev.utsushi.core.index;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.utsushi.core.search.Authorization;
import dev.utsushi.core.search.HttpCaller;
import dev.utsushi.core.search.SearchClient;
import dev.utsushi.core.search.SocketCaller;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;

/** An index on a real engine, as its readers see it. */
public final class EngineIndex implements IndexUnderTest {
  public static final ObjectMapper EXACT =
      JsonMapper.builder(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder().maxNameLength(500_000).build())
                  .build())
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .enable(DeserializationFeature.USE_BIG_INTEGER_FOR_INTS)
          .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
          .build();

  private final IndexNames names;
  private final SearchClient client;
  private final IndexWriter writer;

  EngineIndex(URI endpoint, String name, String mapping) {
    this(endpoint, name, mapping, new SocketCaller());
  }

  EngineIndex(URI endpoint, String name, String mapping, HttpCaller caller) {
    names = new IndexNames(name);
    client = new SearchClient(endpoint, new SocketCaller(), Authorization.NONE);
    writer =
        new RebuildAwareWriter(
            names,
            each ->
                new EngineWriter(
                    new SearchClient(endpoint, caller, Authorization.NONE),
                    each,
                    Mapping.read(mapping),
                    new SilentListener(),
                    new SplittableRandom(1)));
  }

  /** Creates the readers' view of an index that another writer writes. */
  public EngineIndex(URI endpoint, String name) {
    this(endpoint, name, "{}");
  }

  @Override
  public IndexWriter writer() {
    return writer;
  }

  IndexWriter dryRun() {
    return IndexWriter.dryRun(client, names, new SilentListener());
  }

  @Override
  public Map<String, JsonNode> found() {
    return search(names.reader());
  }

  @Override
  public Map<String, JsonNode> all() {
    return search(names.first());
  }

  /** Returns the readers' alias. */
  String reader() {
    return names.reader();
  }

  /** Returns the documents that a search with this query (a JSON object) finds. */
  Map<String, JsonNode> search(String index, String query) {
    send("POST", "/" + index + "/_refresh", "");
    JsonNode reply =
        send("POST", "/" + index + "/_search", "{\"size\":10000,\"query\":" + query + "}");
    Map<String, JsonNode> documents = new HashMap<>();
    for (JsonNode hit : reply.path("hits").path("hits")) {
      documents.put(hit.path("_id").asText(), hit.path("_source"));
    }
    return documents;
  }

  private Map<String, JsonNode> search(String index) {
    return search(index, "{\"match_all\":{}}");
  }

  /** Sends any request, and asks for a reply in JSON. */
  public JsonNode send(String method, String path, String body) {
    try {
      byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
      Map<String, String> parameters =
          path.startsWith("/_cat/") ? Map.of("format", "json") : Map.of();
      var reply = client.send(method, path, parameters, bytes, Duration.ofMinutes(2));
      if (reply.status() >= 300) {
        throw new AssertionError(
            reply.status() + ": " + new String(reply.body(), StandardCharsets.UTF_8));
      }
      return EXACT.readTree(reply.body());
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
