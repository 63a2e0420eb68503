package dev.utsushi.core.index;

import dev.utsushi.core.index.IndexNames.Copy;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * Writes to the only index or, while it is rebuilt, to both: first to the new one, so that it has
 * what readers of the old one see when they come over.
 *
 * <p>It learns of a rebuild by the first write that finds its alias gone, so that without a rebuild
 * it asks for nothing. Two requests and not one, because a domain may refuse bulk requests that
 * name an index in their body.
 */
final class RebuildAwareWriter implements IndexWriter {
  private final OneIndexWriter only;
  private final OneIndexWriter old;
  private final OneIndexWriter rebuilt;
  private boolean rebuilding;

  /**
   * Creates a writer.
   *
   * @param writers makes the writer to each index
   */
  RebuildAwareWriter(IndexNames names, Function<IndexNames, OneIndexWriter> writers) {
    only = writers.apply(names);
    old = writers.apply(names.of(Copy.OLD));
    rebuilt = writers.apply(names.of(Copy.NEW));
  }

  /** A writer to one index. */
  interface OneIndexWriter extends IndexWriter {

    /** Returns whether the last write found that a rebuild began or ended. */
    boolean isMoved();
  }

  @Override
  public List<Outcome> write(List<DocumentWrite> writes, Deadline deadline) {
    List<Outcome> outcomes = attempt(writes, deadline);
    if (rebuilding ? old.isMoved() || rebuilt.isMoved() : only.isMoved()) {
      rebuilding = !rebuilding;
      return attempt(writes, deadline);
    }
    return outcomes;
  }

  boolean isRebuilding() {
    return rebuilding;
  }

  private List<Outcome> attempt(List<DocumentWrite> writes, Deadline deadline) {
    if (!rebuilding) {
      return only.write(writes, deadline);
    }
    List<Outcome> first = rebuilt.write(writes, deadline);
    List<Outcome> second = old.write(writes, deadline);
    List<Outcome> outcomes = new ArrayList<>(writes.size());
    for (int i = 0; i < writes.size(); i++) {
      outcomes.add(both(first.get(i), second.get(i)));
    }
    return outcomes;
  }

  /** A change is in the index when it is in both. */
  private static Outcome both(Outcome first, Outcome second) {
    if (!first.isProcessed() || !second.isProcessed()) {
      return first.isProcessed() ? second : first;
    }
    return second instanceof Outcome.Applied ? second : first;
  }
}
