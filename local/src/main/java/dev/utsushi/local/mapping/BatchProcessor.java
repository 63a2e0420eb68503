package dev.utsushi.local.mapping;

import dev.utsushi.local.lambda.InvocationResult;
import dev.utsushi.local.mapping.OnFailureMessage.LastFailure;
import dev.utsushi.local.mapping.Verdict.FailedFrom;
import dev.utsushi.local.mapping.Verdict.NotInvoked;
import dev.utsushi.local.mapping.Verdict.Processed;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.UUID;
import software.amazon.awssdk.core.exception.SdkException;

/**
 * Takes one batch at a time to its end, for one lane: processed, or given up with a message where
 * one is asked for. Until then the lane waits, and only this lane.
 *
 * @see <a href="https://docs.aws.amazon.com/lambda/latest/dg/services-dynamodb-errors.html">Error
 *     handling with DynamoDB</a>
 */
final class BatchProcessor {

  /**
   * A batch, or what is left of one, that is still to be invoked.
   *
   * @param retries how many of its retries are used
   * @param throttles how often in a row it did not reach the function
   */
  private record Attempt(Batch batch, int retries, int throttles, LastFailure lastFailure) {

    static Attempt first(Batch batch) {
      return new Attempt(batch, 0, 0, new LastFailure(UUID.randomUUID().toString(), 0, false));
    }

    Attempt with(Batch other) {
      return new Attempt(other, retries, 0, lastFailure);
    }
  }

  private final Deque<Attempt> open = new ArrayDeque<>();
  private final MappingContext context;
  private final LaneId lane;
  private final RecordSettler settler;
  private final ResponseReader responses;

  BatchProcessor(MappingContext context, LaneId lane, RecordSettler settler) {
    this.context = context;
    this.lane = lane;
    this.settler = settler;
    responses = new ResponseReader(context.settings().reportBatchItemFailures());
  }

  /** Returns when every record of the batch is settled. */
  void process(Batch batch) throws InterruptedException {
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
    InvocationResult result;
    try {
      result = timedInvocation(attempt.batch());
    } catch (RuntimeException e) {
      context.listener().problem("invocation from " + lane, e);
      retryUncounted(attempt);
      return;
    }
    switch (responses.read(result, attempt.batch())) {
      case Processed() -> settle(attempt.batch());
      case NotInvoked() -> retryUncounted(attempt);
      case FailedFrom(int first, boolean reported) ->
          failed(
              attempt,
              first,
              new LastFailure(
                  result.requestId(), attempt.lastFailure().invocations() + 1, reported));
    }
  }

  private InvocationResult timedInvocation(Batch batch) throws InterruptedException {
    Instant start = context.timing().clock().instant();
    InvocationResult result = context.function().invoke(batch.payload());
    Instant end = context.timing().clock().instant();
    Duration iteratorAge = Duration.between(batch.last().arrival(), start);
    context
        .listener()
        .invoked(lane, batch.size(), iteratorAge, Duration.between(start, end), result);
    return result;
  }

  /** Blocks the lane for as long as the function can't be invoked; no retry is used up. */
  private void retryUncounted(Attempt attempt) throws InterruptedException {
    int throttles = attempt.throttles() + 1;
    waitBeforeRetry(attempt.batch(), throttles);
    open.push(new Attempt(attempt.batch(), attempt.retries(), throttles, attempt.lastFailure()));
  }

  private void failed(Attempt attempt, int firstFailed, LastFailure failure)
      throws InterruptedException {
    Batch batch = attempt.batch();
    context.listener().failed(lane, batch.size() - firstFailed, failure.reported());
    if (firstFailed > 0) {
      settle(batch.firstRecords(firstFailed));
    }
    Batch rest = batch.withoutFirstRecords(firstFailed);
    if (context.settings().bisectBatchOnFunctionError() && batch.size() > 1) {
      bisect(new Attempt(rest, attempt.retries(), 0, failure), firstFailed);
    } else if (retriesLeft(attempt)) {
      waitBeforeRetry(rest, attempt.retries() + 1);
      open.push(new Attempt(rest, attempt.retries() + 1, 0, failure));
    } else {
      discard(rest, DiscardCondition.RETRY_ATTEMPTS_EXHAUSTED, failure);
    }
  }

  /**
   * A reported failure splits the batch where it is, any other in the middle. The parts have the
   * retries that the whole had: the failure that led to a split is free.
   */
  private void bisect(Attempt rest, int firstFailed) {
    context.listener().bisected(lane, rest.batch().size() + firstFailed);
    if (firstFailed > 0) {
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

  private void waitBeforeRetry(Batch batch, int failures) throws InterruptedException {
    Duration wait = context.backoff().waitAfter(failures);
    context.listener().retrying(lane, batch.size(), failures, wait);
    context.timing().sleeper().sleep(wait);
  }

  /** Records arrive in order, so the ones that are too old come first. */
  private int recordsTooOld(Batch batch) {
    var maximumAge = context.settings().maximumRecordAge();
    if (maximumAge.isEmpty()) {
      return 0;
    }
    Instant oldest = context.timing().clock().instant().minus(maximumAge.get());
    return (int)
        batch.records().stream().takeWhile(record -> record.arrival().isBefore(oldest)).count();
  }

  private void discardTooOld(Attempt attempt, int count) throws InterruptedException {
    Batch batch = attempt.batch();
    if (count < batch.size()) {
      open.push(attempt.with(batch.withoutFirstRecords(count)));
    }
    discard(batch.firstRecords(count), DiscardCondition.RECORD_AGE_EXCEEDED, attempt.lastFailure());
  }

  private void discard(Batch batch, DiscardCondition condition, LastFailure failure)
      throws InterruptedException {
    boolean delivered =
        switch (context.destination()) {
          case OnFailureDestination.None() -> false;
          case OnFailureDestination.Queue queue -> {
            deliver(queue, message(batch, condition, failure));
            yield true;
          }
        };
    context.listener().discarded(lane, batch.size(), condition, delivered);
    settle(batch);
  }

  private String message(Batch batch, DiscardCondition condition, LastFailure failure) {
    return new OnFailureMessage(
            context.function().arn(),
            context.function().executedVersion(),
            context.streamArn(),
            lane.shardId(),
            batch,
            condition,
            failure,
            context.timing().clock().instant())
        .json();
  }

  /** As long as it takes: were the records settled without it, nobody would know of them. */
  private void deliver(OnFailureDestination.Queue queue, String message)
      throws InterruptedException {
    for (int failures = 1; ; failures++) {
      try {
        queue.send(message);
        return;
      } catch (SdkException e) {
        context.listener().problem("on-failure queue of " + lane, e);
        context.timing().sleeper().sleep(context.backoff().waitAfter(failures));
      }
    }
  }

  private void settle(Batch batch) {
    settler.settle(lane, batch.records());
  }
}
