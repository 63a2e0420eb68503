package dev.utsushi.lambda;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/** Keeps to so many records a second. */
final class Pace {
  private final double perSecond;
  private final InstantSource clock;
  private Instant next;

  /**
   * @param perSecond 0 for as quick as can be
   */
  Pace(double perSecond, InstantSource clock) {
    this.perSecond = perSecond;
    this.clock = clock;
    this.next = clock.instant();
  }

  /** So many were written. */
  void count(int records) {
    if (perSecond > 0) {
      Instant now = clock.instant();
      Instant from = next.isAfter(now) ? next : now;
      next = from.plusNanos((long) (records * 1e9 / perSecond));
    }
  }

  /** As many messages at once as a second may hold, most of which hold one record. */
  int most(int wanted) {
    return perSecond > 0 ? (int) Math.clamp(Math.ceil(perSecond), 1, wanted) : wanted;
  }

  /** Whether its time has come; false if that would take too long. */
  boolean await(Duration longest) {
    Duration pause = Duration.between(clock.instant(), next);
    if (!pause.isPositive()) {
      return true;
    }
    if (pause.compareTo(longest) > 0) {
      return false;
    }
    try {
      Thread.sleep(pause);
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
