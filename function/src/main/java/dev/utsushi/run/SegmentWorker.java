package dev.utsushi.run;

import dev.utsushi.core.index.Deadline;
import dev.utsushi.core.index.IndexScan.ReadException;
import dev.utsushi.core.run.Run;
import dev.utsushi.core.run.RunStore;
import dev.utsushi.core.run.Segment;
import dev.utsushi.core.run.Segment.Count;
import dev.utsushi.core.run.SegmentQueue.Start;
import dev.utsushi.core.run.SegmentQueue.Task;
import dev.utsushi.core.telemetry.Metric;
import dev.utsushi.run.TableReader.KeyException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.dynamodb.model.TransactionCanceledException;

/**
 * Works on one segment, page after page, until it is done or the time of the invocation is up.
 *
 * <p>A page is read, written or compared, and then saved, with its figures, on the condition that
 * nobody saved it before. So a worker that dies, or two that work on one segment, repeat a page at
 * most, and no figure counts twice.
 */
public final class SegmentWorker {
  private static final Duration AFTER_FAILURE = Duration.ofSeconds(10);

  private static final String DENIED = "AccessDeniedException";

  /** As the commands do by default. */
  private static final Duration SETTLE = Duration.ofSeconds(10);

  private static final Duration TOMBSTONE_AGE = Run.LONGEST_WAY_BACK.plusDays(1);

  private final RunStore store;
  private final TableReader table;
  private final Works works;
  private final int maximumConcurrency;

  /**
   * Creates a worker.
   *
   * @param maximumConcurrency how many workers there may be: they share a run's read capacity
   */
  public SegmentWorker(RunStore store, TableReader table, Works works, int maximumConcurrency) {
    this.store = store;
    this.table = table;
    this.works = works;
    this.maximumConcurrency = maximumConcurrency;
  }

  /**
   * What a worker can do.
   *
   * @param indexes tells whether one is rebuilt
   */
  public record Works(
      Backfill backfill,
      Reindex reindex,
      TombstonePurge purge,
      Verification verification,
      Indexes indexes) {}

  /** What became of a task. */
  public sealed interface Result {
    /**
     * The segment is done; or there is nothing to do, as its run is over or another works on it.
     */
    record Over() implements Result {}

    /**
     * A verification is over with this segment; the same again if its message comes again.
     *
     * @param figures what it found, for CloudWatch
     */
    record Verified(Map<Metric, Long> figures) implements Result {}

    /** The segment is done or the run started, and these may begin. */
    record Begins(List<Task> tasks) implements Result {}

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

  /**
   * Starts a run, unless another one is running.
   *
   * @param id the message's: one that comes again starts no second run
   * @return {@code Begins}; {@code Waits} for a run of another kind, or a backfill that is stopped;
   *     {@code Over} if one of this kind is running, if the index is rebuilt, or if the run is over
   */
  public Result start(String id, Start start, Deadline deadline) throws ReadException {
    // The table of runs keeps only the last run, and a cut-over needs that of the rebuild.
    if (works.indexes().anyRebuilt(deadline)) {
      return new Result.Over();
    }
    Duration settle = start.kind() == Run.Kind.PURGE ? TOMBSTONE_AGE : SETTLE;
    Run run =
        Run.of(
            id,
            start.kind(),
            table.fittingSegments(),
            start.sample(),
            start.readCapacity(),
            start.repair(),
            settle,
            store.clock().instant());
    Optional<Run> last = store.last();
    Optional<Run> own = last.filter(it -> it.id().equals(id));
    boolean isOver =
        own.isPresent()
            ? own.get().state() != Run.State.RUNNING
            // A run that another has followed has left its segments.
            : !store.segments(run).isEmpty();
    if (isOver) {
      return new Result.Over();
    }
    boolean isBackfillStopped =
        last.filter(it -> it.kind() == Run.Kind.BACKFILL && it.state() == Run.State.STOPPED)
            .isPresent();
    if (own.isPresent() || (!isBackfillStopped && store.start(run))) {
      return new Result.Begins(store.tasks(own.orElse(run)));
    }
    return store.last().filter(other -> other.kind() == start.kind()).isPresent()
        ? new Result.Over()
        : new Result.Waits("another run is on", Start.WAIT);
  }

  /** Works on a segment. */
  public Result work(Task task, Deadline deadline) {
    Pace pace = new Pace(deadline.clock());
    Result result;
    try {
      result = work(task, pace, deadline);
    } finally {
      table.forgetAhead();
    }
    // Whoever comes next begins with a pace of its own.
    Duration unpaid = pace.pause();
    return !unpaid.isZero() && deadline.pause(unpaid) && result instanceof Result.GoesOn
        ? new Result.GoesOn(Duration.ZERO)
        : result;
  }

  private Result work(Task task, Pace pace, Deadline deadline) {
    Optional<Run> current = current(task);
    if (current.isEmpty()) {
      return over(task);
    }
    Segment segment = store.segment(current.get(), task.segment());
    while (!segment.done()) {
      Run run = current.get();
      Duration wait = begin(run, deadline).orElse(pace.pause());
      Duration needed = needed(run, segment);
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
        return unfinished(run, segment, pace, e.passing, String.valueOf(e.getMessage()));
      } catch (ReadException e) {
        return unfinished(run, segment, pace, e.isPassing(), String.valueOf(e.getMessage()));
      } catch (SdkException e) {
        return unfinished(run, segment, pace, isPassing(e), reason(e));
      } catch (KeyException e) {
        return unfinished(run, segment, pace, false, String.valueOf(e.getMessage()));
      }
      current = current(task);
      if (current.isEmpty()) {
        return over(task);
      }
    }
    return current.get().letsOthersBegin(task.segment())
        ? new Result.Begins(store.tasks(current.get()))
        : new Result.Over();
  }

  private Result over(Task task) {
    Optional<Run> verified =
        store
            .last()
            .filter(run -> run.id().equals(task.run()) && run.state() == Run.State.FINISHED)
            .filter(run -> run.kind() == Run.Kind.VERIFY);
    return verified.isPresent()
        ? new Result.Verified(Verification.figures(verified.get()))
        : new Result.Over();
  }

  /** Returns how long a rebuild must wait for the writes that went to the old index alone. */
  private static Optional<Duration> begin(Run run, Deadline deadline) {
    Duration wait =
        Duration.between(deadline.clock().instant(), run.startedAt().plus(run.settle()));
    return run.kind() != Run.Kind.REINDEX || wait.isNegative()
        ? Optional.empty()
        : Optional.of(wait);
  }

  private static Duration needed(Run run, Segment segment) {
    return switch (run.work(segment.number())) {
      case COMPARE_ITEMS, COMPARE_DOCUMENTS -> Verification.needs(run);
      case WRITE_ITEMS, COPY_ITEMS, COPY_TOMBSTONES, PURGE_TOMBSTONES -> Backfill.NEEDS;
    };
  }

  private static boolean pauses(Deadline deadline, Duration wait) {
    return wait.isZero() || deadline.pause(wait);
  }

  private Optional<Run> current(Task task) {
    return store
        .last()
        .filter(run -> run.id().equals(task.run()) && run.state() == Run.State.RUNNING)
        .filter(run -> run.isReady(task.segment()));
  }

  private Segment page(Run run, Segment segment, Pace pace, Deadline deadline)
      throws PageException, ReadException {
    Integer limit = pace.limit(share(run));
    return switch (run.work(segment.number())) {
      case WRITE_ITEMS -> works.backfill().page(run, segment, limit, deadline);
      case COPY_ITEMS -> works.reindex().items(run, segment, limit, deadline);
      case COPY_TOMBSTONES -> works.reindex().tombstones(run, segment, deadline);
      case COMPARE_ITEMS -> works.verification().items(run, segment, limit, deadline);
      case COMPARE_DOCUMENTS -> works.verification().documents(run, segment, deadline);
      case PURGE_TOMBSTONES -> works.purge().page(run, segment, deadline);
    };
  }

  /** Returns this worker's share of the read capacity; 0 for no limit. */
  private double share(Run run) {
    return run.readCapacity() / Math.max(1, Math.min(maximumConcurrency, run.openSegments()));
  }

  private Result unfinished(Run run, Segment segment, Pace pace, boolean passing, String reason) {
    pace.used(table.takeConsumed(), 0, share(run));
    store.fail(run, segment, reason);
    return passing ? new Result.Waits(reason, AFTER_FAILURE) : new Result.Failed(reason);
  }

  private static boolean isPassing(SdkException e) {
    return e instanceof SdkClientException
        || (e instanceof TransactionCanceledException canceled && isConflict(canceled))
        || (e instanceof AwsServiceException service
            && (service.isThrottlingException() || service.statusCode() >= 500));
  }

  /** Two workers that end their segments at once count them in one item. */
  private static boolean isConflict(TransactionCanceledException e) {
    return e.cancellationReasons().stream()
        .anyMatch(reason -> "TransactionConflict".equals(reason.code()));
  }

  private static String reason(SdkException e) {
    if (!(e instanceof AwsServiceException service) || service.awsErrorDetails() == null) {
      return "DynamoDB does not answer (" + e.getClass().getSimpleName() + ")";
    }
    String code = service.awsErrorDetails().errorCode();
    // It names role, action and table. Another message may quote an item.
    return "DynamoDB answers " + code + (code.equals(DENIED) ? ": " + message(service) : "");
  }

  private static String message(AwsServiceException e) {
    return String.valueOf(e.awsErrorDetails().errorMessage()).lines().findFirst().orElse("");
  }
}
