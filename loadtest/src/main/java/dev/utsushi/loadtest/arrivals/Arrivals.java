package dev.utsushi.loadtest.arrivals;

import java.util.NoSuchElementException;
import java.util.PrimitiveIterator;
import java.util.SplittableRandom;

/**
 * The times of the writes, in nanoseconds from the start, one after the other. Same profile,
 * pattern and seed, same times. Not for use by several threads.
 *
 * <p>Writes are counted on a clock that runs as fast as writes are expected: evenly one a tick, or
 * with exponential gaps of one tick on average. The profile turns that clock's time into seconds,
 * which makes a Poisson process of any rate exact, ramps included.
 */
public final class Arrivals implements PrimitiveIterator.OfLong {
  private final ArrivalProfile profile;
  private final ArrivalPattern pattern;
  private final SplittableRandom random;
  private int phase;
  private double expectedBefore;
  private double secondsBefore;
  private double count;

  public Arrivals(ArrivalProfile profile, ArrivalPattern pattern, long seed) {
    this.profile = profile;
    this.pattern = pattern;
    random = new SplittableRandom(seed);
    if (pattern == ArrivalPattern.POISSON) {
      count = gap();
    }
    skipFinishedPhases();
  }

  private double gap() {
    return switch (pattern) {
      case CONSTANT -> 1;
      case POISSON -> -Math.log1p(-random.nextDouble());
    };
  }

  private void skipFinishedPhases() {
    // A hair of room: whether the last write of 63/s for 30 s belongs to it must not hang on
    // rounding.
    while (phase < profile.phases().size()
        && count >= expectedBefore + profile.phases().get(phase).expected() - 1e-9) {
      expectedBefore += profile.phases().get(phase).expected();
      secondsBefore += profile.phases().get(phase).seconds();
      phase++;
    }
  }

  @Override
  public boolean hasNext() {
    return phase < profile.phases().size();
  }

  @Override
  public long nextLong() {
    if (!hasNext()) {
      throw new NoSuchElementException();
    }
    double into = Math.max(0, count - expectedBefore);
    double seconds = secondsBefore + profile.phases().get(phase).secondsUntil(into);
    count += gap();
    skipFinishedPhases();
    return Math.round(seconds * 1e9);
  }
}
