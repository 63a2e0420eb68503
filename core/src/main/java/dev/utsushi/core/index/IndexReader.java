package dev.utsushi.core.index;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.utsushi.core.index.IndexNames.Copy;
import dev.utsushi.core.search.Authorization.CredentialsException;
import dev.utsushi.core.search.SearchClient;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads the versions of documents as they are now, not as of the last refresh. It reads nothing of
 * a document but Utsushi's own fields.
 */
public final class IndexReader {
  private static final int MOST_AT_ONCE = 1000;
  private static final Map<String, String> PARAMETERS =
      Map.of(
          "_source_includes", "_replication.*",
          "filter_path", "error.type,docs._id,docs.found,docs._source._replication");

  private static final ObjectMapper JSON = new ObjectMapper();

  private final SearchClient client;
  private IndexNames names;

  /** Creates a reader of the index of these names. */
  public IndexReader(SearchClient client, IndexNames names) {
    this.client = client;
    this.names = names;
  }

  /** The result of a search for documents. */
  public sealed interface Found {
    /** The documents that exist, by id. */
    record Documents(Map<String, IndexedVersion> byId) implements Found {}

    /** The engine did not answer, or could not read a document: its alias may be missing. */
    record Unknown(String cause) implements Found {}
  }

  /** Looks for documents: while the index is rebuilt, in the one that was there before. */
  public Found find(List<String> ids, Deadline deadline) {
    IndexNames asked = names;
    Found found = look(ids, deadline);
    return names.equals(asked) ? found : look(ids, deadline);
  }

  private Found look(List<String> ids, Deadline deadline) {
    Map<String, IndexedVersion> byId = new HashMap<>();
    try {
      for (int from = 0; from < ids.size(); from += MOST_AT_ONCE) {
        List<String> some = ids.subList(from, Math.min(ids.size(), from + MOST_AT_ONCE));
        byte[] body = JSON.writeValueAsBytes(Map.of("ids", some));
        Duration timeout = deadline.requestTimeout();
        String path = "/" + names.writer() + "/_mget";
        var reply = client.send("POST", path, PARAMETERS, body, timeout);
        if (reply.status() != 200) {
          return unread("status " + reply.status(), deadline);
        }
        for (JsonNode document : JSON.readTree(reply.body()).path("docs")) {
          if (!document.has("found")) {
            return unread("the engine could not read a document", deadline);
          }
          if (document.path("found").booleanValue()) {
            JsonNode replication = document.path("_source").path("_replication");
            byId.put(document.path("_id").asText(), IndexedVersion.read(replication));
          }
        }
      }
      return new Found.Documents(byId);
    } catch (IOException | CredentialsException e) {
      return new Found.Unknown(e.getClass().getSimpleName());
    }
  }

  /** There are no documents in an index that was never there. */
  private Found unread(String cause, Deadline deadline) throws IOException {
    var alias = IndexSetup.send(client, "GET", "/" + names.writer(), "", "error.type", deadline);
    if (alias.status() != 404) {
      return new Found.Unknown(cause);
    }
    var why = IndexSetup.whyMissing(client, names, deadline);
    if (why.filter(BulkReply.Moved.class::isInstance).isPresent()) {
      names = names.of(names.copy() == Copy.ONLY ? Copy.OLD : Copy.ONLY);
    }
    return why.isEmpty() ? new Found.Documents(Map.of()) : new Found.Unknown(cause);
  }
}
