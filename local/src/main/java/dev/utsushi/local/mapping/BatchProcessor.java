package dev.utsushi.local.mapping;

import dev.utsushi.local.lambda.BatchItemFailures;
import dev.utsushi.local.lambda.InvocationResult;
import dev.utsushi.local.lambda.InvocationResult.Succeeded;
import dev.utsushi.local.lambda.InvocationResult.Throttled;
import dev.utsushi.local.mapping.MappingContext.OnFailureQueue;
import dev.utsushi.local.mapping.MappingEvent.DiscardCondition;
import dev.utsushi.local.mapping.MappingEvent.LaneId;
import dev.utsushi.local.mapping.OnFailureMessage.LastFailure;
import dev.utsushi.local.stream.PolledRecord;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import software.amazon.awssdk.core.exception.SdkException;

/**
 * Takes a lane's batches to their end, one at a time: processed, or given up with a message to the
 * on-failure queue. Until then this lane waits, and only this lane.
 *
 * @see <a href="https://docs.aws.amazon.com/lambda/latest/dg/services-dynamodb-errors.html">Error
 *     handling with DynamoDB</a>
 */
final class BatchProcessor {

  /**
   * A batch, or the rest of one, that has yet to be invoked.
   *
   * @param retries how many of its retries are used
   * @param notInvoked how often in a row the function was not invoked
   */
  private record Attempt(RecordBatch batch, int retries, int notInvoked, LastFailure lastFailure) {

    static Attempt first(RecordBatch batch) {
      return new Attempt(batch, 0, 0, new LastFailure(UUID.randomUUID().toString(), 0, false));
    }

    Attempt with(RecordBatch other) {
      return new Attempt(other, retries, 0, lastFailure);
    }
  }

  private final Deque<Attempt> open = new ArrayDeque<>();
  private final Lock invoking = new ReentrantLock();
  private final MappingContext context;
  private final LaneId lane;
  private final Consumer<List<PolledRecord>> settled;
  private volatile boolean stopping;

  BatchProcessor(MappingContext context, LaneId lane, Consumer<List<PolledRecord>> settled) {
    this.context = context;
    this.lane = lane;
    this.settled = settled;
  }

  /**
   * Stops before the next invocation. Interrupts the thread unless it is invoking: the records of
   * an invocation that is cut short would be processed but not settled, and come again after a
   * restart.
   */
  void stop(Thread lane) {
    stopping = true;
    if (invoking.tryLock()) {
      try {
        lane.interrupt();
      } finally {
        invoking.unlock();
      }
    }
  }

  private void throwIfStopping() throws InterruptedException {
    if (stopping) {
      throw new InterruptedException("The mapping is closing");
    }
  }

  /** Returns when every record of the batch is settled. */
  void process(RecordBatch batch) throws InterruptedException {
    open.clear();
    open.push(Attempt.first(batch));
    while (!open.isEmpty()) {
      Attempt attempt = open.pop();
      int tooOld = recordsTooOld(attempt.batch());
      if (tooOld > 0) {
        discardTooOld(attempt, tooOld);
      } else {
        invoke(attempt);
      }
    }
  }

  private void invoke(Attempt attempt) throws InterruptedException {
    RecordBatch batch = attempt.batch();
    Instant start = context.clock().instant();
    InvocationResult result;
    try {
      result = invoke(batch.payload());
    } catch (RuntimeException e) {
      context.report(new MappingEvent.Problem("invocation from " + lane, e));
      retryUncounted(attempt);
      return;
    }
    if (result instanceof Throttled) {
      context.report(new MappingEvent.Throttled(lane, batch.size()));
      retryUncounted(attempt);
      return;
    }
    int processed = processed(batch, result);
    Instant end = context.clock().instant();
    context.report(new MappingEvent.Invoked(lane, batch.records(), processed, start, end, result));
    if (processed == batch.size()) {
      settle(batch);
    } else {
      int invocations = attempt.lastFailure().invocations() + 1;
      boolean reported = result instanceof Succeeded;
      failed(attempt, processed, new LastFailure(result.requestId(), invocations, reported));
    }
  }

  private InvocationResult invoke(byte[] payload) throws InterruptedException {
    invoking.lock();
    try {
      throwIfStopping();
      return context.function().invoke(payload);
    } finally {
      invoking.unlock();
    }
  }

  /** Counts the records before the first failed one: that is where the batch is retried from. */
  private int processed(RecordBatch batch, InvocationResult result) {
    List<String> numbers = batch.records().stream().map(PolledRecord::sequenceNumber).toList();
    boolean partial = context.settings().reportBatchItemFailures();
    Set<String> failures = BatchItemFailures.of(result, numbers, partial);
    return (int) numbers.stream().takeWhile(number -> !failures.contains(number)).count();
  }

  /** Blocks the lane while the function can't be invoked; this uses up no retry. */
  private void retryUncounted(Attempt attempt) throws InterruptedException {
    int notInvoked = attempt.notInvoked() + 1;
    waitBeforeRetry(notInvoked);
    open.push(new Attempt(attempt.batch(), attempt.retries(), notInvoked, attempt.lastFailure()));
  }

  private void failed(Attempt attempt, int processed, LastFailure failure)
      throws InterruptedException {
    RecordBatch batch = attempt.batch();
    if (processed > 0) {
      settle(batch.firstRecords(processed));
    }
    RecordBatch rest = batch.withoutFirstRecords(processed);
    if (context.settings().bisectBatchOnFunctionError() && batch.size() > 1) {
      bisect(new Attempt(rest, attempt.retries(), 0, failure), processed);
    } else if (retriesLeft(attempt)) {
      waitBeforeRetry(attempt.retries() + 1);
      open.push(new Attempt(rest, attempt.retries() + 1, 0, failure));
    } else {
      discard(rest, DiscardCondition.RETRY_ATTEMPTS_EXHAUSTED, failure);
    }
  }

  /**
   * Splits a batch at the reported failure, or in the middle if nothing was reported. Each part
   * keeps the retries of the whole: the failure that caused the split costs none.
   */
  private void bisect(Attempt rest, int processed) {
    if (processed > 0) {
      open.push(rest);
      return;
    }
    int half = rest.batch().size() / 2;
    open.push(rest.with(rest.batch().withoutFirstRecords(half)));
    open.push(rest.with(rest.batch().firstRecords(half)));
  }

  private boolean retriesLeft(Attempt attempt) {
    var maximum = context.settings().maximumRetryAttempts();
    return maximum.isEmpty() || attempt.retries() < maximum.getAsInt();
  }

  private void waitBeforeRetry(int failures) throws InterruptedException {
    throwIfStopping();
    context.sleeper().sleep(context.backoff().waitAfter(failures));
  }

  /** Records arrive in order, so the ones that are too old come first. */
  private int recordsTooOld(RecordBatch batch) {
    var maximumAge = context.settings().maximumRecordAge();
    if (maximumAge.isEmpty()) {
      return 0;
    }
    Instant oldest = context.clock().instant().minus(maximumAge.get());
    return (int)
        batch.records().stream().takeWhile(record -> record.arrival().isBefore(oldest)).count();
  }

  private void discardTooOld(Attempt attempt, int count) throws InterruptedException {
    RecordBatch batch = attempt.batch();
    if (count < batch.size()) {
      open.push(attempt.with(batch.withoutFirstRecords(count)));
    }
    discard(batch.firstRecords(count), DiscardCondition.RECORD_AGE_EXCEEDED, attempt.lastFailure());
  }

  private void discard(RecordBatch batch, DiscardCondition condition, LastFailure failure)
      throws InterruptedException {
    var queue = context.onFailure();
    if (queue.isPresent()) {
      var now = context.clock().instant();
      deliver(
          queue.get(), new OnFailureMessage(context, lane, batch, condition, failure, now).json());
    }
    context.report(new MappingEvent.Discarded(lane, batch.size(), condition, queue.isPresent()));
    settle(batch);
  }

  /** Retries until the queue has the message, which is the only trace of the records. */
  private void deliver(OnFailureQueue queue, String message) throws InterruptedException {
    for (int failures = 1; ; failures++) {
      try {
        queue.sqs().sendMessage(send -> send.queueUrl(queue.url()).messageBody(message));
        return;
      } catch (SdkException e) {
        context.report(new MappingEvent.Problem("on-failure queue of " + lane, e));
        waitBeforeRetry(failures);
      }
    }
  }

  private void settle(RecordBatch batch) {
    settled.accept(batch.records());
  }
}
