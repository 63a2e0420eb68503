package dev.utsushi.cli.dlq;

import java.time.Duration;

/** Spans of time as people say them, in one unit. */
final class Spans {
  private Spans() {}

  /** Minutes from two minutes on, hours from two hours on, days from two days on. */
  static String text(Duration span) {
    if (span.toDays() >= 2) {
      return span.toDays() + " d";
    }
    if (span.toHours() >= 2) {
      return span.toHours() + " h";
    }
    return span.toMinutes() >= 2 ? span.toMinutes() + " min" : span.toSeconds() + " s";
  }
}
