package dev.utsushi.core.index;

import dev.utsushi.core.document.DocumentWrite;
import dev.utsushi.core.index.StandingDocuments.Found;
import dev.utsushi.core.search.SearchClient;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Says what would become of writes, and writes nothing: not even the index, where it is missing.
 *
 * <p>The engine is sent the same request with a script that leaves every document as it is. So
 * whatever refuses a request before its documents are looked at (its size, who sends it, a block, a
 * missing alias) refuses this one too. The mapping is not asked: what it refuses costs no record,
 * it goes to the overflow.
 */
public final class Rehearsal implements IndexWriter {
  private final RetryingBulk bulk;
  private final StandingDocuments standing;

  private Rehearsal(RetryingBulk bulk, StandingDocuments standing) {
    this.bulk = bulk;
    this.standing = standing;
  }

  /** A rehearsal with the index of these names. */
  public static Rehearsal with(SearchClient client, IndexNames names, WriteListener listener) {
    BulkChannel channel =
        new BulkRequests(client, names, UpsertScript.REHEARSAL, InstantSource.system());
    Backoff backoff = Backoff.standard(() -> Jitter.RANDOM.nextLong());
    return new Rehearsal(
        new RetryingBulk(channel, backoff, Sleeper.THREAD, listener),
        new StandingDocuments(client, names));
  }

  @Override
  public List<Outcome> write(List<DocumentWrite> writes, Deadline deadline) {
    if (writes.isEmpty()) {
      return List.of();
    }
    List<Reply> replies = bulk.send(writes.stream().map(Attempt::whole).toList(), deadline);
    Found found = standing.find(writes.stream().map(DocumentWrite::id).toList(), deadline);
    List<Outcome> outcomes = new ArrayList<>(writes.size());
    for (int i = 0; i < writes.size(); i++) {
      outcomes.add(outcome(writes.get(i), replies.get(i), found));
    }
    return outcomes;
  }

  private static Outcome outcome(DocumentWrite write, Reply reply, Found found) {
    return switch (reply) {
      case Reply.Written _, Reply.Standing _ -> compared(write, found);
      case Reply.Unavailable(String cause) -> new Outcome.Deferred(cause);
      case Reply.Unfit(String cause) -> new Outcome.Rejected(cause);
      case Reply.TooLarge(String cause) -> new Outcome.Rejected(cause);
      case Reply.Refused(String cause) -> new Outcome.Rejected(cause);
    };
  }

  private static Outcome compared(DocumentWrite write, Found found) {
    return switch (found) {
      case Found.Unknown(String cause) -> new Outcome.Deferred(cause);
      case Found.Documents(Map<String, StandingDocument> byId) -> {
        StandingDocument document = byId.get(write.id());
        yield document == null || document.givesWayTo(write.version().text())
            ? new Outcome.Applied(List.of())
            : new Outcome.Superseded();
      }
    };
  }
}
