package dev.utsushi.core.index;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.utsushi.core.search.Authorization.CredentialsException;
import dev.utsushi.core.search.SearchClient;
import java.io.IOException;
import java.time.Duration;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Makes sure that the index, its mapping and its two aliases exist. Any number of execution
 * environments may do so at once; each step can be repeated.
 *
 * <p>In the usual case it is one request: the write alias is added last, and the mapping carries
 * the digest of the file that it was made from.
 */
final class IndexSetup {
  private static final JsonFactory JSON = new JsonFactory();
  private static final String ALREADY_EXISTS = "resource_already_exists_exception";
  private static final String ERROR = "error.type";
  private static final String CURRENT = "error.type,*.aliases,*.mappings._meta.utsushi";

  /** What readers of the documents can rely on, whatever the stream's own mapping says. */
  private static final String REPLICATION_MAPPING =
      """
      {"_meta":{"utsushi":{"mapping":"%s"}},
       "properties":{"_replication":{"type":"object","dynamic":false,"properties":{
        "version":{"type":"keyword"},
        "deleted":{"type":"boolean"},
        "changedAt":{"type":"date"},
        "indexedAt":{"type":"date"},
        "overflow":{"type":"keyword","index":false,"doc_values":false}}}}}
      """;

  private static final String ALIASES =
      """
      {"actions":[
       {"add":{"index":"%s","alias":"%s","filter":{"term":{"_replication.deleted":false}}}},
       {"add":{"index":"%s","alias":"%s","is_write_index":true}}]}
      """;

  private final SearchClient client;
  private final IndexNames names;
  private final Mapping mapping;
  private final IndexWriter.Listener listener;
  private boolean ready;

  IndexSetup(
      SearchClient client, IndexNames names, Mapping mapping, IndexWriter.Listener listener) {
    this.client = client;
    this.names = names;
    this.mapping = mapping;
    this.listener = listener;
  }

  /**
   * Does what is needed, once.
   *
   * @return why documents cannot be written yet; empty if they can
   */
  Optional<BulkReply> ensure(Duration timeout) {
    if (ready) {
      return Optional.empty();
    }
    try {
      Optional<BulkReply> failure = new Run(timeout).run();
      ready = failure.isEmpty();
      return failure;
    } catch (IOException | CredentialsException e) {
      return Optional.of(BulkReply.failure(e));
    }
  }

  /** One pass over the steps. Each returns why it failed, or nothing. */
  private final class Run {
    private final Duration timeout;

    Run(Duration timeout) {
      this.timeout = timeout;
    }

    Optional<BulkReply> run() throws IOException {
      var current = send("GET", "/" + names.writer(), "", CURRENT);
      return switch (current.status()) {
        case 200 -> update(current.body());
        case 404 -> create();
        default -> failure("look for the index", current);
      };
    }

    private Optional<BulkReply> create() throws IOException {
      var created = send("PUT", "/" + names.first(), mapping.createIndex(), ERROR);
      if (!BulkReply.errorType(created.body()).equals(ALREADY_EXISTS)) {
        var failure = failure("create " + names.first(), created);
        if (failure.isPresent()) {
          return failure;
        }
      }
      var failure = markMapping(names.first());
      return failure.isPresent() ? failure : addAliases(names.first());
    }

    /** The index exists, but its readers' alias may be gone, or its mapping another one. */
    private Optional<BulkReply> update(byte[] current) throws IOException {
      Set<String> words = words(current);
      if (!words.contains(names.reader())) {
        var failure = addAliases(firstName(current));
        if (failure.isPresent()) {
          return failure;
        }
      }
      return words.contains(mapping.digest()) ? Optional.empty() : updateMapping();
    }

    /** A mapping that the index rejects is no reason to stop: the overflow holds the rest. */
    private Optional<BulkReply> updateMapping() throws IOException {
      String path = "/" + names.writer() + "/_mapping";
      var updated = send("PUT", path, mapping.mappings(), ERROR);
      if (updated.status() == 400) {
        listener.mappingRefused(BulkReply.errorType(updated.body()));
        return Optional.empty();
      }
      var failure = failure("update the mapping of " + names.writer(), updated);
      return failure.isPresent() ? failure : markMapping(names.writer());
    }

    private Optional<BulkReply> markMapping(String index) throws IOException {
      String body = REPLICATION_MAPPING.formatted(mapping.digest());
      var marked = send("PUT", "/" + index + "/_mapping", body, ERROR);
      return failure("map '_replication' in " + index, marked);
    }

    private Optional<BulkReply> addAliases(String index) throws IOException {
      String body = ALIASES.formatted(index, names.reader(), index, names.writer());
      var added = send("POST", "/_aliases", body, ERROR);
      return failure("add the aliases " + names.reader() + " and " + names.writer(), added);
    }

    private SearchClient.Reply send(String method, String path, String body, String filter)
        throws IOException {
      return client.send(
          method, path, Map.of("filter_path", filter), body.getBytes(UTF_8), timeout);
    }
  }

  private static Optional<BulkReply> failure(String step, SearchClient.Reply reply) {
    if (reply.status() == 200) {
      return Optional.empty();
    }
    var failure = BulkReply.failure(reply.status(), BulkReply.errorType(reply.body()));
    return Optional.of(
        failure instanceof BulkReply.Unavailable
            ? failure
            : new BulkReply.Refused("cannot " + step + ": " + failure.cause()));
  }

  /** Returns the first field name in the body, which holds an object. */
  private static String firstName(byte[] body) throws IOException {
    try (JsonParser parser = JSON.createParser(body)) {
      parser.nextToken();
      return parser.nextFieldName();
    }
  }

  /** Returns every field name and every text in the body. */
  private static Set<String> words(byte[] body) throws IOException {
    Set<String> words = new HashSet<>();
    try (JsonParser parser = JSON.createParser(body)) {
      for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
        if (token == JsonToken.FIELD_NAME || token == JsonToken.VALUE_STRING) {
          words.add(parser.getText());
        }
      }
    }
    return words;
  }
}
