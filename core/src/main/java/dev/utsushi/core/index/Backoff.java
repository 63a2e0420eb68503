package dev.utsushi.core.index;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * Exponential back-off with <a
 * href="https://aws.amazon.com/builders-library/timeouts-retries-and-backoff-with-jitter/">full
 * jitter</a>.
 *
 * @param first the longest first pause; it doubles with each retry
 * @param longest no pause is longer
 */
record Backoff(Duration first, Duration longest, RandomGenerator random) {
  private static final int MOST_DOUBLINGS = 20;

  static Backoff standard(RandomGenerator random) {
    return new Backoff(Duration.ofMillis(50), Duration.ofSeconds(2), random);
  }

  /** The pause before the given retry, counted from zero. */
  Duration pause(int retry) {
    long ceiling = first.toMillis() << Math.min(retry, MOST_DOUBLINGS);
    return Duration.ofMillis(random.nextLong(Math.min(ceiling, longest.toMillis()) + 1));
  }
}
