package dev.utsushi.core.projection;

import dev.utsushi.core.index.IndexNames;
import dev.utsushi.core.index.Mapping;

/**
 * An index that a table is copied to.
 *
 * @param mapping what to create the index with
 * @param projection which items it shows, and what of them
 */
public record Target(IndexNames index, Mapping mapping, Projection projection) {

  /**
   * Returns the same for an index of this table.
   *
   * @param table its ARN; empty if it is not known
   */
  public Target of(String table) {
    return new Target(index, mapping.of(table), projection);
  }
}
