package dev.utsushi.cli.plan;

import java.time.Duration;

/** How figures look in a table. */
final class Figures {
  private Figures() {}

  static String millis(Duration duration) {
    return "%,.0f".formatted(duration.toNanos() / 1e6);
  }

  static String seconds(Duration duration) {
    return "%,.2f".formatted(duration.toNanos() / 1e9);
  }

  static String percent(double share) {
    return "%.0f".formatted(share * 100);
  }

  static String dollars(double amount) {
    return amount < 1000 ? "%.2f".formatted(amount) : "%,.0f".formatted(amount);
  }
}
