package dev.utsushi.run;

import dev.utsushi.core.index.Deadline;
import dev.utsushi.core.index.IndexScan.ReadException;
import dev.utsushi.core.run.Run;
import dev.utsushi.core.run.RunStore;
import dev.utsushi.core.run.Segment;
import dev.utsushi.core.run.Segment.Count;
import dev.utsushi.core.run.SegmentQueue.Task;
import java.time.Duration;
import java.util.Optional;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.exception.SdkException;

/**
 * Works on one segment, page after page, until it is done or the time of the invocation is up.
 *
 * <p>A page is read, written or compared, and then saved, with its figures, on the condition that
 * nobody saved it before. So a worker that dies, or two that work on one segment, repeat a page at
 * most, and no figure counts twice.
 */
public final class SegmentWorker {
  private static final Duration AFTER_FAILURE = Duration.ofSeconds(10);

  private final RunStore store;
  private final TableReader table;
  private final Backfill backfill;
  private final Verification verification;
  private final int maximumConcurrency;

  /**
   * Creates a worker.
   *
   * @param maximumConcurrency how many workers there may be: they share a run's read capacity
   */
  public SegmentWorker(
      RunStore store,
      TableReader table,
      Backfill backfill,
      Verification verification,
      int maximumConcurrency) {
    this.store = store;
    this.table = table;
    this.backfill = backfill;
    this.verification = verification;
    this.maximumConcurrency = maximumConcurrency;
  }

  /** What became of a task. */
  public sealed interface Result {
    /**
     * The segment is done; or there is nothing to do, as its run is over or another works on it.
     */
    record Over() implements Result {}

    /** The segment goes on with another invocation. */
    record GoesOn(Duration delay) implements Result {}

    /** The segment makes no progress for now, and goes on with another invocation. */
    record Waits(String reason, Duration delay) implements Result {}

    /** The segment makes no progress until somebody fixes the reason. */
    record Failed(String reason) implements Result {}
  }

  /** A page was not finished. */
  static final class PageException extends Exception {
    private static final long serialVersionUID = 1L;

    private final boolean passing;

    PageException(boolean passing, String reason) {
      super(reason);
      this.passing = passing;
    }
  }

  /** Works on a segment. */
  public Result work(Task task, Deadline deadline) {
    Optional<Run> current = current(task);
    if (current.isEmpty()) {
      return new Result.Over();
    }
    Segment segment = store.segment(current.get(), task.segment());
    Pace pace = new Pace(deadline.clock());
    while (!segment.done()) {
      Run run = current.get();
      Duration needed = run.kind() == Run.Kind.VERIFY ? verification.needs(run) : Backfill.NEEDS;
      Duration wait = pace.pause();
      if (deadline.remaining().compareTo(needed.plus(wait)) < 0 || !pauses(deadline, wait)) {
        return new Result.GoesOn(wait);
      }
      try {
        Segment next = page(run, segment, pace, deadline);
        long items = next.count(Count.ITEMS) - segment.count(Count.ITEMS);
        pace.used(table.takeConsumed(), items, share(run));
        if (!store.save(run, next)) {
          return new Result.Over();
        }
        segment = next;
      } catch (PageException e) {
        return unfinished(run, segment, e.passing, String.valueOf(e.getMessage()));
      } catch (ReadException e) {
        return unfinished(run, segment, e.isPassing(), String.valueOf(e.getMessage()));
      } catch (SdkException e) {
        return unfinished(run, segment, isPassing(e), reason(e));
      }
      current = current(task);
      if (current.isEmpty()) {
        return new Result.Over();
      }
    }
    return new Result.Over();
  }

  private static boolean pauses(Deadline deadline, Duration wait) {
    return wait.isZero() || deadline.pause(wait);
  }

  private Optional<Run> current(Task task) {
    return store
        .last()
        .filter(run -> run.id().equals(task.run()) && run.state() == Run.State.RUNNING)
        .filter(run -> task.segment() >= 0 && task.segment() < run.parts());
  }

  private Segment page(Run run, Segment segment, Pace pace, Deadline deadline)
      throws PageException, ReadException {
    return switch (run.kind()) {
      case BACKFILL -> backfill.page(run, segment, pace.limit(share(run)), deadline);
      case VERIFY ->
          run.isDocuments(segment.number())
              ? verification.documents(run, segment, deadline)
              : verification.items(run, segment, pace.limit(share(run)), deadline);
    };
  }

  /** Returns this worker's share of the read capacity; 0 for no limit. */
  private double share(Run run) {
    return run.readCapacity() / Math.max(1, Math.min(maximumConcurrency, run.openSegments()));
  }

  private Result unfinished(Run run, Segment segment, boolean passing, String reason) {
    table.takeConsumed();
    store.fail(run, segment, reason);
    return passing ? new Result.Waits(reason, AFTER_FAILURE) : new Result.Failed(reason);
  }

  private static boolean isPassing(SdkException e) {
    return e instanceof SdkClientException
        || (e instanceof AwsServiceException service
            && (service.isThrottlingException() || service.statusCode() >= 500));
  }

  private static String reason(SdkException e) {
    return e instanceof AwsServiceException service && service.awsErrorDetails() != null
        ? "DynamoDB answers " + service.awsErrorDetails().errorCode()
        : "DynamoDB does not answer (" + e.getClass().getSimpleName() + ")";
  }
}
