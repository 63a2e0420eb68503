package dev.utsushi.loadtest.keys;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.function.IntSupplier;

/**
 * One item after the other, by its number. Same distribution and seed, same items. Not for use by
 * several threads.
 */
public final class Keys implements IntSupplier {
  private final SplittableRandom random;
  private final IntSupplier next;
  private int nextNew;

  public Keys(KeyDistribution distribution, long seed) {
    random = new SplittableRandom(seed);
    next =
        switch (distribution) {
          case KeyDistribution.Uniform(int keys) -> () -> random.nextInt(keys);
          case KeyDistribution.HotKey(int keys, double share) -> () -> hotOrOther(keys, share);
          case KeyDistribution.New() -> () -> nextNew++;
          case KeyDistribution.Zipf zipf -> byShare(cumulativeShares(zipf));
        };
  }

  private int hotOrOther(int keys, double share) {
    if (keys == 1 || random.nextDouble() < share) {
      return 0;
    }
    return 1 + random.nextInt(keys - 1);
  }

  private IntSupplier byShare(double[] cumulative) {
    return () -> {
      int found = Arrays.binarySearch(cumulative, random.nextDouble());
      return Math.min(found < 0 ? -found - 1 : found + 1, cumulative.length - 1);
    };
  }

  private static double[] cumulativeShares(KeyDistribution.Zipf zipf) {
    double[] cumulative = new double[zipf.keys()];
    double sum = 0;
    for (int i = 0; i < cumulative.length; i++) {
      sum += Math.pow(i + 1.0, -zipf.exponent());
      cumulative[i] = sum;
    }
    for (int i = 0; i < cumulative.length; i++) {
      cumulative[i] /= sum;
    }
    return cumulative;
  }

  @Override
  public int getAsInt() {
    return next.getAsInt();
  }
}
