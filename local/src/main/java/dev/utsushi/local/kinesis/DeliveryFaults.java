package dev.utsushi.local.kinesis;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * What DynamoDB may do to a table's records in a Kinesis stream: put them more than once and out of
 * order.
 *
 * @param twice the share of records, 0 to 1, that are put again, up to {@code window} later
 * @param outOfOrder the share that is held back for up to {@code window}, so that later ones
 *     overtake them
 * @param late the share that is held back for all of {@code lateness}
 * @param seed decides which records, and for how long
 * @see <a href="https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/kds.html">Kinesis
 *     Data Streams for DynamoDB: order and duplicates</a>
 */
public record DeliveryFaults(
    double twice, double outOfOrder, double late, Duration window, Duration lateness, long seed) {

  /** Every record once, in the order of the table's stream, at once. */
  public static final DeliveryFaults NONE =
      new DeliveryFaults(0, 0, 0, Duration.ZERO, Duration.ZERO, 0);

  /** Draws how long to hold back a record, in nanoseconds. */
  long delay(RandomGenerator random) {
    boolean isLate = random.nextDouble() < late;
    boolean isOvertaken = random.nextDouble() < outOfOrder;
    long within = within(random);
    return isLate ? lateness.toNanos() : isOvertaken ? within : 0;
  }

  boolean repeats(RandomGenerator random) {
    return random.nextDouble() < twice;
  }

  /** Draws a time within the window, in nanoseconds. */
  long within(RandomGenerator random) {
    return (long) (random.nextDouble() * window.toNanos());
  }
}
