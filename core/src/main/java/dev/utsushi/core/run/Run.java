package dev.utsushi.core.run;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * One pass over a table, in segments of a <a
 * href="https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Scan.html#Scan.ParallelScan">parallel
 * scan</a> that any number of workers take. A verification then passes over the documents as well,
 * in as many ranges; these have the numbers after the table's segments.
 *
 * @param segments how many segments of the table are read
 * @param totalSegments how many it is divided into: more for a sample
 * @param firstSegment the first that is read; the others follow at equal distances
 * @param openSegments how many segments and ranges are not done
 * @param readCapacity the most read capacity units a second that all workers use; 0 for no limit
 * @param repair whether a verification mends what differs
 * @param settle how long a difference must stand until it counts
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
    Instant startedAt) {

  /** DynamoDB takes no more. */
  public static final int MOST_SEGMENTS = 1_000_000;

  /** What a run does. */
  public enum Kind {
    /** Writes every item to the index. */
    BACKFILL,
    /** Compares every item with its document, and every document with the table. */
    VERIFY
  }

  /** Whether workers go on with a run. */
  public enum State {
    RUNNING,
    STOPPED,
    FINISHED
  }

  /** Returns how many segments and ranges there are. */
  public int parts() {
    return parts(kind, segments);
  }

  static int parts(Kind kind, int segments) {
    return kind == Kind.VERIFY ? 2 * segments : segments;
  }

  /** Returns whether a number is that of a range of documents. */
  public boolean isDocuments(int number) {
    return number >= segments;
  }

  /** Returns which of the {@link #totalSegments} a number stands for. */
  public int segment(int number) {
    return firstSegment + (int) ((long) (number % segments) * totalSegments / segments);
  }

  /**
   * A new run.
   *
   * @param id null to name it by the time
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
    int total = (int) Math.min(MOST_SEGMENTS, Math.max(segments, Math.round(segments / sample)));
    int first = ThreadLocalRandom.current().nextInt(total / segments);
    return new Run(
        id == null ? now.toString() : id,
        kind,
        State.RUNNING,
        segments,
        total,
        first,
        parts(kind, segments),
        readCapacity,
        repair,
        settle,
        now);
  }
}
