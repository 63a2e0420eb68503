package dev.utsushi.loadtest.plan;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.stream.Collectors;

/**
 * AWS's prices.
 *
 * @param source region and date
 */
public record Prices(String source, Map<Price, Double> dollars) {

  /** AWS's own month: 730 hours. */
  static final double HOURS_PER_MONTH = 730;

  static final double SECONDS_PER_MONTH = HOURS_PER_MONTH * 3600;

  /** The date on which the constants of {@link Price} were compared with the published prices. */
  private static final String US_EAST_1 = "us-east-1, looked up 2026-11-21";

  private static final String SOURCE_KEY = "source";

  /**
   * A unit that AWS charges for, with its price in US East (N. Virginia) in US dollars without
   * taxes. First tiers; no free tier, no savings plan.
   *
   * @see <a href="https://aws.amazon.com/lambda/pricing/">Lambda pricing</a>
   * @see <a href="https://aws.amazon.com/kinesis/data-streams/pricing/">Kinesis Data Streams
   *     pricing</a>
   * @see <a href="https://aws.amazon.com/dynamodb/pricing/">DynamoDB pricing</a>
   */
  public enum Price {
    LAMBDA_MILLION_REQUESTS(0.20),
    LAMBDA_GB_SECOND_ARM64(0.0000133334),
    LAMBDA_GB_SECOND_X86_64(0.0000166667),
    /** Changes from a table into a Kinesis stream, for each KB of the item. */
    DYNAMODB_MILLION_CAPTURE_UNITS(0.10),
    KINESIS_SHARD_HOUR(0.015),
    /** For each 25 KB of a record. */
    KINESIS_MILLION_PUT_UNITS(0.014),
    KINESIS_ON_DEMAND_STREAM_HOUR(0.04),
    KINESIS_ON_DEMAND_GB_IN(0.08),
    KINESIS_ON_DEMAND_GB_OUT(0.04);

    private final double usEast1;

    Price(double usEast1) {
      this.usEast1 = usEast1;
    }

    /** Returns its name in a file: {@code lambda-million-requests}. */
    String key() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }

  /**
   * @throws IllegalArgumentException if a price is missing, negative or not a number
   */
  public Prices {
    dollars = Map.copyOf(dollars);
    for (Price each : Price.values()) {
      double value = dollars.getOrDefault(each, Double.NaN);
      if (!(value >= 0 && value < 1e6)) {
        throw new IllegalArgumentException(
            "price %s must be 0 or more, not %s".formatted(each.key(), value));
      }
    }
  }

  /** Returns the constants of {@link Price}. */
  public static Prices usEast1() {
    return new Prices(
        US_EAST_1,
        Arrays.stream(Price.values())
            .collect(Collectors.toMap(price -> price, price -> price.usEast1)));
  }

  /**
   * Reads prices that differ from {@link #usEast1()}: a properties file of lines such as {@code
   * lambda-million-requests=0.20}, and {@code source=…} with region and date.
   *
   * @throws UncheckedIOException if the file can't be read
   * @throws IllegalArgumentException if it has a key that is not a price, or a value that is not a
   *     number
   */
  public static Prices read(Path file) {
    var properties = new Properties();
    try (var reader = Files.newBufferedReader(file)) {
      properties.load(reader);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + file, e);
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
    return Arrays.stream(Price.values())
        .filter(price -> price.key().equals(key))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "'%s' is not a price; known prices: %s".formatted(key, allKeys())));
  }

  private static String allKeys() {
    return Arrays.stream(Price.values()).map(Price::key).collect(Collectors.joining(", "));
  }

  private static double number(String key, String value) {
    try {
      return Double.parseDouble(value.strip());
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(
          "price %s must be a number, not '%s'".formatted(key, value), e);
    }
  }

  double of(Price price) {
    return dollars.getOrDefault(price, Double.NaN);
  }
}
