package dev.utsushi.cli;

import java.time.Duration;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/** Bounds, as they are typed. Each throws {@link ParameterException} for what is none. */
final class DlqBounds {
  private static final int MOST_MESSAGES = 100_000;
  private static final Pattern AGE = Pattern.compile("(\\d{1,6})([smhd])");
  private static final Pattern RATE = Pattern.compile("(\\d{1,6}(?:\\.\\d{1,3})?)(?:/s)?");

  private DlqBounds() {}

  /** How many messages are looked at. */
  static void look(CommandSpec spec, int max) {
    if (max < 1 || max > MOST_MESSAGES) {
      throw new ParameterException(
          spec.commandLine(), "--max takes 1 to %d, not %d".formatted(MOST_MESSAGES, max));
    }
  }

  /** How many messages are replayed; 0 where no bound is given. */
  static int most(CommandSpec spec, @Nullable Integer max) {
    if (max == null) {
      return 0;
    }
    look(spec, max);
    return max;
  }

  static Duration age(CommandSpec spec, @Nullable String text) {
    if (text == null) {
      return Duration.ZERO;
    }
    Matcher age = AGE.matcher(text);
    if (!age.matches()) {
      throw new ParameterException(
          spec.commandLine(), "--older-than takes a time like 90s, 10m, 1h or 2d, not " + text);
    }
    // ISO 8601 has days before the T, the rest behind it.
    String span = age.group().toUpperCase(Locale.ROOT);
    return Duration.parse(span.endsWith("D") ? "P" + span : "PT" + span);
  }

  /** Records a second; 0 where no bound is given. */
  static double rate(CommandSpec spec, @Nullable String text) {
    if (text == null) {
      return 0;
    }
    Matcher rate = RATE.matcher(text);
    if (!rate.matches() || Double.parseDouble(rate.group(1)) == 0) {
      throw new ParameterException(
          spec.commandLine(), "--rate takes records a second like 50/s, not " + text);
    }
    return Double.parseDouble(rate.group(1));
  }
}
