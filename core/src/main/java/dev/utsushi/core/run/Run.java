package dev.utsushi.core.run;

import dev.utsushi.core.run.Segment.Count;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * One pass over a table, in segments of a <a
 * href="https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Scan.html#Scan.ParallelScan">parallel
 * scan</a> that any number of workers take. Most kinds pass over the documents as well, in as many
 * ranges: the numbers of the segments are those of the kind's first work, then those of its second,
 * and so on.
 *
 * @param segments how many segments of the table are read
 * @param totalSegments how many it is divided into: more for a sample
 * @param firstSegment the first that is read; the others follow at equal distances
 * @param openSegments how many segments and ranges are not done
 * @param readCapacity the most read capacity units a second that all workers use; 0 for no limit
 * @param repair whether a verification mends what differs
 * @param settle how long a difference must stand until it counts, or a tombstone until it goes
 * @param counts the sums of the segments that are done
 */
public record Run(
    String id,
    Kind kind,
    State state,
    int segments,
    int totalSegments,
    int firstSegment,
    int openSegments,
    double readCapacity,
    boolean repair,
    Duration settle,
    Instant startedAt,
    Map<Count, Long> counts) {

  /** DynamoDB takes no more. */
  public static final int MOST_SEGMENTS = 1_000_000;

  private static final int FEWEST_SEGMENTS = 16;
  private static final int MOST_FITTING_SEGMENTS = 10_000;
  private static final long BYTES_PER_SEGMENT = 256L << 20;

  /**
   * The longest time after which a change may still be delivered: 24 hours from the stream, then 14
   * days from the dead-letter queue.
   */
  public static final Duration LONGEST_WAY_BACK = Duration.ofDays(15);

  /** What a run does. */
  public enum Kind {
    /** Writes every item to the index. */
    BACKFILL,
    /** Compares every item with its document, and every document with the table. */
    VERIFY,
    /** Fills the new index of a rebuild from table and old index, and then compares it. */
    REINDEX,
    /** Deletes tombstones that no older change can follow any more. */
    PURGE;

    private List<Work> works() {
      return switch (this) {
        case BACKFILL -> List.of(Work.WRITE_ITEMS);
        case VERIFY -> List.of(Work.COMPARE_ITEMS, Work.COMPARE_DOCUMENTS);
        case REINDEX ->
            List.of(
                Work.COPY_ITEMS, Work.COPY_TOMBSTONES, Work.COMPARE_ITEMS, Work.COMPARE_DOCUMENTS);
        case PURGE -> List.of(Work.PURGE_TOMBSTONES);
      };
    }

    /** Returns how many of the works must be done before the others may begin. */
    private int first() {
      return this == REINDEX ? 2 : works().size();
    }
  }

  /** What a worker does with a page. */
  public enum Work {
    /** Writes items to the index. */
    WRITE_ITEMS,
    /** Writes items to the new index, with the versions of their documents in the old one. */
    COPY_ITEMS,
    /** Writes to the new index what removals left in the old one. */
    COPY_TOMBSTONES,
    /** Compares items with their documents. */
    COMPARE_ITEMS,
    /** Compares documents with the table. */
    COMPARE_DOCUMENTS,
    /** Deletes old tombstones. */
    PURGE_TOMBSTONES
  }

  /** Whether workers go on with a run. */
  public enum State {
    RUNNING,
    STOPPED,
    FINISHED
  }

  /** Returns how many segments and ranges there are. */
  public int parts() {
    return kind.works().size() * segments;
  }

  /** Returns what is done with a segment. */
  public Work work(int number) {
    return kind.works().get(number / segments);
  }

  /** Returns the sum of a count over the segments that are done. */
  public long count(Count count) {
    return counts.getOrDefault(count, 0L);
  }

  /** Returns the segments that workers may take now: the others wait for these. */
  public IntStream ready() {
    int first = kind.first() * segments;
    return isFirstDone() ? IntStream.range(first, parts()) : IntStream.range(0, first);
  }

  private boolean isFirstDone() {
    int first = kind.first() * segments;
    return first < parts() && openSegments <= parts() - first;
  }

  /**
   * Returns whether this segment was among those that others wait for, and all of these are done.
   */
  public boolean letsOthersBegin(int number) {
    return number < kind.first() * segments && isFirstDone();
  }

  /** Returns whether workers may take this segment now. */
  public boolean isReady(int number) {
    return number >= 0 && number < parts() && (number < kind.first() * segments || isFirstDone());
  }

  /** Returns which of the {@link #totalSegments} a number stands for. */
  public int segment(int number) {
    return firstSegment + (int) ((long) (number % segments) * totalSegments / segments);
  }

  /** Returns how many segments fit a table of this size. */
  public static int fittingSegments(long bytes) {
    return Math.clamp(bytes / BYTES_PER_SEGMENT, FEWEST_SEGMENTS, MOST_FITTING_SEGMENTS);
  }

  /**
   * A new run.
   *
   * @param id null to name it by the time
   * @param segments how many to read, or fewer if a sample needs more than DynamoDB takes
   */
  public static Run of(
      @Nullable String id,
      Kind kind,
      int segments,
      double sample,
      double readCapacity,
      boolean repair,
      Duration settle,
      Instant now) {
    int read = Math.min(segments, Math.max(1, (int) (MOST_SEGMENTS * sample)));
    int total = (int) Math.min(MOST_SEGMENTS, Math.max(read, Math.round(read / sample)));
    int first = ThreadLocalRandom.current().nextInt(total / read);
    return new Run(
        id == null ? now.toString() : id,
        kind,
        State.RUNNING,
        read,
        total,
        first,
        kind.works().size() * read,
        readCapacity,
        repair,
        settle,
        now,
        Map.of());
  }
}
