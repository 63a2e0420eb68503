package dev.utsushi.cli.terminal;

import java.util.regex.Pattern;

/** The columns that a text takes in a terminal: Japanese characters take two. */
final class DisplayWidth {
  /** The wide and full-width blocks of Unicode's East Asian Width, as far as Japanese needs. */
  private static final Pattern WIDE =
      Pattern.compile(
          "[\\u1100-\\u115F\\u2E80-\\uA4CF\\uAC00-\\uD7A3\\uF900-\\uFAFF\\uFE30-\\uFE4F"
              + "\\uFF00-\\uFF60\\uFFE0-\\uFFE6\\x{1F300}-\\x{3FFFD}]");

  private DisplayWidth() {}

  static int of(String text) {
    return text.codePointCount(0, text.length()) + (int) WIDE.matcher(text).results().count();
  }

  /** Cuts a text that is wider than this many columns, and ends it with an ellipsis. */
  static String cut(String text, int columns) {
    if (of(text) <= columns) {
      return text;
    }
    int end = text.length();
    while (end > 0 && of(text.substring(0, end)) >= columns) {
      end = text.offsetByCodePoints(end, -1);
    }
    return text.substring(0, end) + '…';
  }
}
