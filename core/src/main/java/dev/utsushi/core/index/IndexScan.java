package dev.utsushi.core.index;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.utsushi.core.document.ExactJson;
import dev.utsushi.core.index.IndexNames.Copy;
import dev.utsushi.core.search.Authorization.CredentialsException;
import dev.utsushi.core.search.HttpCaller.HttpReply;
import dev.utsushi.core.search.SearchClient;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads documents to compare them with their items. An index that was never there has none. */
public final class IndexScan {
  private static final int MOST_AT_ONCE = 500;

  /** Leaves out the item, and so also what of it is in the overflow. */
  private static final Map<String, String> VERSION_ONLY =
      Map.of("_source_includes", "_replication", "_source_excludes", "_replication.overflow");

  private static final ObjectMapper JSON = new ObjectMapper();

  private final SearchClient client;
  private final IndexNames names;

  /** Creates a scan of the index of these names. */
  public IndexScan(SearchClient client, IndexNames names) {
    this.client = client;
    this.names = names;
  }

  /**
   * A document.
   *
   * @param source with every digit
   */
  public record IndexedDocument(String id, JsonNode source) {

    /** Returns the version; null if Utsushi did not write the document. */
    public @Nullable String version() {
      return replication().path("version").textValue();
    }

    /** Returns whether readers find the document. */
    public boolean isVisible() {
      JsonNode deleted = replication().path("deleted");
      return deleted.isBoolean() && !deleted.booleanValue();
    }

    /** Returns whether it is what a removal leaves. */
    public boolean isTombstone() {
      return replication().path("deleted").booleanValue();
    }

    /** Returns when it was written, as it says so itself; empty if it does not. */
    public String indexedAt() {
      return replication().path("indexedAt").asText("");
    }

    /** Returns when the table was written; null if the document does not say so. */
    public @Nullable Instant changedAt() {
      return IndexedVersion.read(replication()).changedAt();
    }

    private JsonNode replication() {
      return source.path("_replication");
    }
  }

  /**
   * The ids of documents, in the order of the engine's sequence numbers.
   *
   * @param next where the next page begins; null at the end
   */
  public record Page(List<String> ids, @Nullable Long next) {}

  /** The engine did not answer as it should; the message has no item content. */
  public static final class ReadException extends IOException {
    private static final long serialVersionUID = 1L;

    private final boolean passing;

    ReadException(BulkReply.Failure failure) {
      super(failure.cause());
      passing = failure instanceof BulkReply.Temporary || failure instanceof BulkReply.Moved;
    }

    /** Returns whether another try may succeed. */
    public boolean isPassing() {
      return passing;
    }
  }

  /** Returns which index readers search: while it is rebuilt, one of two. */
  public Copy serving(Deadline deadline) throws ReadException {
    try {
      IndexNames only = names.of(Copy.ONLY);
      var writer = IndexSetup.send(client, "GET", "/" + only.writer(), "", "error.type", deadline);
      if (writer.status() != 404) {
        return Copy.ONLY;
      }
      var reader = IndexSetup.send(client, "GET", "/" + names.reader(), "", "*.aliases", deadline);
      if (reader.status() != 200) {
        return Copy.ONLY;
      }
      IndexState state = IndexState.parse(reader.body());
      return state.hasAlias(names.of(Copy.NEW).writer())
          ? Copy.NEW
          : state.hasAlias(names.of(Copy.OLD).writer()) ? Copy.OLD : Copy.ONLY;
    } catch (IOException | CredentialsException e) {
      throw new ReadException(BulkReply.failure(e));
    }
  }

  /**
   * Looks for documents, as they are now and not as of the last refresh.
   *
   * @return those that exist, by id
   */
  public Map<String, IndexedDocument> find(List<String> ids, Deadline deadline)
      throws ReadException {
    return find(ids, Map.of(), deadline);
  }

  /**
   * Looks for documents and reads only their versions, so that as many fit in the memory as there
   * are on a page.
   */
  public Map<String, IndexedDocument> findVersions(List<String> ids, Deadline deadline)
      throws ReadException {
    return find(ids, VERSION_ONLY, deadline);
  }

  private Map<String, IndexedDocument> find(
      List<String> ids, Map<String, String> parameters, Deadline deadline) throws ReadException {
    Map<String, IndexedDocument> found = new HashMap<>();
    for (int from = 0; from < ids.size(); from += MOST_AT_ONCE) {
      List<String> some = ids.subList(from, Math.min(ids.size(), from + MOST_AT_ONCE));
      Optional<JsonNode> reply =
          send("/" + names.writer() + "/_mget", parameters, Map.of("ids", some), deadline);
      for (JsonNode document : reply.map(body -> body.path("docs")).orElse(JSON.nullNode())) {
        String error = document.path("error").path("type").asText();
        if (error.equals("index_not_found_exception")) {
          refuseUnlessNeverThere(deadline);
        } else if (!error.isEmpty()) {
          throw new ReadException(BulkReply.failure(500, error));
        }
        if (document.path("found").booleanValue()) {
          String id = document.path("_id").asText();
          found.put(id, new IndexedDocument(id, document.path("_source")));
        }
      }
    }
    return found;
  }

  /**
   * Returns the highest sequence number of the engine's that a document has, in any shard.
   *
   * @see <a
   *     href="https://www.elastic.co/guide/en/elasticsearch/reference/7.10/optimistic-concurrency-control.html">Optimistic
   *     concurrency control</a>
   */
  public long lastSequenceNumber(Deadline deadline) throws ReadException {
    send("/" + names.writer() + "/_refresh", Map.of(), deadline);
    var query = search(1, "desc", Map.of("match_all", Map.of()), false);
    Optional<JsonNode> reply = send(searchPath(), query, deadline);
    return reply.map(body -> body.at("/hits/hits/0/sort/0").asLong(0)).orElse(0L);
  }

  /**
   * Reads a page of documents. A document that is written meanwhile moves behind the end.
   *
   * @param deleted whether to read tombstones, and not the documents that readers find
   * @param from the first sequence number
   * @param end behind the last sequence number
   */
  public Page page(boolean deleted, long from, long end, int size, Deadline deadline)
      throws ReadException {
    Map<String, Object> wanted = Map.of("term", Map.of("_replication.deleted", deleted));
    Hits hits = hits(from, end, size, List.of(wanted), false, deadline);
    return new Page(ids(hits.documents()), hits.next());
  }

  /**
   * A page of documents, in the order of the engine's sequence numbers.
   *
   * @param next where the next page begins; null at the end
   */
  record Hits(List<JsonNode> documents, @Nullable Long next) {}

  /**
   * Reads a page of the documents that match.
   *
   * @param filters queries
   * @param source what to read of each: false, or names of fields
   */
  Hits hits(long from, long end, int size, List<Object> filters, Object source, Deadline deadline)
      throws ReadException {
    List<Object> all = new ArrayList<>(filters);
    all.add(Map.of("range", Map.of("_seq_no", Map.of("gte", from, "lt", end))));
    var query = search(size, "asc", Map.of("bool", Map.of("filter", all)), source);
    Optional<JsonNode> reply = send(searchPath(), query, deadline);
    List<JsonNode> hits = new ArrayList<>();
    reply.map(body -> body.at("/hits/hits")).orElse(JSON.nullNode()).forEach(hits::add);
    if (hits.size() < size) {
      return new Hits(hits, null);
    }
    // Each shard counts for itself, so that the next page may have the last number, too.
    long last = number(hits.getLast());
    List<JsonNode> before = hits.stream().filter(hit -> number(hit) < last).toList();
    return before.isEmpty() ? new Hits(hits, last + 1) : new Hits(before, last);
  }

  private static List<String> ids(List<JsonNode> hits) {
    return hits.stream().map(hit -> hit.path("_id").asText()).toList();
  }

  private static long number(JsonNode hit) {
    return hit.path("sort").path(0).asLong();
  }

  private String searchPath() {
    return "/" + names.writer() + "/_search";
  }

  private static Map<String, Object> search(int size, String order, Object query, Object source) {
    return Map.of(
        "size",
        size,
        "_source",
        source,
        "track_total_hits",
        false,
        "sort",
        List.of(Map.of("_seq_no", order)),
        "query",
        query);
  }

  private Optional<JsonNode> send(String path, Object body, Deadline deadline)
      throws ReadException {
    return send(path, Map.of(), body, deadline);
  }

  /** Returns the reply; empty if the index was never there. */
  private Optional<JsonNode> send(
      String path, Map<String, String> parameters, Object body, Deadline deadline)
      throws ReadException {
    try {
      HttpReply reply =
          client.send(
              "POST",
              path,
              parameters,
              JSON.writeValueAsString(body).getBytes(UTF_8),
              deadline.requestTimeout());
      if (reply.status() == 200) {
        return Optional.of(ExactJson.parse(reply.body()));
      }
      var failure = BulkReply.failure(reply.status(), BulkReply.errorType(reply.body()));
      if (reply.status() != 404) {
        throw new ReadException(failure);
      }
      refuseUnlessNeverThere(deadline);
      return Optional.empty();
    } catch (ReadException e) {
      throw e;
    } catch (IOException | CredentialsException e) {
      throw new ReadException(BulkReply.failure(e));
    }
  }

  private void refuseUnlessNeverThere(Deadline deadline) throws ReadException {
    Optional<BulkReply.Failure> why;
    try {
      why = IndexSetup.whyMissing(client, names, deadline);
    } catch (IOException | CredentialsException e) {
      throw new ReadException(BulkReply.failure(e));
    }
    if (why.isPresent()) {
      throw new ReadException(why.get());
    }
  }
}
