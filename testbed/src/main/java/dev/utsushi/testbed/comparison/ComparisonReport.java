package dev.utsushi.testbed.comparison;

import java.util.List;

/**
 * What a comparison found.
 *
 * @param items in the table
 * @param documents that readers find
 * @param tombstones that they do not find
 * @param overflowedAttributes attributes that are kept without being searchable
 */
public record ComparisonReport(
    long items,
    long documents,
    long tombstones,
    long overflowedAttributes,
    List<Difference> differences) {

  public ComparisonReport {
    differences = List.copyOf(differences);
  }

  public boolean equal() {
    return differences.isEmpty();
  }

  /** The verdict in one line. */
  public String line() {
    String counts =
        "%,d items, %,d documents, %,d tombstones".formatted(items, documents, tombstones);
    return equal()
        ? "table and index are equal: " + counts
        : "table and index differ in %,d places: %s".formatted(differences.size(), counts);
  }
}
