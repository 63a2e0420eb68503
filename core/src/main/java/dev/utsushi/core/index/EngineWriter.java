package dev.utsushi.core.index;

import dev.utsushi.core.index.BulkRequest.Update;
import dev.utsushi.core.search.SearchClient;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.random.RandomGenerator;

/** Writes to Elasticsearch or OpenSearch, usually in one bulk request. */
final class EngineWriter implements IndexWriter {
  private final RetryingBulk bulk;
  private final OverflowSearch overflowSearch;

  EngineWriter(
      SearchClient client,
      IndexNames names,
      Mapping mapping,
      Listener listener,
      RandomGenerator random) {
    IndexSetup setup = new IndexSetup(client, names, mapping, listener);
    BulkClient engine = new BulkClient(client, names, BulkRequest.UPSERT);
    // The set-up waits for the first write, so that an engine that is down delays writes and does
    // not keep the function from starting.
    RetryingBulk.Channel channel =
        (updates, timeout) ->
            setup
                .ensure(timeout)
                .map(failure -> Collections.nCopies(updates.size(), failure))
                .orElseGet(() -> engine.send(updates, timeout));
    bulk = new RetryingBulk(channel, random, listener);
    overflowSearch = new OverflowSearch(bulk);
  }

  @Override
  public List<Outcome> write(List<DocumentWrite> writes, Deadline deadline) {
    if (writes.isEmpty()) {
      return List.of();
    }
    List<Update> updates = Update.of(writes);
    List<BulkReply> replies = bulk.send(updates, deadline);
    List<Outcome> outcomes = new ArrayList<>(writes.size());
    for (int i = 0; i < writes.size(); i++) {
      outcomes.add(outcome(updates.get(i), replies.get(i), deadline));
    }
    return outcomes;
  }

  private Outcome outcome(Update update, BulkReply reply, Deadline deadline) {
    return switch (reply) {
      case BulkReply.Written _ -> new Outcome.Applied(List.copyOf(update.overflow()));
      case BulkReply.Superseded _ -> new Outcome.Superseded();
      case BulkReply.Unfit(String cause) -> overflowSearch.write(update.write(), cause, deadline);
      case BulkReply.Failure failure -> failure.outcome();
    };
  }
}
