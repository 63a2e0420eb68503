package dev.utsushi.cli;

import dev.utsushi.loadtest.traffic.ItemSize;
import dev.utsushi.loadtest.traffic.KeyDistribution;
import dev.utsushi.loadtest.traffic.Traffic;
import dev.utsushi.loadtest.traffic.WriteMix;
import picocli.CommandLine.Option;

/** The options of {@code load} for the traffic. */
final class LoadOptions extends TrafficOptions {

  /**
   * DynamoDB Local takes some hundreds of writes per second; a higher rate would only test that.
   */
  private static final double MAX_PER_SECOND = 2000;

  @Option(
      names = "--mix",
      paramLabel = "I,U,D",
      defaultValue = "70,22,8",
      description =
          "proportions of inserts, updates and deletes; updates and deletes go to items of earlier"
              + " writes (default: ${DEFAULT-VALUE})")
  private WriteMix mix = WriteMix.ACTIVITY_LOG;

  @Option(
      names = "--item-size",
      paramLabel = "BYTES",
      defaultValue = "0",
      description = "least size of an item in bytes: 2000, or 500..8000 (default: about 700)")
  private ItemSize size = ItemSize.DEFAULT;

  LoadOptions() {
    super(30);
  }

  @Override
  Traffic traffic(String otherRate) {
    Traffic asked = super.traffic(otherRate);
    double peak = asked.profile().peakPerSecond();
    if (peak > MAX_PER_SECOND) {
      throw new IllegalArgumentException(
          "--rate must be at most %.0f writes per second here, not %.0f"
              .formatted(MAX_PER_SECOND, peak));
    }
    return new Traffic(asked.profile(), asked.pattern(), asked.keys(), mix, size, asked.seed());
  }

  /**
   * Returns traffic for a table that others use: every write creates an item.
   *
   * @throws IllegalArgumentException if an option is missing or wrong
   */
  Traffic insertsOnly() {
    Traffic asked = traffic();
    return new Traffic(
        asked.profile(),
        asked.pattern(),
        KeyDistribution.newItems(),
        new WriteMix(1, 0, 0),
        asked.size(),
        asked.seed());
  }
}
