package dev.utsushi.run;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/** Keeps the reads of one worker to its share of the read capacity. */
final class Pace {
  /** As long as nothing is known of the items' size. */
  private static final int FIRST_LIMIT = 25;

  private final InstantSource clock;
  private Instant freeAt;
  private double unitsPerItem;

  Pace(InstantSource clock) {
    this.clock = clock;
    freeAt = clock.instant();
  }

  /** Takes what a page of this many items used. */
  void used(double units, long items, double share) {
    if (items > 0) {
      unitsPerItem = units / items;
    }
    if (share > 0) {
      Instant now = clock.instant();
      Instant from = freeAt.isAfter(now) ? freeAt : now;
      freeAt = from.plusNanos((long) (units / share * Duration.ofSeconds(1).toNanos()));
    }
  }

  /** Returns how long to wait before the next page. */
  Duration pause() {
    Duration wait = Duration.between(clock.instant(), freeAt);
    return wait.isNegative() ? Duration.ZERO : wait;
  }

  /** Returns the most items of a page, so that it takes about a second's share; null for any. */
  @Nullable Integer limit(double share) {
    if (share == 0) {
      return null;
    }
    return unitsPerItem == 0 ? FIRST_LIMIT : (int) Math.clamp(share / unitsPerItem, 1, 100_000);
  }
}
