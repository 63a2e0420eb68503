package dev.utsushi.local.mapping;

import dev.utsushi.local.lambda.InvocationResult;
import java.time.Duration;

/**
 * Is told what a mapping does, as it does it, on the thread that does it: be quick, and safe for
 * use by many threads.
 */
public interface MappingListener {

  /**
   * A poll of a shard returned records; empty polls are not told, nor what the checkpoint knew as
   * settled.
   */
  default void polled(String shardId, int records) {}

  /** So many of the records polled pass no filter: they are settled without an invocation. */
  default void filtered(String shardId, int records) {}

  /**
   * An invocation ended.
   *
   * @param iteratorAge the age of the batch's last record when the function was invoked
   */
  default void invoked(
      LaneId lane,
      int batchSize,
      Duration iteratorAge,
      Duration duration,
      InvocationResult result) {}

  /**
   * An invocation failed, wholly or in part.
   *
   * @param failedRecords how many records of the batch are not processed
   * @param reported whether the function said so by {@code batchItemFailures}
   */
  default void failed(LaneId lane, int failedRecords, boolean reported) {}

  /** A batch failed, or was throttled, and goes to the function again after a wait. */
  default void retrying(LaneId lane, int batchSize, int failedInvocations, Duration wait) {}

  /** A failing batch was split in two. */
  default void bisected(LaneId lane, int batchSize) {}

  /** The lane is done with these records: processed, or given up. */
  default void settled(LaneId lane, int records) {}

  /** Records were given up; the message is in the queue, or there is no queue for it. */
  default void discarded(LaneId lane, int records, DiscardCondition condition, boolean delivered) {}

  /** Every record of the shard up to this one is settled, and the checkpoint store knows it. */
  default void checkpointed(String shardId, String sequenceNumber) {}

  /** Every record of a closed shard is settled. */
  default void shardFinished(String shardId) {}

  /**
   * Records that were not read yet expired from the stream: they are lost to the function. How many
   * is not known, and it may be none where a shard is gone that was read up to its last one.
   */
  default void trimmed(String shardId) {}

  /**
   * The stream is disabled, by itself or with its table, and every record of it is settled. The
   * mapping does nothing more; a stream enabled again has another ARN and needs another mapping.
   */
  default void drained(String streamArn) {}

  /**
   * The stream does not exist any more, as happens 24 hours after it was disabled. What was read of
   * it is still processed; the mapping looks for nothing more.
   */
  default void streamGone(String streamArn) {}

  /** Something outside the function failed (the stream, the queue); the mapping tries again. */
  default void problem(String where, Exception cause) {}
}
