package dev.utsushi.loadtest.traffic;

import dev.utsushi.loadtest.traffic.ArrivalProfile.Phase;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.PrimitiveIterator;
import java.util.SplittableRandom;

/**
 * The times of the writes, in nanoseconds from the start. The same profile, pattern and seed give
 * the same times. Not thread-safe.
 *
 * <p>Writes are counted on a clock that runs as fast as writes are expected: one per tick, or with
 * exponential gaps of one tick on average. The profile converts that clock's time into seconds,
 * which makes a Poisson process of any rate exact, ramps included.
 */
final class Arrivals implements PrimitiveIterator.OfLong {
  private final List<Phase> phases;
  private final ArrivalPattern pattern;
  private final SplittableRandom random;
  private int phase;
  private double expectedBefore;
  private double secondsBefore;
  private double count;

  Arrivals(ArrivalProfile profile, ArrivalPattern pattern, long seed) {
    phases = profile.phases();
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
    // The tolerance keeps rounding from deciding whether the last write of 63/s for 30 s belongs
    // to its phase.
    while (hasNext() && count >= expectedBefore + phases.get(phase).expected() - 1e-9) {
      expectedBefore += phases.get(phase).expected();
      secondsBefore += phases.get(phase).seconds();
      phase++;
    }
  }

  @Override
  public boolean hasNext() {
    return phase < phases.size();
  }

  @Override
  public long nextLong() {
    if (!hasNext()) {
      throw new NoSuchElementException();
    }
    double intoPhase = Math.max(0, count - expectedBefore);
    double seconds = secondsBefore + phases.get(phase).secondsUntil(intoPhase);
    count += gap();
    skipFinishedPhases();
    return Math.round(seconds * 1e9);
  }
}
