package dev.utsushi.local.template;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Replaces the placeholders in functions' environments by the names that running servers gave. This
 * is the one place where {@code https://} and a domain's host become the embedded engine's plain
 * {@code http} address on loopback.
 */
final class Placeholders {
  private final Map<String, String> replacements = new LinkedHashMap<>();

  void replace(String placeholder, String replacement) {
    replacements.put(placeholder, replacement);
  }

  /** Replaces a stream's ARN, and the table's. */
  void replaceStream(String placeholder, String replacement) {
    // The stream's first: its ARN contains the table's.
    replace(placeholder, replacement);
    replace(tableOf(placeholder), tableOf(replacement));
  }

  private static String tableOf(String streamArn) {
    return streamArn.replaceFirst("/stream/.*$", "");
  }

  /** Returns the value as the function gets it. */
  String fillIn(String value) {
    String filled = value;
    for (var replacement : replacements.entrySet()) {
      filled = filled.replace(replacement.getKey(), replacement.getValue());
    }
    return filled;
  }
}
