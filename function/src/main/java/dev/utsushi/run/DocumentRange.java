package dev.utsushi.run;

import dev.utsushi.core.index.Deadline;
import dev.utsushi.core.index.IndexScan;
import dev.utsushi.core.index.IndexScan.ReadException;
import dev.utsushi.core.run.Run;
import dev.utsushi.core.run.RunStore;
import dev.utsushi.core.run.Segment;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * What is left of a segment's range of documents, in the engine's sequence numbers.
 *
 * @param end behind the last
 */
record DocumentRange(long from, long end) {
  private static final String CURSOR = "from";

  /** Returns the range; all ranges of a run end where the first worker saw the end. */
  static DocumentRange of(
      Run run, Segment segment, IndexScan documents, RunStore store, Deadline deadline)
      throws ReadException {
    long proposed = documents.lastSequenceNumber(deadline) + 1;
    long end = store.endOfDocuments(run, run.work(segment.number()), proposed);
    int range = run.segment(segment.number());
    AttributeValue cursor = segment.cursor().get(CURSOR);
    long from = cursor == null ? end * range / run.totalSegments() : Long.parseLong(cursor.n());
    return new DocumentRange(from, end * (range + 1) / run.totalSegments());
  }

  /**
   * Returns the cursor of the next page.
   *
   * @param next null at the end
   */
  static Map<String, AttributeValue> cursor(@Nullable Long next) {
    return next == null ? Map.of() : Map.of(CURSOR, AttributeValue.fromN(Long.toString(next)));
  }
}
