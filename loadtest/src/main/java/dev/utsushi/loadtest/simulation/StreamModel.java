package dev.utsushi.loadtest.simulation;

import java.time.Duration;

/**
 * How changes come out of the table.
 *
 * @param shards at the same time; DynamoDB decides, one for each partition of the table
 * @param visibleAfter how long after the write a poll finds its record
 * @param pollInterval the pause between two polls of a shard
 * @param pollTime what one poll takes
 * @param recordBytes the size of a record, as JSON
 */
public record StreamModel(
    int shards, Duration visibleAfter, Duration pollInterval, Duration pollTime, int recordBytes) {

  /** A GetRecords call gives at most 1,000 records and 1 MB. */
  private static final int MOST_RECORDS_A_POLL = 1000;

  private static final int MOST_BYTES_A_POLL = 1024 * 1024;

  /**
   * @throws IllegalArgumentException if something is out of range
   */
  public StreamModel {
    Checks.inRange("shards", shards, 1, 1000);
    Checks.notNegative("visible after", visibleAfter);
    Checks.positive("poll interval", pollInterval);
    Checks.notNegative("poll time", pollTime);
    Checks.inRange("record bytes", recordBytes, 1, MOST_BYTES_A_POLL);
  }

  /**
   * As the embedded AWS does it, and Lambda says of itself: four polls a second and shard.
   *
   * @see <a href="https://docs.aws.amazon.com/lambda/latest/dg/with-ddb.html">Polling and batching
   *     streams</a>
   */
  public static StreamModel ofShards(int shards) {
    return new StreamModel(
        shards, Duration.ofMillis(10), Duration.ofMillis(250), Duration.ofMillis(5), 1024);
  }

  /** How many records one poll gives at most. */
  public int recordsPerPoll() {
    return Math.max(1, Math.min(MOST_RECORDS_A_POLL, MOST_BYTES_A_POLL / recordBytes));
  }

  /** How many records a second polling can take from all shards. */
  public double pollsCarry() {
    double seconds = pollInterval.plus(pollTime).toNanos() / 1e9;
    return shards * recordsPerPoll() / seconds;
  }
}
