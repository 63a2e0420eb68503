package dev.utsushi.loadtest.simulation;

import java.time.Duration;

/** Ranges of settings, with messages that an operator can use. */
final class Checks {
  private Checks() {}

  static void inRange(String name, long value, long least, long most) {
    if (value < least || value > most) {
      throw new IllegalArgumentException(
          "%s takes %d to %d, not %d".formatted(name, least, most, value));
    }
  }

  static void notNegative(String name, Duration value) {
    if (value.isNegative()) {
      throw new IllegalArgumentException(name + " can't be negative");
    }
  }

  static void positive(String name, Duration value) {
    if (value.isNegative() || value.isZero()) {
      throw new IllegalArgumentException(name + " must be above 0");
    }
  }
}
