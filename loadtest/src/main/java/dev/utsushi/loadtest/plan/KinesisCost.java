package dev.utsushi.loadtest.plan;

/**
 * What it costs a month, in US dollars, to take a table's changes through Kinesis Data Streams in
 * place of DynamoDB Streams. The function costs the same on top.
 *
 * @param shards that the changes need, by their number and size
 * @param provisioned with so many shards
 * @param onDemand with Kinesis choosing the shards, and one consumer
 */
public record KinesisCost(int shards, double provisioned, double onDemand) {

  /** What one shard takes in a second. */
  private static final double RECORDS_A_SHARD = 1000;

  private static final double BYTES_A_SHARD = 1024 * 1024;
  private static final double BYTES_A_PUT_UNIT = 25 * 1024;
  private static final double BYTES_A_CAPTURE_UNIT = 1024;
  private static final double BYTES_A_GB = 1024 * 1024 * 1024;

  /**
   * At a steady rate, all month long.
   *
   * @param recordBytes the size of a change; a record holds images from before and after it
   */
  public static KinesisCost of(double changesPerSecond, int recordBytes, Prices prices) {
    double shards =
        Math.ceil(
            Math.max(
                changesPerSecond / RECORDS_A_SHARD,
                changesPerSecond * recordBytes / BYTES_A_SHARD));
    double changes = changesPerSecond * MonthlyCost.SECONDS;
    double capture =
        millions(changes, recordBytes, BYTES_A_CAPTURE_UNIT)
            * prices.of(Price.DYNAMODB_MILLION_CAPTURE_UNITS);
    double provisioned =
        shards * MonthlyCost.HOURS * prices.of(Price.KINESIS_SHARD_HOUR)
            + millions(changes, recordBytes, BYTES_A_PUT_UNIT)
                * prices.of(Price.KINESIS_MILLION_PUT_UNITS);
    double gigabytes = changes * Math.ceil(recordBytes / 1024.0) * 1024 / BYTES_A_GB;
    double onDemand =
        MonthlyCost.HOURS * prices.of(Price.KINESIS_ON_DEMAND_STREAM_HOUR)
            + gigabytes * prices.of(Price.KINESIS_ON_DEMAND_GB_IN)
            + gigabytes * prices.of(Price.KINESIS_ON_DEMAND_GB_OUT);
    return new KinesisCost((int) shards, capture + provisioned, capture + onDemand);
  }

  private static double millions(double changes, int recordBytes, double unitBytes) {
    return changes * Math.ceil(recordBytes / unitBytes) / 1e6;
  }
}
