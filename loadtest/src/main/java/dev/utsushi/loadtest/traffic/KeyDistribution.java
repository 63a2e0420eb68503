package dev.utsushi.loadtest.traffic;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.IntSupplier;

/**
 * How writes are spread over items. All changes of an item take one lane, so this decides how much
 * a higher parallelization factor helps.
 *
 * <p>Written {@code uniform:100000}, {@code zipf:10000,1.1} (exponent), {@code hot:10000,0.05} (one
 * item gets that share of the writes), {@code new} (each write goes to a new item).
 */
public final class KeyDistribution {

  /** As good as infinitely many for a run of some hours. */
  private static final int MAX_KEYS = 2_000_000;

  private final String text;
  private final int keys;
  private final Function<SplittableRandom, IntSupplier> draws;

  private KeyDistribution(String text, int keys, Function<SplittableRandom, IntSupplier> draws) {
    if (keys < 1 || keys > MAX_KEYS) {
      throw new IllegalArgumentException(
          "the number of keys must be 1 to %,d, not %,d".formatted(MAX_KEYS, keys));
    }
    this.text = text;
    this.keys = keys;
    this.draws = draws;
  }

  /** Returns a distribution in which every item is equally likely. */
  public static KeyDistribution uniform(int keys) {
    return new KeyDistribution("uniform:" + keys, keys, random -> () -> random.nextInt(keys));
  }

  /**
   * Returns a distribution in which item number <i>i</i>, from 0, has a probability proportional to
   * 1 / (i + 1)<sup>exponent</sup>.
   *
   * @param exponent 0 (uniform) to 5
   */
  public static KeyDistribution zipf(int keys, double exponent) {
    if (!(exponent >= 0 && exponent <= 5)) {
      throw new IllegalArgumentException("the exponent of zipf must be 0 to 5, not " + exponent);
    }
    return new KeyDistribution(
        "zipf:" + keys + "," + exponent,
        keys,
        random -> {
          double[] cumulative = cumulativeShares(keys, exponent);
          return () -> {
            int found = Arrays.binarySearch(cumulative, random.nextDouble());
            return Math.min(found < 0 ? -found - 1 : found + 1, keys - 1);
          };
        });
  }

  private static double[] cumulativeShares(int keys, double exponent) {
    double[] cumulative = new double[keys];
    double sum = 0;
    for (int i = 0; i < keys; i++) {
      sum += Math.pow(i + 1.0, -exponent);
      cumulative[i] = sum;
    }
    double all = sum;
    Arrays.setAll(cumulative, i -> cumulative[i] / all);
    return cumulative;
  }

  /**
   * Returns a distribution in which item 0 gets a share of the writes, the others the rest evenly.
   *
   * @param share 0 to 1
   */
  public static KeyDistribution hot(int keys, double share) {
    if (!(share >= 0 && share <= 1)) {
      throw new IllegalArgumentException("the share of hot must be 0 to 1, not " + share);
    }
    return new KeyDistribution(
        "hot:" + keys + "," + share,
        keys,
        random ->
            () -> keys == 1 || random.nextDouble() < share ? 0 : 1 + random.nextInt(keys - 1));
  }

  /** Returns a distribution in which each write goes to a new item, in order. */
  public static KeyDistribution newItems() {
    return new KeyDistribution("new", MAX_KEYS, _ -> new AtomicInteger()::getAndIncrement);
  }

  /**
   * Parses a distribution.
   *
   * @throws IllegalArgumentException if the text is not a distribution, with examples of some
   */
  public static KeyDistribution parse(String text) {
    String[] parts = text.strip().split("[:,]", -1);
    try {
      return switch (parts[0] + parts.length) {
        case "new1" -> newItems();
        case "uniform2" -> uniform(Integer.parseInt(parts[1]));
        case "zipf3" -> zipf(Integer.parseInt(parts[1]), Double.parseDouble(parts[2]));
        case "hot3" -> hot(Integer.parseInt(parts[1]), Double.parseDouble(parts[2]));
        default -> throw new NumberFormatException();
      };
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(
          "'%s' is not a distribution such as uniform:100000, zipf:10000,1.1 or hot:10000,0.05"
              .formatted(text),
          e);
    }
  }

  /** Returns the number of items; they are numbered from 0. */
  public int keys() {
    return keys;
  }

  /**
   * Returns a source of items. The same distribution and seed give the same items. Not thread-safe.
   */
  public IntSupplier draws(long seed) {
    return draws.apply(new SplittableRandom(seed));
  }

  /** Returns the text that {@link #parse} reads. */
  @Override
  public String toString() {
    return text;
  }
}
