package dev.utsushi.loadtest.traffic;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntSupplier;

/**
 * How writes are spread over items. All changes of an item take one lane, so this decides how much
 * a higher parallelization factor helps.
 *
 * <p>Written {@code uniform:100000}, {@code zipf:10000,1.1} (exponent), {@code hot:10000,0.05} (one
 * item gets that share of the writes), {@code new} (each write goes to a new item).
 */
public sealed interface KeyDistribution {

  /** As good as infinitely many for a run of some hours. */
  int MAX_KEYS = 2_000_000;

  /** Returns the number of items; they are numbered from 0. */
  int keys();

  /**
   * Returns a source of items. The same distribution and seed give the same items. Not thread-safe.
   */
  IntSupplier draws(long seed);

  /** Every item is equally likely. */
  record Uniform(int keys) implements KeyDistribution {
    public Uniform {
      checkKeys(keys);
    }

    @Override
    public IntSupplier draws(long seed) {
      var random = new SplittableRandom(seed);
      return () -> random.nextInt(keys);
    }

    @Override
    public String toString() {
      return "uniform:" + keys;
    }
  }

  /**
   * Item number <i>i</i>, from 0, has a probability proportional to 1 / (i + 1)<sup>exponent</sup>.
   *
   * @param exponent 0 (uniform) to 5
   */
  record Zipf(int keys, double exponent) implements KeyDistribution {
    public Zipf {
      checkKeys(keys);
      if (!(exponent >= 0 && exponent <= 5)) {
        throw new IllegalArgumentException("the exponent of zipf must be 0 to 5, not " + exponent);
      }
    }

    @Override
    public IntSupplier draws(long seed) {
      var random = new SplittableRandom(seed);
      double[] cumulative = cumulativeShares();
      return () -> {
        int found = Arrays.binarySearch(cumulative, random.nextDouble());
        return Math.min(found < 0 ? -found - 1 : found + 1, cumulative.length - 1);
      };
    }

    private double[] cumulativeShares() {
      double[] cumulative = new double[keys];
      double sum = 0;
      for (int i = 0; i < cumulative.length; i++) {
        sum += Math.pow(i + 1.0, -exponent);
        cumulative[i] = sum;
      }
      double all = sum;
      Arrays.setAll(cumulative, i -> cumulative[i] / all);
      return cumulative;
    }

    @Override
    public String toString() {
      return "zipf:" + keys + "," + exponent;
    }
  }

  /**
   * Item 0 gets a share of the writes, the others the rest evenly.
   *
   * @param share 0 to 1
   */
  record HotKey(int keys, double share) implements KeyDistribution {
    public HotKey {
      checkKeys(keys);
      if (!(share >= 0 && share <= 1)) {
        throw new IllegalArgumentException("the share of hot must be 0 to 1, not " + share);
      }
    }

    @Override
    public IntSupplier draws(long seed) {
      var random = new SplittableRandom(seed);
      return () -> keys == 1 || random.nextDouble() < share ? 0 : 1 + random.nextInt(keys - 1);
    }

    @Override
    public String toString() {
      return "hot:" + keys + "," + share;
    }
  }

  /** Each write goes to a new item, in order: nothing is written twice. */
  record New() implements KeyDistribution {
    @Override
    public int keys() {
      return MAX_KEYS;
    }

    @Override
    public IntSupplier draws(long seed) {
      return new AtomicInteger()::getAndIncrement;
    }

    @Override
    public String toString() {
      return "new";
    }
  }

  /**
   * Parses a distribution.
   *
   * @throws IllegalArgumentException if the text is not a distribution, with examples of some
   */
  static KeyDistribution parse(String text) {
    String[] parts = text.strip().split("[:,]", -1);
    try {
      return switch (parts[0] + parts.length) {
        case "new1" -> new New();
        case "uniform2" -> new Uniform(Integer.parseInt(parts[1]));
        case "zipf3" -> new Zipf(Integer.parseInt(parts[1]), Double.parseDouble(parts[2]));
        case "hot3" -> new HotKey(Integer.parseInt(parts[1]), Double.parseDouble(parts[2]));
        default -> throw notADistribution(text);
      };
    } catch (NumberFormatException _) {
      throw notADistribution(text);
    }
  }

  private static IllegalArgumentException notADistribution(String text) {
    return new IllegalArgumentException(
        "'%s' is not a distribution such as uniform:100000, zipf:10000,1.1 or hot:10000,0.05"
            .formatted(text));
  }

  private static void checkKeys(int keys) {
    if (keys < 1 || keys > MAX_KEYS) {
      throw new IllegalArgumentException(
          "the number of keys must be 1 to %,d, not %,d".formatted(MAX_KEYS, keys));
    }
  }
}
