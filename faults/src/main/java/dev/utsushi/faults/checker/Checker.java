package dev.utsushi.faults.checker;

import dev.utsushi.core.telemetry.Metric;
import dev.utsushi.faults.checker.Effects.Effect;
import dev.utsushi.faults.checker.Effects.Step;
import dev.utsushi.faults.checker.FinalState.IndexState;
import dev.utsushi.faults.checker.FinalState.IndexedState;
import dev.utsushi.faults.history.ChaosException;
import dev.utsushi.faults.history.History;
import dev.utsushi.faults.history.History.Count;
import dev.utsushi.faults.history.ItemName;
import dev.utsushi.faults.history.Operation.DeliveredRecord;
import dev.utsushi.faults.history.Operation.StreamChange;
import dev.utsushi.testbed.comparison.Difference;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** Checks everything that must hold of a run. */
public final class Checker {
  private final History history;
  private final FinalState state;
  private final List<StreamChange> changes;
  private final Map<ItemName, StreamChange> newest = new HashMap<>();
  private final Effects effects;
  private final List<Violation> violations = new ArrayList<>();

  private Checker(History history, FinalState state) {
    this.history = history;
    this.state = state;
    changes = history.changes();
    List<StreamChange> all = Stream.concat(history.before().stream(), changes.stream()).toList();
    all.forEach(change -> newest.put(change.item(), change));
    effects = new Effects(state.indexes().stream().map(IndexState::expected).toList(), all);
  }

  /**
   * Reports every violation: first those that were observed during the run, in their order, then
   * those of the final state.
   *
   * @throws ChaosException if table and streams contradict each other, so that nothing can be said
   *     about the final state; its message has the violations of the run
   */
  public static List<Violation> check(History history, FinalState state) {
    var checker = new Checker(history, state);
    var operations =
        new OperationChecks(checker::itemOfDocument, checker.effects, history.records());
    checker.violations.addAll(operations.violations(history.entries()));
    checker.requireStreamOfTable();
    for (IndexState index : state.indexes()) {
      checker.checkDifferences(index);
      checker.checkVersions(index);
    }
    checker.checkDeliveries();
    checker.checkDeadLetters();
    checker.checkMetrics();
    checker.violations.addAll(
        BackfillChecks.violations(history, state.backfill(), checker.isWhole()));
    return List.copyOf(checker.violations);
  }

  private ItemName itemOfDocument(String documentId) {
    return item("document", ItemName::documentId, documentId);
  }

  private ItemName itemOfKey(String key) {
    return item("item", ItemName::text, key);
  }

  /** Falls back to the raw name, so that reports can still show it. */
  private ItemName item(String kind, Function<ItemName, String> name, String wanted) {
    return history.items().stream()
        .filter(item -> name.apply(item).equals(wanted))
        .findFirst()
        .orElseGet(() -> new ItemName(kind, wanted));
  }

  private void found(ItemName item, String what) {
    violations.add(Violation.of(item, what));
  }

  private void found(String what) {
    violations.add(Violation.general(what));
  }

  /** A change that is in no stream, because the stream was off, leaves no verdict. */
  private void requireStreamOfTable() {
    Map<ItemName, Map<String, AttributeValue>> items = new HashMap<>();
    state.items().forEach(item -> items.put(ItemName.of(item), item));
    for (StreamChange change : newest.values()) {
      var item = items.remove(change.item());
      if (!change.image().equals(item == null ? Map.of() : item)) {
        throw noVerdict(change.item());
      }
    }
    if (!items.isEmpty()) {
      throw noVerdict(items.keySet().iterator().next());
    }
  }

  private ChaosException noVerdict(ItemName item) {
    var message = new StringBuilder("no verdict: the last change of ");
    message.append(item.text()).append(" is not in the streams");
    violations.forEach(each -> message.append("; violation: ").append(each.what()));
    return new ChaosException(message.toString());
  }

  private boolean isWhole() {
    return state.indexes().stream().noneMatch(index -> index.expected().chooses());
  }

  private void checkDifferences(IndexState index) {
    String name = index.expected().name();
    for (Difference difference : index.differences()) {
      ItemName item =
          switch (difference) {
            case Difference.Missing(String key) -> itemOfKey(key);
            case Difference.Extra(String id) -> itemOfDocument(id);
            case Difference.Different(String key, _) -> itemOfKey(key);
            case Difference.Doubled(String key, _) -> itemOfKey(key);
            case Difference.Malformed(String id, _) -> itemOfDocument(id);
          };
      if (!isExpected(effects.of(name, item.documentId()), difference)) {
        found(item, effects.in(name) + difference.line());
      }
    }
  }

  /** The engine rejects an item's last change if that is poison: the document is at one before. */
  private static boolean isExpected(List<Step> steps, Difference difference) {
    return endsRefused(steps)
        && (difference instanceof Difference.Missing || difference instanceof Difference.Different);
  }

  private static boolean endsRefused(List<Step> steps) {
    return !steps.isEmpty() && steps.getLast().effect() == Effect.REFUSED;
  }

  private void checkVersions(IndexState index) {
    String name = index.expected().name();
    Set<String> unexpected = new HashSet<>(index.documents().keySet());
    for (ItemName item : newest.keySet()) {
      String id = item.documentId();
      unexpected.remove(id);
      checkVersion(name, item, index.documents().get(id));
    }
    unexpected.forEach(
        id -> found(itemOfDocument(id), effects.in(name) + "no change made this document: " + id));
  }

  private void checkVersion(String index, ItemName item, @Nullable IndexedState document) {
    List<Step> all = effects.of(index, item.documentId());
    List<Step> taken = all.stream().filter(step -> step.effect() != Effect.REFUSED).toList();
    if (!isAt(taken, document) && !(document == null && isLeftOut(all, taken))) {
      String actual = document == null ? "none" : document.line();
      found(
          item,
          "%sdocument: %s, expected: %s".formatted(effects.in(index), actual, expected(taken)));
    }
  }

  private static String expected(List<Step> taken) {
    return taken.isEmpty()
        ? "none"
        : switch (taken.getLast().effect()) {
          case SHOWN, REFUSED -> taken.getLast().change().line();
          case LEFT -> "removal " + taken.getLast().change().version();
          case HIDDEN -> "none, or a removal since it was shown last";
        };
  }

  /**
   * Whether the document is at the last change that it had to take. Changes after an item left may
   * have written a tombstone each, and need not.
   */
  private static boolean isAt(List<Step> taken, @Nullable IndexedState document) {
    for (Step step : taken.reversed()) {
      boolean isShown = step.effect() == Effect.SHOWN;
      if (document != null
          && document.version().equals(step.change().version())
          && document.deleted() != isShown) {
        return true;
      }
      if (step.effect() != Effect.HIDDEN) {
        return false;
      }
    }
    return document == null;
  }

  /** A backfill that came only after the poison found nothing that the engine accepts. */
  private static boolean isLeftOut(List<Step> all, List<Step> taken) {
    return endsRefused(all)
        && !taken.isEmpty()
        && taken.getLast().change().version().equals(StreamChange.BACKFILL);
  }

  private void checkDeliveries() {
    Set<String> real = new HashSet<>();
    for (StreamChange record : history.records()) {
      real.add(record.position());
      if (history.isPending(record)) {
        found(record.item(), "neither acknowledged nor given up: " + record.position());
      }
    }
    for (DeliveredRecord each : history.delivered()) {
      if (!real.contains(each.position())) {
        found(each.item(), "delivered, but in no stream: " + each.position());
      }
    }
  }

  /** Poison stays in the queue, all of it and nothing else. */
  private void checkDeadLetters() {
    Set<String> left = new HashSet<>();
    state.kept().forEach(message -> left.addAll(message.versions()));
    for (StreamChange change : changes) {
      boolean stays = left.remove(change.version());
      boolean poison = effects.isPoison(change);
      if (stays && !poison) {
        found(change.item(), "still a dead letter after the replay: " + change.version());
      }
      // A newer change of the item in the same batch supersedes the poison before it.
      if (poison && !stays && !history.isAcknowledgedByAnyone(change)) {
        found(change.item(), "poison without a dead letter: " + change.version());
      }
    }
    left.forEach(version -> found("a dead letter of an unknown change: " + version));
    if (state.queueDepth() != state.keptMessages()) {
      found(
          "the dead-letter queue holds %,d messages, but the replay kept %,d"
              .formatted(state.queueDepth(), state.keptMessages()));
    }
  }

  private void checkMetrics() {
    long counted = state.log().records();
    long answered = history.count(Count.ANSWERED_RECORDS);
    long delivered = history.count(Count.RECORDS);
    if (counted < answered || counted > delivered) {
      found(
          "the function's metrics count %,d records; %,d were answered and %,d delivered"
              .formatted(counted, answered, delivered));
    }
    long applied = state.log().sum(Metric.APPLIED);
    long written = history.count(Count.ENGINE_WRITES) - history.count(Count.BACKFILL_WRITES);
    if (applied > written) {
      found(
          "the function's metrics count %,d changes as applied; the engine wrote %,d times"
              .formatted(applied, written));
    }
  }
}
