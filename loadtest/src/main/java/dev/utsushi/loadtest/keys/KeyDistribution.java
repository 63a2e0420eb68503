package dev.utsushi.loadtest.keys;

/**
 * How writes are spread over items.
 *
 * <p>Written {@code uniform:100000}, {@code zipf:10000,1.1} (exponent), {@code hot:10000,0.05} (one
 * item takes that share of the writes), {@code new} (each write another item).
 */
public sealed interface KeyDistribution {

  /** More than a run of hours can tell from infinitely many. */
  int MOST_KEYS = 2_000_000;

  /** The number of items; they are numbered from 0. */
  int keys();

  /** Every item as likely as any other. */
  record Uniform(int keys) implements KeyDistribution {
    public Uniform {
      checkKeys(keys);
    }

    @Override
    public String toString() {
      return "uniform:" + keys;
    }
  }

  /**
   * Item number <i>i</i>, from 0 on, as likely as 1 / (i + 1)<sup>exponent</sup>.
   *
   * @param exponent 0 (uniform) to 5
   */
  record Zipf(int keys, double exponent) implements KeyDistribution {
    public Zipf {
      checkKeys(keys);
      if (!(exponent >= 0 && exponent <= 5)) {
        throw new IllegalArgumentException("zipf takes an exponent from 0 to 5, not " + exponent);
      }
    }

    @Override
    public String toString() {
      return "zipf:" + keys + "," + exponent;
    }
  }

  /**
   * Item 0 takes a share of the writes, the others the rest evenly.
   *
   * @param share 0 to 1
   */
  record HotKey(int keys, double share) implements KeyDistribution {
    public HotKey {
      checkKeys(keys);
      if (!(share >= 0 && share <= 1)) {
        throw new IllegalArgumentException("hot takes a share from 0 to 1, not " + share);
      }
    }

    @Override
    public String toString() {
      return "hot:" + keys + "," + share;
    }
  }

  /** Every write another item, in order: nothing is ever written twice. */
  record New() implements KeyDistribution {
    @Override
    public int keys() {
      return MOST_KEYS;
    }

    @Override
    public String toString() {
      return "new";
    }
  }

  /**
   * Reads what a person wrote.
   *
   * @throws IllegalArgumentException if the text is no distribution, saying what one looks like
   */
  static KeyDistribution parse(String text) {
    String[] parts = text.strip().split("[:,]", -1);
    try {
      if (parts.length == 1 && parts[0].equals("new")) {
        return new New();
      }
      if (parts.length == 2 && parts[0].equals("uniform")) {
        return new Uniform(Integer.parseInt(parts[1]));
      }
      if (parts.length == 3 && parts[0].equals("zipf")) {
        return new Zipf(Integer.parseInt(parts[1]), Double.parseDouble(parts[2]));
      }
      if (parts.length == 3 && parts[0].equals("hot")) {
        return new HotKey(Integer.parseInt(parts[1]), Double.parseDouble(parts[2]));
      }
    } catch (NumberFormatException _) {
      // Said below, with what was meant.
    }
    throw new IllegalArgumentException(
        "'%s' is no distribution such as uniform:100000, zipf:10000,1.1 or hot:10000,0.05"
            .formatted(text));
  }

  private static void checkKeys(int keys) {
    if (keys < 1 || keys > MOST_KEYS) {
      throw new IllegalArgumentException(
          "there are 1 to %,d keys, not %,d".formatted(MOST_KEYS, keys));
    }
  }
}
