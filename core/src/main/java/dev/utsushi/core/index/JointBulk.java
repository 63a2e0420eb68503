package dev.utsushi.core.index;

import dev.utsushi.core.index.BulkRequest.Update;
import dev.utsushi.core.index.IndexNames.Copy;
import dev.utsushi.core.index.IndexWriter.DocumentWrite;
import dev.utsushi.core.index.IndexWriter.Listener;
import dev.utsushi.core.search.SearchClient;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;

/** Sends updates of several indexes in one bulk request, once each of the indexes is ready. */
final class JointBulk {
  private final List<EngineWriter> only = new ArrayList<>();
  private final List<RebuildAwareWriter> writers = new ArrayList<>();
  private final BulkClient engine;
  private final RetryingBulk bulk;

  private JointBulk(SearchClient client, List<IndexNames> names, Listener listener) {
    engine = BulkClient.ofSeveral(client, names, BulkRequest.UPSERT);
    bulk = new RetryingBulk(this::attempt, RetryingBulk.JITTER, listener);
  }

  /**
   * Creates a writer to several indexes.
   *
   * @param listeners one for each
   */
  static IndexWriter writer(
      SearchClient client,
      List<IndexNames> names,
      List<Mapping> mappings,
      List<Listener> listeners) {
    JointBulk joint = new JointBulk(client, names, listeners.getFirst());
    for (int i = 0; i < names.size(); i++) {
      joint.add(client, names.get(i), mappings.get(i), listeners.get(i));
    }
    return new SeveralIndexesWriter(joint.writers, joint);
  }

  private void add(SearchClient client, IndexNames names, Mapping mapping, Listener listener) {
    EngineWriter own = new EngineWriter(client, names, mapping, listener, RetryingBulk.JITTER);
    only.add(own);
    writers.add(
        new RebuildAwareWriter(
            names,
            each ->
                each.copy() == Copy.ONLY
                    ? own
                    : new EngineWriter(client, each, mapping, listener, RetryingBulk.JITTER)));
  }

  /**
   * Returns whether these may go with others: while an index is rebuilt there are two of it, and a
   * document that is likely to be refused takes a search.
   */
  boolean takes(int target, List<DocumentWrite> writes) {
    return !writers.get(target).isRebuilding() && !only.get(target).expectsRefusal(writes);
  }

  /** Sends the updates, and again what the engine could not take. */
  List<BulkReply> send(List<Update> updates, Deadline deadline) {
    return bulk.send(updates, deadline);
  }

  private List<BulkReply> attempt(List<Update> updates, Deadline deadline) {
    Map<Integer, BulkReply> failures = new HashMap<>();
    for (int target : updates.stream().mapToInt(JointBulk::target).distinct().toArray()) {
      only.get(target).ensure(deadline).ifPresent(failure -> failures.put(target, failure));
    }
    List<Update> ready =
        updates.stream().filter(update -> !failures.containsKey(target(update))).toList();
    Iterator<BulkReply> replies =
        (ready.isEmpty() ? List.<BulkReply>of() : engine.send(ready, deadline)).iterator();
    return updates.stream()
        .map(
            update -> {
              BulkReply failure = failures.get(target(update));
              return failure == null ? noted(update, replies.next()) : failure;
            })
        .toList();
  }

  private BulkReply noted(Update update, BulkReply reply) {
    if (reply instanceof BulkReply.EngineFault) {
      only.get(target(update)).lookAgain();
    }
    return reply;
  }

  private static int target(Update update) {
    return update.write().target();
  }
}
