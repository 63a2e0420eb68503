package dev.utsushi.run;

import dev.utsushi.core.index.Deadline;
import dev.utsushi.core.index.IndexScan.ReadException;
import dev.utsushi.core.run.Run;
import dev.utsushi.core.run.RunStore;
import dev.utsushi.core.run.Segment;
import dev.utsushi.run.Indexes.Side;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * What is left of a segment's range of documents, in the engine's sequence numbers. A segment has
 * such a range in each index, one after the other.
 *
 * @param end behind the last
 */
record DocumentRange(long from, long end) {
  private static final String CURSOR = "from";
  private static final String TARGET = "target";

  /** Returns the range; all ranges of a run in an index end where the first worker saw the end. */
  static DocumentRange of(Run run, Segment segment, Side index, RunStore store, Deadline deadline)
      throws ReadException {
    long proposed = index.documents().lastSequenceNumber(deadline) + 1;
    long end = store.endOfDocuments(run, run.work(segment.number()), index.target(), proposed);
    int range = run.segment(segment.number());
    AttributeValue cursor = segment.cursor().get(CURSOR);
    long from = cursor == null ? end * range / run.totalSegments() : Long.parseLong(cursor.n());
    return new DocumentRange(from, end * (range + 1) / run.totalSegments());
  }

  /** Returns the index that a segment is at; empty behind the last. */
  static Optional<Side> index(Segment segment, List<Side> indexes) {
    AttributeValue at = segment.cursor().get(TARGET);
    int target = at == null ? 0 : Integer.parseInt(at.n());
    return indexes.stream().filter(index -> index.target() >= target).findFirst();
  }

  /**
   * Returns the cursor of the next page.
   *
   * @param next null at the end of this index
   */
  static Map<String, AttributeValue> cursor(Side index, @Nullable Long next, List<Side> indexes) {
    return next == null
        ? cursorBehind(index, indexes)
        : with(index, Map.of(CURSOR, AttributeValue.fromN(Long.toString(next))));
  }

  /** Returns the cursor of the first page of the next index; empty behind the last. */
  static Map<String, AttributeValue> cursorBehind(Side index, List<Side> indexes) {
    return indexes.stream()
        .filter(each -> each.target() > index.target())
        .findFirst()
        .map(each -> with(each, Map.of()))
        .orElse(Map.of());
  }

  /** Returns a cursor with its index; the first one needs no number. */
  static Map<String, AttributeValue> with(Side index, Map<String, AttributeValue> cursor) {
    if (index.target() == 0) {
      return cursor;
    }
    Map<String, AttributeValue> both = new HashMap<>(cursor);
    both.put(TARGET, AttributeValue.fromN(Integer.toString(index.target())));
    return both;
  }
}
