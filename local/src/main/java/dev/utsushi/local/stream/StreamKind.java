package dev.utsushi.local.stream;

import java.time.Duration;

/**
 * The kinds of streams that an event source mapping reads.
 *
 * @see <a href="https://docs.aws.amazon.com/lambda/latest/dg/with-ddb.html">DynamoDB Streams</a>
 * @see <a href="https://docs.aws.amazon.com/lambda/latest/dg/with-kinesis.html">Kinesis</a>
 */
public enum StreamKind {
  /** Lambda polls a shard four times a second. */
  DYNAMODB("DDBStreamBatchInfo", Duration.ofMillis(250)),
  /** Lambda polls a shard once a second. */
  KINESIS("KinesisBatchInfo", Duration.ofSeconds(1)),
  /** A consumer with enhanced fan-out: Kinesis pushes records, which takes about 70 ms. */
  KINESIS_CONSUMER("KinesisBatchInfo", Duration.ofMillis(70));

  private final String batchInfo;
  private final Duration pollInterval;

  StreamKind(String batchInfo, Duration pollInterval) {
    this.batchInfo = batchInfo;
    this.pollInterval = pollInterval;
  }

  /** Returns the kind of an event source. */
  public static StreamKind of(String eventSourceArn) {
    if (!eventSourceArn.startsWith("arn:aws:kinesis:")) {
      return DYNAMODB;
    }
    return eventSourceArn.contains("/consumer/") ? KINESIS_CONSUMER : KINESIS;
  }

  /** Returns the name of the batch's place in an on-failure message. */
  public String batchInfo() {
    return batchInfo;
  }

  public Duration pollInterval() {
    return pollInterval;
  }
}
