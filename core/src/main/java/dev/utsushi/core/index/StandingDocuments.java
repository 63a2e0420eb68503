package dev.utsushi.core.index;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.utsushi.core.json.JsonText;
import dev.utsushi.core.json.RawJson;
import dev.utsushi.core.search.CredentialsException;
import dev.utsushi.core.search.SearchClient;
import dev.utsushi.core.search.SearchReply;
import dev.utsushi.core.search.SearchRequest;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Looks at documents as they stand this moment, not as the last refresh has them, and at nothing of
 * them but what is Utsushi's own.
 */
public final class StandingDocuments {
  private static final int MOST_AT_ONCE = 1000;
  private static final Duration LONGEST_ROUND_TRIP = Duration.ofSeconds(10);
  private static final Map<String, String> PARAMETERS =
      Map.of(
          "_source_includes", "_replication.*",
          "filter_path", "error.type,docs._id,docs.found,docs._source._replication");

  private final SearchClient client;
  private final String path;

  /** The documents of the index of these names. */
  public StandingDocuments(SearchClient client, IndexNames names) {
    this.client = client;
    this.path = "/" + names.writer() + "/_mget";
  }

  /** What there is to know. */
  public sealed interface Found {
    /** The documents that stand, by id. */
    record Documents(Map<String, StandingDocument> byId) implements Found {}

    /** Nobody knows. */
    record Unknown(String cause) implements Found {}
  }

  /** Looks for documents. */
  public Found find(List<String> ids, Deadline deadline) {
    Map<String, StandingDocument> byId = new HashMap<>();
    try {
      for (int from = 0; from < ids.size(); from += MOST_AT_ONCE) {
        List<String> some = ids.subList(from, Math.min(ids.size(), from + MOST_AT_ONCE));
        SearchReply reply = client.send(request(some, deadline));
        if (reply.status() != 200) {
          return new Found.Unknown("status " + reply.status());
        }
        read(new String(reply.body(), UTF_8), byId);
      }
      return new Found.Documents(byId);
    } catch (IOException | CredentialsException | IllegalArgumentException e) {
      return new Found.Unknown(e.getClass().getSimpleName());
    }
  }

  private SearchRequest request(List<String> ids, Deadline deadline) {
    String body =
        JsonText.of(
            json -> {
              json.writeStartObject();
              json.writeArrayFieldStart("ids");
              for (String id : ids) {
                json.writeString(id);
              }
              json.writeEndArray();
              json.writeEndObject();
            });
    Duration remaining = deadline.remaining();
    Duration timeout = remaining.compareTo(LONGEST_ROUND_TRIP) < 0 ? remaining : LONGEST_ROUND_TRIP;
    return new SearchRequest("POST", path, PARAMETERS, body.getBytes(UTF_8), timeout);
  }

  private static void read(String reply, Map<String, StandingDocument> byId) {
    for (RawJson document : RawJson.parse(reply).field("docs").elements()) {
      if (document.field("found").flag(false)) {
        byId.put(
            document.field("_id").text(""),
            StandingDocument.read(document.field("_source").field("_replication")));
      }
    }
  }
}
