package dev.utsushi.construct;

/** The alarms of a replication, by the last part of their construct's path. */
public enum ReplicationAlarm {
  /** The age of the newest record that was read, or that a worker has not settled, in ms. */
  ITERATOR_AGE("IteratorAge"),
  /** Throttled invocations in a minute. */
  THROTTLES("Throttles"),
  /** Crashes and timeouts in a minute. */
  ERRORS("Errors"),
  /** The longest invocation, in milliseconds. */
  DURATION("Duration"),
  /** A quarter of an hour with writes in the table and no record read: 1 or 0. */
  NOTHING_POLLED("NothingPolled"),
  /** Messages in the dead-letter queue. */
  DEAD_LETTERS("DeadLetters"),
  /** The age of the oldest of them, in seconds. */
  DEAD_LETTER_AGE("DeadLetterAge"),
  /** Records that no queue holds, in a minute. */
  DROPPED_EVENTS("DroppedEvents"),
  /** The age of the oldest failure that waits for capture, in seconds. */
  FAILURE_AGE("FailureAge"),
  /** Crashes and timeouts of capture in a minute. */
  CAPTURE_ERRORS("CaptureErrors"),
  /** Segments of runs that failed again and again. */
  SEGMENT_DEAD_LETTERS("SegmentDeadLetters"),
  /**
   * The age of the oldest change that is not in Kinesis yet, in milliseconds; with Kinesis only.
   */
  UNREPLICATED_AGE("UnreplicatedAge"),
  /** Changes that DynamoDB could not send to Kinesis, in a minute; with Kinesis only. */
  NOT_REPLICATED("NotReplicated"),
  /** Fewer workers run than this, for five minutes; with workers only. */
  WORKERS("Workers"),
  /** What differs when a verification ends. There is none without a schedule of verifications. */
  DRIFT("Drift");

  private final String id;

  ReplicationAlarm(String id) {
    this.id = id;
  }

  /** Returns the construct's ID, and the name in the settings file. */
  public String id() {
    return id;
  }
}
