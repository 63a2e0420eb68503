package dev.utsushi.faults.checker;

import dev.utsushi.faults.history.Operation.EngineWrite;
import dev.utsushi.faults.history.Operation.StreamChange;
import dev.utsushi.testbed.comparison.ExpectedIndex;
import dev.utsushi.testbed.comparison.ExpectedIndex.Shown;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What each change does to each index, as the witness sees it. */
final class Effects {
  /** What a change does to an index. */
  enum Effect {
    /** It writes the document. */
    SHOWN,
    /** It would write a document that the engine rejects. */
    REFUSED,
    /** It removes the document. */
    LEFT,
    /** There is no document before or after it; it may leave a tombstone. */
    HIDDEN
  }

  /** A change and what it does to one index. */
  record Step(StreamChange change, Effect effect) {}

  /** By index and document. */
  private final Map<String, Map<String, List<Step>>> steps = new HashMap<>();

  private final List<ExpectedIndex> indexes;

  /**
   * Creates the effects of a run.
   *
   * @param changes of all items, those of an item in their order
   */
  Effects(List<ExpectedIndex> indexes, List<StreamChange> changes) {
    this.indexes = indexes;
    for (ExpectedIndex index : indexes) {
      Map<String, List<Step>> ofIndex = new HashMap<>();
      for (StreamChange change : changes) {
        String document = change.item().documentId();
        List<Step> own = ofIndex.computeIfAbsent(document, _ -> new ArrayList<>());
        own.add(new Step(change, effect(index, change, own.isEmpty() ? null : own.getLast())));
      }
      steps.put(index.name(), ofIndex);
    }
  }

  private static Effect effect(ExpectedIndex index, StreamChange change, @Nullable Step before) {
    Optional<Shown> shown = change.removal() ? Optional.empty() : index.shown(change.image());
    if (shown.isPresent()) {
      boolean refused = shown.get().attributes().containsKey(StreamChange.POISON);
      return refused ? Effect.REFUSED : Effect.SHOWN;
    }
    boolean wasShown =
        before != null && (before.effect() == Effect.SHOWN || before.effect() == Effect.REFUSED);
    return wasShown || !index.chooses() ? Effect.LEFT : Effect.HIDDEN;
  }

  /** Returns what the changes of an item do to its document in an index, in their order. */
  List<Step> of(String index, String documentId) {
    return steps.getOrDefault(index, Map.of()).getOrDefault(documentId, List.of());
  }

  private Optional<Effect> of(String index, String documentId, String version) {
    return of(index, documentId).stream()
        .filter(step -> step.change().version().equals(version))
        .map(Step::effect)
        .findFirst();
  }

  /** Returns the indexes that a change must write to; all of them if it is in no stream. */
  List<String> written(String documentId, String version) {
    return indexes.stream()
        .map(ExpectedIndex::name)
        .filter(index -> !of(index, documentId, version).equals(Optional.of(Effect.HIDDEN)))
        .toList();
  }

  /** Returns whether an index exists that always rejects the change. */
  boolean isPoison(StreamChange change) {
    return indexes.stream()
        .map(index -> of(index.name(), change.item().documentId(), change.version()))
        .anyMatch(Optional.of(Effect.REFUSED)::equals);
  }

  /** Returns whether it is a document where a change must leave a tombstone, or the reverse. */
  boolean isMisplaced(EngineWrite write) {
    return !write.version().equals(StreamChange.BACKFILL)
        && of(write.index(), write.documentId(), write.version())
            .map(effect -> effect == Effect.LEFT || effect == Effect.HIDDEN)
            .map(gone -> gone != write.deleted())
            .orElse(false);
  }

  /** Returns the beginning of what is said of an index: nothing if there is only one. */
  String in(String index) {
    return indexes.size() == 1 ? "" : index + ": ";
  }
}
