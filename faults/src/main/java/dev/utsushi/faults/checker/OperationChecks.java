package dev.utsushi.faults.checker;

import dev.utsushi.faults.history.History.Entry;
import dev.utsushi.faults.history.ItemName;
import dev.utsushi.faults.history.Operation;
import dev.utsushi.faults.history.Operation.DeliveredRecord;
import dev.utsushi.faults.history.Operation.EngineWrite;
import dev.utsushi.faults.history.Operation.StreamChange;
import dev.utsushi.faults.history.Operation.WriteReply;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/**
 * Checks the operations in their order, for what the final state hides: a later write, a duplicate
 * or a restart from an old checkpoint repairs what a fault has spoiled.
 *
 * <p>Each index applies each version once and never over a newer one, no document is deleted, the
 * function acknowledges only what every index that has to take it has confirmed, a checkpoint of a
 * stream worker covers nothing else but what it has given up, and only failed records are given up.
 */
final class OperationChecks {
  private final List<Violation> violations = new ArrayList<>();

  /** The version that each document has at least. */
  private final Map<String, String> current = new HashMap<>();

  /** The same, as far as the function knows it. */
  private final Map<String, String> confirmed = new HashMap<>();

  /** Of each request in flight, the versions that its documents had at least when it was sent. */
  private final Map<Long, List<String>> inFlight = new HashMap<>();

  private final Set<String> applied = new HashSet<>();

  /** Versions for whose overflow a search began: if it broke off, the next delivery starts anew. */
  private final Set<String> searched = new HashSet<>();

  private final Set<String> givenUp = new HashSet<>();

  /** Of each shard, the records that no checkpoint has covered yet, in their order. */
  private final Map<String, Deque<StreamChange>> uncovered = new HashMap<>();

  private final Function<String, ItemName> itemOfDocument;
  private final Effects effects;

  /**
   * Creates the checks of a run.
   *
   * @param records of the streams, those of a shard in their order
   */
  OperationChecks(
      Function<String, ItemName> itemOfDocument, Effects effects, List<StreamChange> records) {
    this.itemOfDocument = itemOfDocument;
    this.effects = effects;
    records.forEach(
        each -> uncovered.computeIfAbsent(each.shard(), _ -> new ArrayDeque<>()).add(each));
  }

  List<Violation> violations(List<Entry> entries) {
    for (Entry entry : entries) {
      int before = violations.size();
      check(entry.operation());
      violations.subList(before, violations.size()).replaceAll(each -> each.at(entry.at()));
    }
    return violations;
  }

  private void check(Operation operation) {
    switch (operation) {
      case Operation.EngineRequest(long number, var writes) ->
          inFlight.put(number, writes.stream().map(this::currentVersion).toList());
      case Operation.EngineReply reply -> checkReply(reply);
      case Operation.Delivery delivery -> checkAcknowledged(delivery);
      case Operation.Checkpoint checkpoint -> checkCheckpoint(checkpoint);
      case Operation.DeadLettered letter -> {
        letter.records().forEach(each -> givenUp.add(each.position()));
        if (letter.records().size() != letter.batchSize()) {
          violations.add(Violation.general("given up without having failed: " + letter.range()));
        }
      }
      case Operation.Malfunction(String what) -> violations.add(Violation.general(what));
      case Operation.TableWrite _,
          Operation.ItemBefore _,
          Operation.PageRead _,
          Operation.ExtraWorker _,
          Operation.StreamChange _,
          Operation.Replayed _,
          Operation.Injected _,
          Operation.Event _ -> {}
    }
  }

  private String currentVersion(EngineWrite write) {
    return current.getOrDefault(write.place(), "");
  }

  private void checkReply(Operation.EngineReply reply) {
    List<String> before = inFlight.getOrDefault(reply.number(), List.of());
    inFlight.remove(reply.number());
    for (int i = 0; i < reply.replies().size(); i++) {
      WriteReply each = reply.replies().get(i);
      EngineWrite write = each.write();
      if (each.changed()) {
        checkChange(write, before.get(i), each.result());
      }
      if (each.succeeded()) {
        current.merge(write.place(), write.version(), OperationChecks::newer);
      }
      if (each.succeeded() && reply.received()) {
        confirmed.merge(write.place(), write.version(), OperationChecks::newer);
      }
    }
  }

  private static String newer(String left, String right) {
    return left.compareTo(right) >= 0 ? left : right;
  }

  private void checkChange(EngineWrite write, String before, String result) {
    if (result.equals(WriteReply.DELETED)) {
      found(write, "deleted without a tombstone: " + write.version());
    }
    if (effects.isMisplaced(write)) {
      String what = write.deleted() ? "removed, and must be shown: " : "shown, and must not be: ";
      found(write, what + write.version());
    }
    if (before.compareTo(write.version()) > 0) {
      found(write, "went back from %s to %s".formatted(before, write.version()));
    }
    String version = write.place() + " " + write.version();
    if (!write.refines() && !searched.contains(version) && !applied.add(version)) {
      found(write, "applied twice: " + write.version());
    }
    if (write.unsettled()) {
      searched.add(version);
    }
  }

  private void checkAcknowledged(Operation.Delivery delivery) {
    for (DeliveredRecord each : delivery.records().subList(0, delivery.acknowledged())) {
      for (String index : unconfirmed(each.item(), each.version())) {
        violations.add(
            Violation.of(
                each.item(),
                "%sdelivery %d acknowledged %s before the engine confirmed it"
                    .formatted(effects.in(index), delivery.number(), each.version())));
      }
    }
  }

  private void checkCheckpoint(Operation.Checkpoint checkpoint) {
    Deque<StreamChange> records = uncovered.getOrDefault(checkpoint.shard(), new ArrayDeque<>());
    for (StreamChange each = records.peek();
        each != null && checkpoint.covers(each);
        each = records.peek()) {
      records.remove();
      if (!unconfirmed(each.item(), each.version()).isEmpty()
          && !givenUp.contains(each.position())) {
        violations.add(
            Violation.of(
                each.item(),
                "a checkpoint of %s covers %s before it was settled"
                    .formatted(checkpoint.shard(), each.position())));
      }
    }
  }

  /** Returns the indexes that a change must write to, and that have not confirmed it. */
  private List<String> unconfirmed(ItemName item, String version) {
    return effects.written(item.documentId(), version).stream()
        .filter(
            index ->
                confirmed.getOrDefault(index + '/' + item.documentId(), "").compareTo(version) < 0)
        .toList();
  }

  private void found(EngineWrite write, String what) {
    violations.add(
        Violation.of(itemOfDocument.apply(write.documentId()), effects.in(write.index()) + what));
  }
}
