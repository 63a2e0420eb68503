package dev.utsushi.local.mapping;

import dev.utsushi.local.lambda.InvocationResult;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/** Counts what passes by on its way to the user's listener. */
final class CountingListener implements MappingListener {

  private final MappingListener next;
  private final LongAdder polledRecords = new LongAdder();
  private final LongAdder filteredRecords = new LongAdder();
  private final LongAdder trims = new LongAdder();
  private final LongAdder invocations = new LongAdder();
  private final LongAdder failedInvocations = new LongAdder();
  private final LongAdder throttles = new LongAdder();
  private final LongAdder settledRecords = new LongAdder();
  private final LongAdder deliveredRecords = new LongAdder();
  private final LongAdder droppedRecords = new LongAdder();
  private final AtomicLong maximumIteratorAgeMillis = new AtomicLong();

  CountingListener(MappingListener next) {
    this.next = next;
  }

  MappingCounters counters() {
    // Settled before polled: a record that moves in between must not count as settled only.
    long settled = settledRecords.sum();
    return new MappingCounters(
        polledRecords.sum(),
        invocations.sum(),
        failedInvocations.sum(),
        throttles.sum(),
        settled,
        deliveredRecords.sum(),
        droppedRecords.sum(),
        filteredRecords.sum(),
        trims.sum(),
        Duration.ofMillis(maximumIteratorAgeMillis.get()));
  }

  @Override
  public void polled(String shardId, int records) {
    polledRecords.add(records);
    next.polled(shardId, records);
  }

  @Override
  public void filtered(String shardId, int records) {
    filteredRecords.add(records);
    settledRecords.add(records);
    next.filtered(shardId, records);
  }

  @Override
  public void invoked(
      LaneId lane,
      int batchSize,
      Duration iteratorAge,
      Duration duration,
      InvocationResult result) {
    if (result instanceof InvocationResult.Throttled) {
      throttles.increment();
    } else {
      invocations.increment();
      maximumIteratorAgeMillis.accumulateAndGet(iteratorAge.toMillis(), Math::max);
    }
    next.invoked(lane, batchSize, iteratorAge, duration, result);
  }

  @Override
  public void failed(LaneId lane, int failedRecords, boolean reported) {
    failedInvocations.increment();
    next.failed(lane, failedRecords, reported);
  }

  @Override
  public void retrying(LaneId lane, int batchSize, int failedInvocations, Duration wait) {
    next.retrying(lane, batchSize, failedInvocations, wait);
  }

  @Override
  public void bisected(LaneId lane, int batchSize) {
    next.bisected(lane, batchSize);
  }

  @Override
  public void settled(LaneId lane, int records) {
    settledRecords.add(records);
    next.settled(lane, records);
  }

  @Override
  public void discarded(LaneId lane, int records, DiscardCondition condition, boolean delivered) {
    (delivered ? deliveredRecords : droppedRecords).add(records);
    next.discarded(lane, records, condition, delivered);
  }

  @Override
  public void checkpointed(String shardId, String sequenceNumber) {
    next.checkpointed(shardId, sequenceNumber);
  }

  @Override
  public void shardFinished(String shardId) {
    next.shardFinished(shardId);
  }

  @Override
  public void trimmed(String shardId) {
    trims.increment();
    next.trimmed(shardId);
  }

  @Override
  public void drained(String streamArn) {
    next.drained(streamArn);
  }

  @Override
  public void streamGone(String streamArn) {
    next.streamGone(streamArn);
  }

  @Override
  public void problem(String where, Exception cause) {
    next.problem(where, cause);
  }
}
