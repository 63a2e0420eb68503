package dev.utsushi.local.mapping;

import dev.utsushi.local.lambda.InvocationResult;
import dev.utsushi.local.stream.PolledRecord;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * An event of a mapping, reported on the thread that does the work. Listeners must be quick and
 * safe for use by many threads.
 */
public sealed interface MappingEvent {

  /**
   * One of the concurrent batches of a shard. All changes of an item are in the same lane.
   *
   * @param index 0 to the parallelization factor - 1
   */
  record LaneId(String shardId, int index) {}

  /** Why records were given up. */
  enum DiscardCondition {
    RETRY_ATTEMPTS_EXHAUSTED("RetryAttemptsExhausted"),
    RECORD_AGE_EXCEEDED("RecordAgeExceeded");

    private final String wireName;

    DiscardCondition(String wireName) {
      this.wireName = wireName;
    }

    /** Returns the name that the on-failure message uses. */
    public String wireName() {
      return wireName;
    }
  }

  /** A poll of a shard returned records that the checkpoint did not already cover. */
  record Polled(String shardId, int records) implements MappingEvent {}

  /** Polled records match no filter: they are settled without an invocation. */
  record Filtered(String shardId, int records) implements MappingEvent {}

  /**
   * An invocation ended.
   *
   * @param processed how many of the records, from the first on, the function processed
   */
  record Invoked(
      LaneId lane,
      List<PolledRecord> records,
      int processed,
      Instant start,
      Instant end,
      InvocationResult result)
      implements MappingEvent {

    /** Whether the invocation failed, at least in part. */
    public boolean failed() {
      return processed < records.size();
    }

    /** Returns the age of the last record when the function was invoked. */
    public Duration iteratorAge() {
      return Duration.between(records.getLast().arrival(), start);
    }
  }

  /** The function was at its concurrency limit: the batch is retried after a wait. */
  record Throttled(LaneId lane, int records) implements MappingEvent {}

  /** The lane is done with these records: they are processed or given up. */
  record Settled(LaneId lane, int records) implements MappingEvent {}

  /**
   * Records were given up.
   *
   * @param delivered whether the on-failure queue has the message; false without such a queue
   */
  record Discarded(LaneId lane, int records, DiscardCondition condition, boolean delivered)
      implements MappingEvent {}

  /** Every record of a closed shard is settled. */
  record ShardFinished(String shardId) implements MappingEvent {}

  /**
   * Unread records expired from the stream: the function never gets them. Their number is unknown;
   * it may be zero if the shard no longer exists and was read to its last known record.
   */
  record Trimmed(String shardId) implements MappingEvent {}

  /**
   * The stream is disabled, alone or with its table, and every record of it is settled. The mapping
   * is done; a stream that is enabled again has another ARN and needs another mapping.
   */
  record Drained(String streamArn) implements MappingEvent {}

  /**
   * The stream no longer exists, as happens 24 hours after it was disabled. Records that were read
   * are still processed.
   */
  record StreamDeleted(String streamArn) implements MappingEvent {}

  /** Something other than the function failed (the stream, the queue); the mapping retries. */
  record Problem(String where, Exception cause) implements MappingEvent {}
}
