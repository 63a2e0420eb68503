package dev.utsushi.loadtest.plan;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/**
 * What AWS charges for, in US dollars without taxes, with its price in US East (N. Virginia). First
 * tiers; no free tier, no savings plan.
 *
 * @see <a href="https://aws.amazon.com/lambda/pricing/">Lambda pricing</a>
 * @see <a href="https://aws.amazon.com/kinesis/data-streams/pricing/">Kinesis Data Streams
 *     pricing</a>
 * @see <a href="https://aws.amazon.com/dynamodb/pricing/">DynamoDB pricing</a>
 */
public enum Price {
  LAMBDA_MILLION_REQUESTS(0.20),
  LAMBDA_GB_SECOND_ARM64(0.0000133334),
  LAMBDA_GB_SECOND_X86_64(0.0000166667),
  /** Getting changes from a table into a Kinesis stream, for each KB of the item. */
  DYNAMODB_MILLION_CAPTURE_UNITS(0.10),
  KINESIS_SHARD_HOUR(0.015),
  /** For each 25 KB of a record. */
  KINESIS_MILLION_PUT_UNITS(0.014),
  KINESIS_ON_DEMAND_STREAM_HOUR(0.04),
  KINESIS_ON_DEMAND_GB_IN(0.08),
  KINESIS_ON_DEMAND_GB_OUT(0.04);

  private final double usEast1;

  Price(double usEast1) {
    this.usEast1 = usEast1;
  }

  double usEast1() {
    return usEast1;
  }

  /** As a file names it: {@code lambda-million-requests}. */
  public String key() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  static Optional<Price> ofKey(String key) {
    return Arrays.stream(values()).filter(price -> price.key().equals(key)).findFirst();
  }
}
