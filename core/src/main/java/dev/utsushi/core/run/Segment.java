package dev.utsushi.core.run;

import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * How far a segment is. Its figures are exact: they change only together with the cursor.
 *
 * @param page how often it was saved
 * @param cursor where the next page begins; empty for the start
 * @param findings what needs attention, {@link #MOST_FINDINGS} at most
 * @param failure why no progress was made since; null if there was some
 * @param updatedAt when it was last saved; null if it never was
 */
public record Segment(
    int number,
    long page,
    boolean done,
    Map<String, AttributeValue> cursor,
    Map<Count, Long> counts,
    List<Finding> findings,
    @Nullable String failure,
    @Nullable Instant updatedAt) {

  /** An item of the table of runs takes 400 KB, and a document's id 512 bytes. */
  public static final int MOST_FINDINGS = 400;

  /** What is counted. */
  public enum Count {
    /** Items read from the table. */
    ITEMS,
    /** Documents read from the index. */
    DOCUMENTS,
    /** Items that the stream's filter patterns leave out. */
    FILTERED,
    /** Documents written by a backfill. */
    WRITTEN,
    /** Items that the index held already, the same or newer. */
    SUPERSEDED,
    /** Attributes that the index could not hold as fields. */
    OVERFLOWED_ATTRIBUTES,
    /** Documents that the engine rejected. */
    REJECTED,
    /** Items that are equal to their document. */
    EQUAL,
    /** Items without a document. */
    MISSING,
    /** Items whose document differs. */
    STALE,
    /** Items whose document is a tombstone. */
    TOMBSTONED,
    /** Documents without an item. */
    GHOST,
    /** Items that changed whenever they were compared. */
    BUSY,
    /** Differences that were mended. */
    REPAIRED,
    /** Tombstones that were deleted. */
    PURGED
  }

  /**
   * A document that needs attention.
   *
   * @param id its {@code _id}, made from the item's key
   * @param detail names of attributes, or the engine's reason; never a value
   */
  public record Finding(Count kind, String id, String detail) {}

  static Segment fresh(int number) {
    return new Segment(number, 0, false, Map.of(), Map.of(), List.of(), null, null);
  }

  /** Returns a count. */
  public long count(Count count) {
    return counts.getOrDefault(count, 0L);
  }

  /** What a page adds to a segment. */
  public static final class Progress {
    private final Map<Count, Long> counts = new EnumMap<>(Count.class);
    private final List<Finding> findings = new ArrayList<>();

    /** Adds to a count. */
    public void count(Count count, long more) {
      counts.merge(count, more, Long::sum);
    }

    /** Adds a finding, and counts it. */
    public void find(Count kind, String id, String detail) {
      count(kind, 1);
      findings.add(new Finding(kind, id, detail));
    }
  }

  /**
   * Returns the segment after a page.
   *
   * @param next where the next page begins; empty at the end of the segment
   */
  public Segment after(Progress progress, Map<String, AttributeValue> next) {
    Map<Count, Long> sums = new EnumMap<>(Count.class);
    sums.putAll(counts);
    progress.counts.forEach((count, more) -> sums.merge(count, more, Long::sum));
    List<Finding> all = new ArrayList<>(findings);
    progress.findings.stream().limit(MOST_FINDINGS - (long) all.size()).forEach(all::add);
    return new Segment(number, page + 1, next.isEmpty(), next, sums, all, null, updatedAt);
  }
}
