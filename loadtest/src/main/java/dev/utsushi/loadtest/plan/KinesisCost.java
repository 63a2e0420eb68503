package dev.utsushi.loadtest.plan;

import dev.utsushi.loadtest.plan.Prices.Price;

/**
 * The cost per month, in US dollars, of Kinesis Data Streams in place of DynamoDB Streams. The
 * function costs the same in both cases and is not included.
 *
 * @param shards that the changes need, by their number and size
 * @param provisioned with that many shards
 * @param onDemand with shards chosen by Kinesis, and one consumer
 */
public record KinesisCost(int shards, double provisioned, double onDemand) {
  private static final double RECORDS_PER_SHARD_SECOND = 1000;
  private static final double BYTES_PER_SHARD_SECOND = 1024 * 1024;
  private static final double BYTES_PER_PUT_UNIT = 25 * 1024;
  private static final double BYTES_PER_CAPTURE_UNIT = 1024;
  private static final double BYTES_PER_GB = 1024 * 1024 * 1024;

  /**
   * Returns the cost at a steady rate.
   *
   * @param recordBytes the size of a change: its record holds the images before and after it
   */
  public static KinesisCost of(double changesPerSecond, int recordBytes, Prices prices) {
    double shards =
        Math.ceil(
            Math.max(
                changesPerSecond / RECORDS_PER_SHARD_SECOND,
                changesPerSecond * recordBytes / BYTES_PER_SHARD_SECOND));
    double changes = changesPerSecond * Prices.SECONDS_PER_MONTH;
    double capture =
        millions(changes, recordBytes, BYTES_PER_CAPTURE_UNIT)
            * prices.of(Price.DYNAMODB_MILLION_CAPTURE_UNITS);
    double provisioned =
        shards * Prices.HOURS_PER_MONTH * prices.of(Price.KINESIS_SHARD_HOUR)
            + millions(changes, recordBytes, BYTES_PER_PUT_UNIT)
                * prices.of(Price.KINESIS_MILLION_PUT_UNITS);
    double gigabytes = changes * Math.ceil(recordBytes / 1024.0) * 1024 / BYTES_PER_GB;
    double onDemand =
        Prices.HOURS_PER_MONTH * prices.of(Price.KINESIS_ON_DEMAND_STREAM_HOUR)
            + gigabytes * prices.of(Price.KINESIS_ON_DEMAND_GB_IN)
            + gigabytes * prices.of(Price.KINESIS_ON_DEMAND_GB_OUT);
    return new KinesisCost((int) shards, capture + provisioned, capture + onDemand);
  }

  private static double millions(double changes, int recordBytes, double unitBytes) {
    return changes * Math.ceil(recordBytes / unitBytes) / 1e6;
  }
}
