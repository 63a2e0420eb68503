package dev.utsushi.core.index;

import com.fasterxml.jackson.databind.JsonNode;
import dev.utsushi.core.change.Change;
import dev.utsushi.core.change.ItemKey;
import dev.utsushi.core.change.Value;
import dev.utsushi.core.change.Version;
import dev.utsushi.core.index.BulkRequest.Update;
import dev.utsushi.core.index.IndexScan.ReadException;
import dev.utsushi.core.index.IndexWriter.DocumentWrite;
import dev.utsushi.core.index.IndexWriter.Listener;
import dev.utsushi.core.search.SearchClient;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Finds and deletes the documents that removals left. */
public final class Tombstones {
  private static final List<String> FIELDS =
      List.of("_replication.version", "_replication.indexedAt");

  /** A tombstone has no attributes, and its id is known. */
  private static final ItemKey NO_KEY = new ItemKey(new Value.Text(""), null);

  private final IndexScan scan;
  private final RetryingBulk bulk;

  /** Creates them for the index of these names. It connects to nothing yet. */
  public Tombstones(SearchClient client, IndexNames names, Listener listener) {
    scan = new IndexScan(client, names);
    bulk =
        new RetryingBulk(
            new BulkClient(client, names, BulkRequest.PURGE), RetryingBulk.JITTER, listener);
  }

  /**
   * A tombstone as it was read.
   *
   * @param indexedAt as the document says it; empty if it does not
   */
  public record Tombstone(String id, String version, String indexedAt) {

    private static Tombstone read(JsonNode hit) {
      JsonNode replication = hit.path("_source").path("_replication");
      return new Tombstone(
          hit.path("_id").asText(),
          replication.path("version").asText(),
          replication.path("indexedAt").asText(""));
    }

    private Update deletion() {
      var removal = new Change.Removal(NO_KEY, new Version(version), null);
      return new Update(new DocumentWrite(id, removal, indexedAt), Set.of(), false, false);
    }
  }

  /**
   * Some tombstones, in the order of the engine's sequence numbers.
   *
   * @param next where the next page begins; null at the end
   */
  public record TombstonePage(List<Tombstone> tombstones, @Nullable Long next) {}

  /**
   * Reads a page of the tombstones of removals before a time. The time of a removal is the table's,
   * or that of the write if the table's is missing or lies behind it.
   *
   * @param from the first sequence number
   * @param end behind the last sequence number
   */
  public TombstonePage page(long from, long end, Instant before, int size, Deadline deadline)
      throws ReadException {
    List<Object> filters =
        List.of(
            Map.of("term", Map.of("_replication.deleted", true)),
            Map.of("exists", Map.of("field", "_replication.version")),
            Map.of(
                "bool",
                Map.of(
                    "should",
                    List.of(isBefore("changedAt", before), isBefore("indexedAt", before)))));
    var hits = scan.hits(from, end, size, filters, FIELDS, deadline);
    return new TombstonePage(hits.documents().stream().map(Tombstone::read).toList(), hits.next());
  }

  private static Map<String, Object> isBefore(String field, Instant time) {
    return Map.of("range", Map.of("_replication." + field, Map.of("lt", time.toString())));
  }

  /**
   * Deletes those that nobody wrote since they were read.
   *
   * @return how many are gone, those included that an earlier try deleted
   */
  public int delete(List<Tombstone> tombstones, Deadline deadline) throws ReadException {
    int gone = 0;
    List<String> unchanged = new ArrayList<>();
    List<BulkReply> replies =
        bulk.send(tombstones.stream().map(Tombstone::deletion).toList(), deadline);
    for (int i = 0; i < replies.size(); i++) {
      switch (replies.get(i)) {
        case BulkReply.Written _ -> gone++;
        case BulkReply.Superseded _ -> unchanged.add(tombstones.get(i).id());
        case BulkReply.Failure failure -> throw new ReadException(failure);
      }
    }
    return gone + unchanged.size() - scan.findVersions(unchanged, deadline).size();
  }
}
