package dev.utsushi.local.mapping;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * Waits between tries: twice as long each time up to the longest, and of that a random part between
 * a half and the whole, so that lanes that failed together do not return together.
 */
record RetryBackoff(Duration first, Duration longest, RandomGenerator random) {

  /** Past this many doublings every sensible first wait has long reached the longest one. */
  private static final int MOST_DOUBLINGS = 30;

  /**
   * @param failures how often it failed so far, from 1 on
   */
  Duration waitAfter(int failures) {
    Duration doubled = first.multipliedBy(1L << Math.min(failures - 1, MOST_DOUBLINGS));
    long most = Math.max(2, (doubled.compareTo(longest) < 0 ? doubled : longest).toNanos());
    return Duration.ofNanos(most / 2 + random.nextLong(most / 2 + 1));
  }
}
