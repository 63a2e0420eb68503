package dev.utsushi.outbox;

import java.util.UUID;
import java.util.random.RandomGenerator;

/** Makes UUIDs of version 7: 48 bits of time, then random bits. */
final class EventIds {
  private static final long VERSION = 0x7000L;
  private static final long VARIANT = 0x8000_0000_0000_0000L;

  private EventIds() {}

  /**
   * Returns an id.
   *
   * @param millis since the epoch
   */
  static String of(long millis, RandomGenerator random) {
    long high = (millis << 16) | VERSION | (random.nextLong() & 0x0FFFL);
    long low = VARIANT | (random.nextLong() >>> 2);
    return new UUID(high, low).toString();
  }
}
