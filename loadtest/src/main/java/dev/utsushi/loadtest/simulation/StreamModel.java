package dev.utsushi.loadtest.simulation;

import java.time.Duration;

/**
 * The stream of a table.
 *
 * @param shards at the same time; DynamoDB decides, one for each partition of the table
 * @param visibleAfter from a write until a poll finds its record
 * @param pollInterval the pause between two polls of a shard
 * @param pollTime of one poll
 * @param recordBytes the size of a record, as JSON
 */
public record StreamModel(
    int shards, Duration visibleAfter, Duration pollInterval, Duration pollTime, int recordBytes) {

  /** A GetRecords call returns at most 1,000 records and 1 MB. */
  private static final int MAX_RECORDS_PER_POLL = 1000;

  private static final int MAX_BYTES_PER_POLL = 1024 * 1024;

  /**
   * @throws IllegalArgumentException if a value is out of range
   */
  public StreamModel {
    Checks.inRange("shards", shards, 1, 1000);
    Checks.notNegative("visible after", visibleAfter);
    Checks.positive("poll interval", pollInterval);
    Checks.notNegative("poll time", pollTime);
    Checks.inRange("record bytes", recordBytes, 1, MAX_BYTES_PER_POLL);
  }

  /**
   * Returns a stream with the times of the embedded AWS, and with Lambda's documented four polls
   * per second and shard.
   *
   * @see <a href="https://docs.aws.amazon.com/lambda/latest/dg/with-ddb.html">Polling and batching
   *     streams</a>
   */
  public static StreamModel ofShards(int shards) {
    return new StreamModel(
        shards, Duration.ofMillis(10), Duration.ofMillis(250), Duration.ofMillis(5), 1024);
  }

  int recordsPerPoll() {
    return Math.max(1, Math.min(MAX_RECORDS_PER_POLL, MAX_BYTES_PER_POLL / recordBytes));
  }

  /** Returns the records per second that polls take from one shard at most. */
  double polledPerSecond() {
    return recordsPerPoll() / (pollInterval.plus(pollTime).toNanos() / 1e9);
  }
}
