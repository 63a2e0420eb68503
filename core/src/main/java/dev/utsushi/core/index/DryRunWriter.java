package dev.utsushi.core.index;

import dev.utsushi.core.index.BulkRequest.Update;
import dev.utsushi.core.index.IndexReader.Found;
import dev.utsushi.core.index.RebuildAwareWriter.OneIndexWriter;
import dev.utsushi.core.search.Authorization.CredentialsException;
import dev.utsushi.core.search.SearchClient;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Reports what would become of writes, and writes nothing: not even the index, if it is missing.
 *
 * <p>The engine gets the same request with a script that leaves every document as it is. Whatever
 * rejects a request before its documents are examined (its size, its sender, a block) rejects this
 * one too; where there is no write alias, it looks why. The mapping does not matter: attributes
 * that it refuses go to the overflow.
 */
final class DryRunWriter implements OneIndexWriter {
  private final SearchClient client;
  private final IndexNames names;
  private final RetryingBulk bulk;
  private final IndexReader reader;
  private boolean moved;

  DryRunWriter(SearchClient client, IndexNames names, Listener listener) {
    this.client = client;
    this.names = names;
    var engine = new BulkClient(client, names, BulkRequest.NO_OP);
    bulk = new RetryingBulk(engine, RetryingBulk.JITTER, listener);
    reader = new IndexReader(client, names);
  }

  @Override
  public boolean isMoved() {
    return moved;
  }

  @Override
  public List<Outcome> write(List<DocumentWrite> writes, Deadline deadline) {
    moved = false;
    if (writes.isEmpty()) {
      return List.of();
    }
    List<BulkReply> replies = bulk.send(Update.of(writes), deadline);
    if (replies.stream().anyMatch(BulkReply.Missing.class::isInstance)) {
      return missing(writes.size(), deadline);
    }
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

  /** A write creates an index that was never there. */
  private List<Outcome> missing(int writes, Deadline deadline) {
    try {
      Optional<BulkReply.Failure> why = IndexSetup.whyMissing(client, names, deadline);
      moved = why.filter(BulkReply.Moved.class::isInstance).isPresent();
      Outcome outcome =
          why.map(BulkReply.Failure::outcome).orElseGet(() -> new Outcome.Applied(List.of()));
      return Collections.nCopies(writes, outcome);
    } catch (IOException | CredentialsException e) {
      return Collections.nCopies(writes, BulkReply.failure(e).outcome());
    }
  }

  private static Outcome compared(DocumentWrite write, Found found) {
    return switch (found) {
      case Found.Unknown(String cause) -> new Outcome.Deferred(cause);
      case Found.Documents(Map<String, IndexedVersion> byId) -> {
        IndexedVersion indexed = byId.get(write.id());
        if (indexed == null || indexed.takes(write.version(), write.change().changedAt())) {
          yield new Outcome.Applied(List.of());
        }
        yield indexed.isOfNewerStream(write.version(), write.change().changedAt())
            ? new BulkReply.OlderStream().outcome()
            : new Outcome.Superseded();
      }
    };
  }
}
