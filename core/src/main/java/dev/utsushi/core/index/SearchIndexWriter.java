package dev.utsushi.core.index;

import dev.utsushi.core.change.Change;
import dev.utsushi.core.document.DocumentWrite;
import dev.utsushi.core.document.DocumentWriter;
import dev.utsushi.core.search.SearchClient;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;

/** Writes to Elasticsearch or OpenSearch: one bulk request for all, in the usual case. */
public final class SearchIndexWriter implements IndexWriter {
  private final RetryingBulk bulk;
  private final OverflowSearch overflowSearch;

  private SearchIndexWriter(RetryingBulk bulk) {
    this.bulk = bulk;
    this.overflowSearch = new OverflowSearch(bulk);
  }

  /**
   * A writer to the index of these names.
   *
   * @param mapping what to make the index with, where it is not there yet
   * @param listener is told of retries
   */
  public static SearchIndexWriter to(
      SearchClient client, IndexNames names, MappingFile mapping, WriteListener listener) {
    return to(
        client,
        names,
        mapping,
        listener,
        InstantSource.system(),
        Sleeper.THREAD,
        () -> Jitter.RANDOM.nextLong());
  }

  static SearchIndexWriter to(
      SearchClient client,
      IndexNames names,
      MappingFile mapping,
      WriteListener listener,
      InstantSource clock,
      Sleeper sleeper,
      RandomGenerator random) {
    BulkChannel prepared =
        new PreparedBulk(
            new IndexSetup(client, names, mapping, listener),
            new BulkRequests(client, names, UpsertScript.SOURCE, clock));
    return new SearchIndexWriter(
        new RetryingBulk(prepared, Backoff.standard(random), sleeper, listener));
  }

  @Override
  public List<Outcome> write(List<DocumentWrite> writes, Deadline deadline) {
    if (writes.isEmpty()) {
      return List.of();
    }
    List<Reply> replies = bulk.send(writes.stream().map(Attempt::whole).toList(), deadline);
    List<Outcome> outcomes = new ArrayList<>(writes.size());
    for (int i = 0; i < writes.size(); i++) {
      outcomes.add(outcome(writes.get(i), replies.get(i), deadline));
    }
    return outcomes;
  }

  private Outcome outcome(DocumentWrite write, Reply reply, Deadline deadline) {
    return switch (reply) {
      case Reply.Written _ -> new Outcome.Applied(reserved(write));
      case Reply.Standing _ -> new Outcome.Superseded();
      case Reply.Unfit(String cause) ->
          withReserved(overflowSearch.write(write, cause, deadline), write);
      case Reply.Unavailable(String cause) -> new Outcome.Deferred(cause);
      case Reply.TooLarge(String cause) -> new Outcome.Rejected(cause);
      case Reply.Refused(String cause) -> new Outcome.Rejected(cause);
    };
  }

  private static Outcome withReserved(Outcome outcome, DocumentWrite write) {
    return outcome instanceof Outcome.Applied(List<String> refused)
        ? new Outcome.Applied(Stream.concat(reserved(write).stream(), refused.stream()).toList())
        : outcome;
  }

  /** The attributes that go to the overflow without being tried. */
  private static List<String> reserved(DocumentWrite write) {
    return switch (write.change()) {
      case Change.Upsert upsert ->
          upsert.item().keySet().stream().filter(DocumentWriter::isReserved).toList();
      case Change.Removal _ -> List.of();
    };
  }
}
