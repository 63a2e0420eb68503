package dev.utsushi.loadtest.plan;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.Properties;
import java.util.stream.Collectors;

/**
 * AWS's prices.
 *
 * @param source which region's, and of when
 */
public record Prices(String source, Map<Price, Double> dollars) {

  /** When the constants of {@link Price} were last compared with what AWS and others publish. */
  private static final String US_EAST_1 = "us-east-1, looked up 2026-11-21";

  private static final String SOURCE_KEY = "source";

  /**
   * @throws IllegalArgumentException if a price is missing, negative or no number
   */
  public Prices {
    dollars = Map.copyOf(dollars);
    for (Price each : Price.values()) {
      double value = dollars.getOrDefault(each, Double.NaN);
      if (!(value >= 0 && value < 1e6)) {
        throw new IllegalArgumentException("price %s can't be %s".formatted(each.key(), value));
      }
    }
  }

  /** The constants of {@link Price}. */
  public static Prices usEast1() {
    Map<Price, Double> dollars = new EnumMap<>(Price.class);
    for (Price each : Price.values()) {
      dollars.put(each, each.usEast1());
    }
    return new Prices(US_EAST_1, dollars);
  }

  /**
   * Reads prices that differ from {@link #usEast1()}: a properties file of lines such as {@code
   * lambda-million-requests=0.20}, and {@code source=…} with region and date.
   *
   * @throws UncheckedIOException if the file can't be read
   * @throws IllegalArgumentException if it has a key that is no price, or a value that is no number
   */
  public static Prices read(Path file) {
    var properties = new Properties();
    try (var reader = Files.newBufferedReader(file)) {
      properties.load(reader);
    } catch (IOException e) {
      throw new UncheckedIOException(file + " can't be read", e);
    }
    Map<Price, Double> dollars = new EnumMap<>(usEast1().dollars);
    for (String key : properties.stringPropertyNames()) {
      if (!key.equals(SOURCE_KEY)) {
        dollars.put(known(key), number(key, properties.getProperty(key)));
      }
    }
    return new Prices(properties.getProperty(SOURCE_KEY, file + " over " + US_EAST_1), dollars);
  }

  private static Price known(String key) {
    return Price.ofKey(key)
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "'%s' is no price; there are %s".formatted(key, allKeys())));
  }

  private static String allKeys() {
    return Arrays.stream(Price.values()).map(Price::key).collect(Collectors.joining(", "));
  }

  private static double number(String key, String value) {
    try {
      return Double.parseDouble(value.strip());
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(
          "price %s takes a number, not '%s'".formatted(key, value), e);
    }
  }

  double of(Price price) {
    return dollars.getOrDefault(price, Double.NaN);
  }
}
