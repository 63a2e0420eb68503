package dev.utsushi.core.index;

import dev.utsushi.core.index.BulkRequest.Update;
import dev.utsushi.core.index.OverflowSearch.Refused;
import dev.utsushi.core.index.RebuildAwareWriter.OneIndexWriter;
import dev.utsushi.core.search.SearchClient;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/** Writes to Elasticsearch or OpenSearch, usually in one bulk request. */
final class EngineWriter implements OneIndexWriter {
  private final IndexSetup setup;
  private final RetryingBulk bulk;
  private final OverflowSearch overflowSearch;
  private boolean moved;

  EngineWriter(
      SearchClient client,
      IndexNames names,
      Mapping mapping,
      Listener listener,
      RandomGenerator random) {
    setup = new IndexSetup(client, names, mapping, listener);
    BulkClient engine = new BulkClient(client, names, BulkRequest.UPSERT);
    MappedFields mappedFields = MappedFields.of(client, names);
    // The set-up waits for the first write, so that an engine that is down delays writes and does
    // not keep the function from starting.
    RetryingBulk.Channel channel =
        (updates, deadline) -> {
          Optional<BulkReply> failure = setup.ensure(deadline);
          if (failure.isPresent()) {
            return all(updates, failure.get());
          }
          List<BulkReply> replies = engine.send(updates, deadline);
          if (replies.stream().anyMatch(BulkReply.EngineFault.class::isInstance)) {
            setup.lookAgain();
          }
          if (replies.stream().anyMatch(BulkReply.Missing.class::isInstance)) {
            mappedFields.forget();
            setup.lookAgain();
            Optional<BulkReply> why = setup.ensure(deadline);
            return why.isPresent() ? all(updates, why.get()) : engine.send(updates, deadline);
          }
          return replies;
        };
    bulk = new RetryingBulk(channel, random, listener);
    overflowSearch = new OverflowSearch(bulk, mappedFields);
  }

  private List<BulkReply> all(List<Update> updates, BulkReply reply) {
    moved = reply instanceof BulkReply.Moved;
    return Collections.nCopies(updates.size(), reply);
  }

  /** Returns why nothing can be written yet; empty if it can. */
  Optional<BulkReply> ensure(Deadline deadline) {
    return setup.ensure(deadline);
  }

  /** Looks at the index again before the next write. */
  void lookAgain() {
    setup.lookAgain();
  }

  /** Returns whether the index is likely to refuse one of these documents as it is. */
  boolean expectsRefusal(List<DocumentWrite> writes) {
    return overflowSearch.expectsRefusal(writes);
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
    if (overflowSearch.expectsRefusal(writes)) {
      return overflowSearch.write(writes, deadline);
    }
    List<Update> updates = writes.stream().map(Update::first).toList();
    List<BulkReply> replies = bulk.send(updates, deadline);
    List<Outcome> outcomes = new ArrayList<>(writes.size());
    List<Refused> refused = new ArrayList<>();
    for (int i = 0; i < writes.size(); i++) {
      if (replies.get(i) instanceof BulkReply.Unfit(String cause)) {
        refused.add(new Refused(writes.get(i), cause));
      }
      outcomes.add(outcome(updates.get(i), replies.get(i)));
    }
    if (!refused.isEmpty()) {
      Iterator<Outcome> found = overflowSearch.writeRefused(refused, deadline).iterator();
      for (int i = 0; i < writes.size(); i++) {
        if (replies.get(i) instanceof BulkReply.Unfit) {
          outcomes.set(i, found.next());
        }
      }
    }
    return outcomes;
  }

  static Outcome outcome(Update update, BulkReply reply) {
    return switch (reply) {
      case BulkReply.Written _ -> new Outcome.Applied(List.copyOf(update.overflow()));
      case BulkReply.Superseded _ -> new Outcome.Superseded();
      case BulkReply.Failure failure -> failure.outcome();
    };
  }
}
