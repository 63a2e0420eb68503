package dev.utsushi.core.index;

import dev.utsushi.core.index.BulkRequest.Update;
import dev.utsushi.core.index.IndexReader.Found;
import dev.utsushi.core.search.SearchClient;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Reports what would become of writes, and writes nothing: not even the index, if it is missing.
 *
 * <p>The engine gets the same request with a script that leaves every document as it is. Whatever
 * rejects a request before its documents are examined (its size, its sender, a block, a missing
 * alias) rejects this one too. The mapping does not matter: attributes that it refuses go to the
 * overflow.
 */
final class DryRunWriter implements IndexWriter {
  private final RetryingBulk bulk;
  private final IndexReader reader;

  DryRunWriter(SearchClient client, IndexNames names, Listener listener) {
    var engine = new BulkClient(client, names, BulkRequest.NO_OP);
    bulk = new RetryingBulk(engine, RetryingBulk.JITTER, listener);
    reader = new IndexReader(client, names);
  }

  @Override
  public List<Outcome> write(List<DocumentWrite> writes, Deadline deadline) {
    if (writes.isEmpty()) {
      return List.of();
    }
    List<BulkReply> replies = bulk.send(Update.of(writes), deadline);
    Found found = reader.find(writes.stream().map(DocumentWrite::id).toList(), deadline);
    List<Outcome> outcomes = new ArrayList<>(writes.size());
    for (int i = 0; i < writes.size(); i++) {
      outcomes.add(
          replies.get(i) instanceof BulkReply.Failure failure
              ? failure.outcome()
              : compared(writes.get(i), found));
    }
    return outcomes;
  }

  private static Outcome compared(DocumentWrite write, Found found) {
    return switch (found) {
      case Found.Unknown(String cause) -> new Outcome.Deferred(cause);
      case Found.Documents(Map<String, IndexedVersion> byId) -> {
        IndexedVersion indexed = byId.get(write.id());
        if (indexed == null || indexed.isOlderThan(write.version())) {
          yield new Outcome.Applied(List.of());
        }
        yield indexed.isOfNewerStream(write.version(), write.change().changedAt())
            ? new Outcome.Rejected(BulkReply.TWO_STREAMS)
            : new Outcome.Superseded();
      }
    };
  }
}
