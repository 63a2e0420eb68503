package dev.utsushi.lambda;

import dev.utsushi.core.document.DocumentWrite;
import dev.utsushi.core.index.Outcome;
import java.util.ArrayList;
import java.util.List;

/** The changes of one item in a batch, and what became of those that went to the index. */
final class ItemChanges {
  /**
   * An engine that refuses everything, for want of a password for example, is not asked again for
   * every change of a busy item.
   */
  private static final int MOST_TRIED = 16;

  /** Newest first, each version once. */
  private final List<DocumentWrite> changes = new ArrayList<>(1);

  /** Of the first so many of the changes. */
  private final List<Outcome> outcomes = new ArrayList<>(1);

  /** Records come in order as a rule, so that the place is found at once. */
  void add(DocumentWrite write) {
    int place = 0;
    while (place < changes.size() && isNewer(changes.get(place), write)) {
      place++;
    }
    if (place == changes.size() || isNewer(write, changes.get(place))) {
      changes.add(place, write);
    }
  }

  private static boolean isNewer(DocumentWrite left, DocumentWrite right) {
    return left.version().compareTo(right.version()) > 0;
  }

  /** Whether there is a change to be written that no other one stands for. */
  boolean hasNext() {
    return outcomes.size() < Math.min(changes.size(), MOST_TRIED)
        && (outcomes.isEmpty() || outcomes.getLast() instanceof Outcome.Rejected);
  }

  DocumentWrite next() {
    return changes.get(outcomes.size());
  }

  void written(Outcome outcome) {
    outcomes.add(outcome);
  }

  @SuppressWarnings("ReferenceEquality") // a duplicate of what was written was not written itself
  Settlement settlement(DocumentWrite write) {
    for (int i = 0; i < outcomes.size(); i++) {
      if (!isNewer(changes.get(i), write)) {
        return changes.get(i) == write
            ? new Settlement.Written(write, outcomes.get(i))
            : new Settlement.Overtaken(write, outcomes.get(i));
      }
    }
    return new Settlement.Overtaken(write, outcomes.getLast());
  }
}
